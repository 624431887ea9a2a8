"""What an environment's resources are called: `<project>-<environment>-<noun>`, which a synth test holds."""

from dataclasses import dataclass

PROJECT = "orders"
OPEN_ORDERS = "open-orders"
FUNCTIONS = ("start_workflow", "charge_payment", "announce", "sweep")
ALARMS = (
    "dead-letters",
    "orders-given-up",
    "workflow-failures",
    "workflow-timeouts",
    "failed-announcements",
    "late-announcements",
    "sweep-errors",
)


@dataclass(frozen=True, kw_only=True)
class Places:
    """Where one environment's resources are."""

    environment: str
    account_id: str
    region: str

    def name(self, noun: str) -> str:
        """A resource's name."""
        return f"{PROJECT}-{self.environment}-{noun}"

    def arn(self, service: str, resource: str) -> str:
        """A resource's ARN."""
        return f"arn:aws:{service}:{self.region}:{self.account_id}:{resource}"

    @property
    def orders_table(self) -> str:
        """The table of orders."""
        return self.name("orders")

    @property
    def payments_table(self) -> str:
        """The table of payments."""
        return self.name("payments")

    @property
    def queue(self) -> str:
        """The queue of hints."""
        return self.name("placed")

    @property
    def dead_letter_queue(self) -> str:
        """Where a hint lands that failed four times."""
        return f"{self.queue}-dead-letters"

    @property
    def undelivered(self) -> str:
        """The bucket of the announcements that could not be made."""
        return f"{self.name('undelivered')}-{self.account_id}"

    @property
    def workflow_log(self) -> str:
        """The log group of the order workflow."""
        return f"/aws/vendedlogs/states/{self.name('order')}"

    @property
    def alarms(self) -> list[str]:
        """The names of the alarms."""
        return [self.name(noun) for noun in ALARMS]

    def function(self, use_case: str) -> str:
        """The Lambda function of a use case."""
        return self.name(use_case.replace("_", "-"))

    def function_log(self, use_case: str) -> str:
        """The log group of a use case's function."""
        return f"/aws/lambda/{self.function(use_case)}"
