"""The monitoring table of one environment."""

from environments.settings import Settings
from stacks.orders.monitoring.costs import costs
from stacks.orders.monitoring.failures import failures
from stacks.orders.monitoring.flow import flow
from stacks.orders.monitoring.rows import AlarmRow, Section, Watched
from stacks.orders.monitoring.waiting import waiting


def sections(settings: Settings, watched: Watched) -> list[Section]:
    """Return the sections of the dashboard, from top to bottom."""
    return [
        Section("Do orders flow?", flow(settings, watched)),
        Section("Where do they wait?", waiting(settings, watched)),
        Section("What fails?", failures(settings, watched)),
        Section("What does it cost?", costs(settings, watched)),
    ]


def alarm_rows(settings: Settings, watched: Watched) -> list[AlarmRow]:
    """Return the alarms: those of what customers notice first, then those that show the cause."""
    rows = [alarm for section in sections(settings, watched) for chart in section.charts for alarm in chart.alarms]
    return sorted(rows, key=lambda row: not row.outside_in)
