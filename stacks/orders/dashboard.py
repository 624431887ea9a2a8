"""The dashboard of the orders system, made from the same table as the alarms."""

from collections.abc import Iterator

from constructs import Construct

from environments.settings import Settings
from stacks.components.dashboard import Dashboard, DashboardGraph, Threshold
from stacks.orders.monitoring.charts_and_alarms import Chart, MonitoredResources
from stacks.orders.monitoring.monitoring_table import sections


def add_dashboard(scope: Construct, settings: Settings, *, monitored: MonitoredResources) -> None:
    """Add the dashboard of one environment; docs/operations.md has its picture."""
    names = settings.names
    Dashboard(
        scope,
        "dashboard",
        name=names.dashboard,
        region=settings.region,
        alarm_arns=[names.arn("cloudwatch", f"alarm:{alarm}") for alarm in names.alarms],
        sections={
            section.question: [_graph(chart) for chart in section.charts] for section in sections(settings, monitored)
        },
    )


def _graph(chart: Chart) -> DashboardGraph:
    return DashboardGraph(
        title=chart.title, lines=chart.graph_lines, thresholds=list(_thresholds(chart)), unit=chart.unit
    )


def _thresholds(chart: Chart) -> Iterator[Threshold]:
    """Yield one threshold for all alarms with the same condition.

    If conditions differ, each label names its alarms' lines.
    """
    alike: dict[str, list[str]] = {}
    for row in chart.alarms:
        alike.setdefault(row.condition, []).append(row.line)
    values = {row.condition: row for row in chart.alarms}
    for condition, lines in alike.items():
        whose = f"{', '.join(lines)}: " if len(alike) > 1 else ""
        yield Threshold(f"{whose}{condition}", values[condition].threshold, values[condition].below)
