"""Counts of what happened, which the alarms watch.

Each carries the environment: environments that share an account would set off each other's alarms.
"""

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from orders.config import environment_name

logger = Logger(child=True)
metrics = Metrics()


def count(name: str, events: int = 1) -> None:
    """Count events of that name at once, because the invocation may be cut off.

    A count that fails is logged: it must not fail the payment or the order that it counts.
    """
    try:
        metrics.add_dimension(name="environment", value=environment_name())
        metrics.add_metric(name=name, unit=MetricUnit.Count, value=events)
        metrics.flush_metrics()
    except Exception:
        logger.exception("not counted", metric=name)
