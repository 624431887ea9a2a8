"""The table of alarms in docs/operations.md, as it has to be."""

from collections.abc import Iterator

from environments.settings import settings_of
from stacks.orders.alarm_table import Row, Watched, rows

ENVIRONMENT = "prod"
WATCHED = Watched(
    api_id="",
    workflow_arn="",
    queue="",
    dead_letter_queue="",
    tables=["x"],
    indexes=[],
    stream_mapping="",
    schedule_group="",
)


def lines() -> list[str]:
    """Return the lines of the table."""
    return ["| alarm | watches | goes off | why |", "|---|---|---|---|", *_rows()]


def _rows() -> Iterator[str]:
    for row in rows(settings_of(ENVIRONMENT), WATCHED):
        noun = f"**`{row.noun}`**" if row.outside_in else f"`{row.noun}`"
        yield f"| {noun} | {_watches(row)} | {row.goes_off} | {row.reason} |"


def _watches(row: Row) -> str:
    names = dict.fromkeys(f"`{metric.namespace}` `{metric.name}`" for metric in row.metrics)
    return ", ".join(names)
