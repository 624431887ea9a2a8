"""The usage measured on a run, and its cost in each scenario."""

from dataclasses import dataclass, replace

from local.costs.deployed_environment import DeployedEnvironment
from local.costs.order_costs import ORDERS_A_SECOND, BillingConditions, traced_share, usd_per_million
from local.costs.prices import Prices
from local.costs.reported_usage import UsageCounts

# How long a customer's page stays open for an order: an assumption.
CONNECTED_MINUTES = 5


@dataclass(frozen=True, kw_only=True)
class MeasuredUsage:
    """The usage of one order: without live updates, unwatched and asked for; with them, unwatched and watched.

    `minute` is what the runs of each minute use, `metrics` how many metrics the functions wrote.
    """

    not_live: UsageCounts
    asked_for: UsageCounts
    unwatched: UsageCounts
    watched: UsageCounts
    minute: UsageCounts
    metrics: int

    def scenarios(self, conditions: BillingConditions) -> list[tuple[UsageCounts, BillingConditions]]:
        """Return the four with what is billed beside them."""
        connected = replace(conditions, connected_minutes=CONNECTED_MINUTES)
        return [
            (self.not_live, conditions),
            (self.asked_for, conditions),
            (self.unwatched, conditions),
            (self.watched, connected),
        ]


def billing_conditions(deployed: DeployedEnvironment) -> BillingConditions:
    """Return how an environment logs, traces and encrypts."""
    settings = deployed.settings
    return BillingConditions(
        function_log_level=settings.function_log_level,
        workflow_log_level=settings.workflow_log_level,
        workflow_log_data=settings.workflow_log_data,
        traced=traced_share(ORDERS_A_SECOND) if settings.tracing else 0,
        key_requests_a_second=sum(use.a_second for use in deployed.key_uses if not use.is_without_orders),
        has_encrypted_variables=deployed.has_encrypted_variables,
    )


def costs_of_a_million(measured: MeasuredUsage, conditions: BillingConditions, prices: Prices) -> list[float]:
    """Return what a million orders of each scenario cost."""
    return [usd_per_million(used, beside, prices) for used, beside in measured.scenarios(conditions)]
