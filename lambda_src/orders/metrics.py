"""Counts and values of what happened, which alarms watch and the dashboard shows.

Each carries the environment: environments that share an account would set off each other's alarms. Each name and each
value of a dimension is a metric of its own, which AWS charges for: there are few of both.
"""

from dataclasses import dataclass

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

from orders.config import environment_name

logger = Logger(child=True)


@dataclass(frozen=True)
class Value:
    """A metric's name, and one value of it."""

    name: str
    amount: int
    unit: MetricUnit = MetricUnit.Count


def count_events(name: str, events: int = 1) -> None:
    """Count events of that name at once, because the invocation may be cut off."""
    write_values(Value(name, events))


def write_values(*values: Value, **dimensions: str) -> None:
    """Write values at once, with these dimensions and those that each value has.

    A failure to write is logged only: it must not fail the payment, the order or the announcement
    that the value is about.
    """
    try:
        # Each value on its own, so that a failure leaves nothing over for the next one.
        metrics = EphemeralMetrics()
        for name, value in {"environment": environment_name(), **dimensions}.items():
            metrics.add_dimension(name=name, value=value)
        for one in values:
            metrics.add_metric(name=one.name, unit=one.unit, value=one.amount)
        metrics.flush_metrics()
    except Exception:
        logger.exception("not counted", metrics=[one.name for one in values])
