"""The dashboard of the orders system, made from the same table as the alarms."""

from collections.abc import Iterator

from constructs import Construct

from environments.settings import Settings
from stacks.components.dashboard import Dashboard, Graph, Threshold
from stacks.orders.monitoring.rows import Chart, Watched
from stacks.orders.monitoring.table import sections


def add_dashboard(scope: Construct, settings: Settings, *, watched: Watched) -> None:
    """Add the dashboard of one environment; docs/operations.md has its picture."""
    names = settings.names
    Dashboard(
        scope,
        "dashboard",
        name=names.dashboard,
        region=settings.region,
        alarm_arns=[names.arn("cloudwatch", f"alarm:{alarm}") for alarm in names.alarms],
        sections={
            section.question: [_graph(chart) for chart in section.charts] for section in sections(settings, watched)
        },
    )


def _graph(chart: Chart) -> Graph:
    return Graph(title=chart.title, lines=chart.drawn, thresholds=list(_thresholds(chart)), unit=chart.unit)


def _thresholds(chart: Chart) -> Iterator[Threshold]:
    """Yield one threshold for all alarms with the same condition.

    If conditions differ, each label names its alarms' lines.
    """
    alike: dict[str, list[str]] = {}
    for row in chart.alarms:
        alike.setdefault(row.goes_off, []).append(row.line)
    values = {row.goes_off: row for row in chart.alarms}
    for goes_off, lines in alike.items():
        whose = f"{', '.join(lines)}: " if len(alike) > 1 else ""
        yield Threshold(f"{whose}{goes_off}", values[goes_off].threshold, values[goes_off].below)
