"""The names of everything in an environment: `<project>-<environment>-<noun>`. A synth test compares them."""

from dataclasses import dataclass

PROJECT = "orders"
# Where IAM keeps what delivers the system, apart from what the system consists of.
DELIVERY_PATH = "/delivery/"
# What is deployed together: the system's stack, then the page's, which reads its outputs.
SYSTEM, PAGE = PROJECT, "web"
LOCAL = "local"
METRICS_NAMESPACE = "Orders"
# AppSync makes up an API's id, by which it names its log group.
API_LOG_GROUPS = "/aws/appsync/apis/*"
# The metadata of the page's objects that tells their content.
CONTENT_HASH = "sha256"
# The index of open orders, on the orders table.
OPEN_ORDERS = "open-orders"
# Each function is named after its use case.
FUNCTIONS = ("start_workflow", "charge_payment", "announce", "sweep")


def noun(use_case: str) -> str:
    """Return a use case as names have it: `charge_payment` is `charge-payment`."""
    return use_case.replace("_", "-")


def throttles_alarm(use_case: str) -> str:
    """Return the alarm that watches whether Lambda refuses to run a use case's function."""
    return f"{noun(use_case)}-throttles"


def errors_alarm(use_case: str) -> str:
    """Return the alarm that watches whether a use case's function ends with errors."""
    return f"{noun(use_case)}-errors"


def durations_alarm(use_case: str) -> str:
    """Return the alarm that watches whether a use case's function nearly runs out of time."""
    return f"{noun(use_case)}-durations"


# Goes off with any of the alarms whose trouble customers notice.
ORDERS_ARE_NOT_FLOWING = "orders-are-not-flowing"

# Each alarm, and the page of docs/runbooks that says what to do about it.
RUNBOOKS = {
    ORDERS_ARE_NOT_FLOWING: "orders-are-not-flowing",
    "api-errors": "api-trouble",
    "api-latency": "api-trouble",
    "late-orders": "late-orders",
    "old-hints": "old-hints",
    "failed-payments": "failed-payments",
    "sweep-silent": "sweep-silent",
    "dead-letters": "dead-letters",
    "orders-taken-up": "orders-taken-up",
    "orders-given-up": "orders-given-up",
    "workflow-failures": "workflow-failures",
    "workflow-timeouts": "workflow-timeouts",
    "failed-announcements": "failed-announcements",
    "late-announcements": "late-announcements",
    "undelivered-announcements": "failed-announcements",
    **{throttles_alarm(use_case): "throttled-functions" for use_case in FUNCTIONS},
    **{errors_alarm(use_case): "function-errors" for use_case in FUNCTIONS},
    errors_alarm("sweep"): "sweep-errors",
    **{durations_alarm(use_case): "slow-functions" for use_case in FUNCTIONS},
    "table-throttles": "throttled-tables",
    "schedule-drops": "sweep-silent",
}
ALARMS = tuple(RUNBOOKS)


def arn(service: str, resource: str, *, account_id: str, region: str) -> str:
    """Return the ARN of a resource that is in an account and a region."""
    return f"arn:aws:{service}:{region}:{account_id}:{resource}"


def bucket_arn(bucket: str) -> str:
    """Return the ARN of a bucket, which names neither account nor region."""
    return f"arn:aws:s3:::{bucket}"


def dashboard_arn(name: str, account_id: str) -> str:
    """Return the ARN of a dashboard, which names no region."""
    return f"arn:aws:cloudwatch::{account_id}:dashboard/{name}"


def stack_name(noun: str, environment: str) -> str:
    """Return the name of an environment's stack: `orders-dev`."""
    return f"{noun}-{environment}"


def dead_letter_queue(queue: str) -> str:
    """Return the name of the queue for what a queue's consumer couldn't process."""
    return f"{queue}-dead-letters"


def function_log_group(function: str) -> str:
    """Return the log group into which Lambda writes for a function."""
    return f"/aws/lambda/{function}"


def workflow_log_group(machine: str) -> str:
    """Return the log group of a state machine; its prefix keeps the resource policy of log delivery short."""
    return f"/aws/vendedlogs/states/{machine}"


@dataclass(frozen=True, kw_only=True)
class Names:
    """The names and ARNs of one environment's resources and stacks."""

    environment: str
    account_id: str
    region: str

    def name(self, noun: str) -> str:
        """Return a resource's name."""
        return f"{PROJECT}-{self.environment}-{noun}"

    def arn(self, service: str, resource: str) -> str:
        """Return a resource's ARN."""
        return arn(service, resource, account_id=self.account_id, region=self.region)

    @property
    def tags(self) -> dict[str, str]:
        """The tags of every resource that takes tags."""
        return {"Project": PROJECT, "Environment": self.environment}

    @property
    def orders_stack(self) -> str:
        """The stack of the system."""
        return stack_name(SYSTEM, self.environment)

    @property
    def web_stack(self) -> str:
        """The stack of the page."""
        return stack_name(PAGE, self.environment)

    @property
    def state_stack(self) -> str:
        """The stack of the state bucket."""
        return stack_name("state", self.environment)

    @property
    def delivery_stack(self) -> str:
        """The stack of the roles that deliver; the environments of an account share it."""
        return stack_name("delivery", self.account_id)

    @property
    def state_key_alias(self) -> str:
        """The alias of the KMS key that encrypts the states."""
        return f"alias/{self.name('state')}"

    @property
    def schedule_group(self) -> str:
        """The group of the schedules, by which Scheduler counts what it drops."""
        return self.name("schedules")

    @property
    def ops_topic(self) -> str:
        """The topic of what concerns the person on call."""
        return self.name("ops")

    @property
    def ops_key_alias(self) -> str:
        """The alias of the KMS key that encrypts what is on that topic."""
        return f"alias/{self.ops_topic}"

    @property
    def data_key_alias(self) -> str:
        """The alias of the KMS key that encrypts what the system stores."""
        return f"alias/{self.name('data')}"

    @property
    def page_key_alias(self) -> str:
        """The alias of the KMS key that encrypts the page's files."""
        return f"alias/{self.name('web')}"

    @property
    def trust_alarm(self) -> str:
        """The name of all that watches trust in the environment's roles; no deployment may touch what has this name."""
        return f"delivery-{self.name('trust')}"

    @property
    def orders_table(self) -> str:
        """The table of orders."""
        return self.name("orders")

    @property
    def payments_table(self) -> str:
        """The table of payments."""
        return self.name("payments")

    @property
    def delayed_table(self) -> str:
        """The table of changes whose announcements are tried again each minute."""
        return self.name("delayed")

    @property
    def queue(self) -> str:
        """The queue of hints."""
        return self.name("placed")

    @property
    def dead_letter_queue(self) -> str:
        """The queue of hints that failed four times."""
        return dead_letter_queue(self.queue)

    @property
    def undelivered(self) -> str:
        """The bucket of the announcements that could not be made."""
        return self.bucket("undelivered")

    @property
    def access_logs(self) -> str:
        """The bucket of the logs of requests, which `make bootstrap` makes."""
        return self.bucket("access-logs")

    @property
    def announcements(self) -> str:
        """The topic of orders that reached their end."""
        return self.name("announcements")

    @property
    def workflow_log(self) -> str:
        """The log group of the order workflow."""
        return workflow_log_group(self.name("order"))

    @property
    def alarms(self) -> list[str]:
        """The names of the alarms."""
        return [self.name(alarm) for alarm in ALARMS]

    @property
    def dashboard(self) -> str:
        """The name of the dashboard."""
        return self.name("dashboard")

    def bucket(self, noun: str) -> str:
        """Return the name of a bucket, which is unique in the world."""
        return f"{self.name(noun)}-{self.account_id}"

    def function(self, use_case: str) -> str:
        """Return the name of the Lambda function of a use case."""
        return self.name(noun(use_case))

    def function_log(self, use_case: str) -> str:
        """Return the log group of a use case's function."""
        return function_log_group(self.function(use_case))

    def delivery_role(self, purpose: str) -> str:
        """Return the ARN of the role with which GitHub plans or deploys the environment."""
        return f"arn:aws:iam::{self.account_id}:role{DELIVERY_PATH}{self.name(purpose)}"
