"""The table of alarms in docs/operations.md, generated from the stacks."""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from environments.settings import settings_of
from stacks.orders.monitoring.charts_and_alarms import AlarmRow, MonitoredResources
from stacks.orders.monitoring.monitoring_table import alarm_rows

ENVIRONMENT = "prod"
LISTS: dict[str, Any] = {"tables": ["x"], "indexes": []}
MONITORED = MonitoredResources(**({field.name: "" for field in fields(MonitoredResources)} | LISTS))


HEADING = "| alarm | watches | goes off | why |"


def with_alarms(page: str) -> str:
    """Return the page with its table replaced by the generated one."""
    before, heading, rest = page.partition(f"{HEADING}\n")
    assert heading, f"the page has no table with the heading {HEADING}"
    _, end, after = rest.partition("\n\n")
    return "\n".join([f"{before}{HEADING}", "|---|---|---|---|", *_rows()]) + end + after


def _rows() -> Iterator[str]:
    for row in alarm_rows(settings_of(ENVIRONMENT), MONITORED):
        noun = f"**`{row.noun}`**" if row.outside_in else f"`{row.noun}`"
        yield f"| {noun} | {_watches(row)} | {row.condition} | {row.reason} |"


def _watches(row: AlarmRow) -> str:
    names = dict.fromkeys(f"`{metric.namespace}` `{metric.name}`" for metric in row.metrics)
    return ", ".join(names)
