"""The monitoring table of one environment."""

from environments.settings import Settings
from stacks.orders.monitoring.charts_and_alarms import AlarmRow, MonitoredResources, Section
from stacks.orders.monitoring.cost_charts import cost_charts
from stacks.orders.monitoring.failure_charts import failure_charts
from stacks.orders.monitoring.order_charts import order_charts
from stacks.orders.monitoring.waiting_charts import waiting_charts


def sections(settings: Settings, monitored: MonitoredResources) -> list[Section]:
    """Return the sections of the dashboard, from top to bottom."""
    return [
        Section("Do orders flow?", order_charts(settings, monitored)),
        Section("Where do they wait?", waiting_charts(settings, monitored)),
        Section("What fails?", failure_charts(settings, monitored)),
        Section("What does it cost?", cost_charts(settings, monitored)),
    ]


def alarm_rows(settings: Settings, monitored: MonitoredResources) -> list[AlarmRow]:
    """Return the alarms: those of what customers notice first, then those that show the cause."""
    rows = [alarm for section in sections(settings, monitored) for chart in section.charts for alarm in chart.alarms]
    return sorted(rows, key=lambda row: not row.outside_in)
