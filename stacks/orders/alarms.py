"""Alarms of the orders system, made from the monitoring table."""

from constructs import Construct

from environments.names import ORDERS_ARE_NOT_FLOWING
from environments.runbooks import runbook
from environments.settings import Settings
from stacks.components.alarm import Alarm, CompositeAlarm
from stacks.components.topic import AlarmTopic
from stacks.orders.monitoring.charts_and_alarms import MonitoredResources
from stacks.orders.monitoring.monitoring_table import alarm_rows


def add_alarms(scope: Construct, settings: Settings, *, monitored: MonitoredResources, topic: AlarmTopic) -> None:
    """Add the alarms of one environment; docs/operations.md has what to do about each."""
    table = alarm_rows(settings, monitored)
    alarms = {
        row.noun: Alarm(
            scope,
            f"{row.noun}-alarm",
            name=settings.name(row.noun),
            description=f"{row.description} Runbook: {runbook(row.noun, settings)}",
            topic_arn=topic.arn,
            metrics=row.metrics,
            expression=row.expression,
            threshold=row.threshold,
            period_seconds=row.period_seconds,
            periods=row.periods,
            below=row.below,
        )
        for row in table
    }
    CompositeAlarm(
        scope,
        f"{ORDERS_ARE_NOT_FLOWING}-alarm",
        name=settings.name(ORDERS_ARE_NOT_FLOWING),
        description="Customers can't order, or their orders don't end."
        f" Runbook: {runbook(ORDERS_ARE_NOT_FLOWING, settings)}",
        topic_arn=topic.arn,
        alarms=[alarms[row.noun] for row in table if row.outside_in],
    )
