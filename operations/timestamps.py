"""Moments in epoch milliseconds, and how they are written."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ULID_LENGTH = 26
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000


def now() -> int:
    """The present moment."""
    return time.time_ns() // 1_000_000


def time_text(at_milliseconds: int) -> str:
    """A moment in UTC, to the millisecond: `2026-01-01 00:00:00.000Z`; the number where no calendar has it."""
    seconds, milliseconds = divmod(at_milliseconds, 1000)
    try:
        return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S}.{milliseconds:03d}Z"
    except (OSError, OverflowError, ValueError):
        return f"{at_milliseconds} ms"


def parse_time(moment: str) -> int:
    """The moment in a text as rows have it: `2026-01-01T00:00:00.000Z`."""
    return round(datetime.fromisoformat(moment.replace("Z", "+00:00")).astimezone(UTC).timestamp() * 1000)


def attribute_time(row: Mapping[str, Any], name: str) -> int | None:
    """The moment in an attribute of a row; None when it isn't there, or isn't one."""
    try:
        return parse_time(row[name])
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError):
        return None


def attribute_text(row: Mapping[str, Any], name: str) -> str:
    """An attribute of a row in words: its moment, else what it holds."""
    at = attribute_time(row, name)
    return str(row.get(name, "-")) if at is None else time_text(at)


def duration_text(milliseconds: int) -> str:
    """A length of time in its largest unit: `3 s`, `12 min`, `5 h`, `2 d`."""
    for size, unit in ((DAY, "d"), (HOUR, "h"), (MINUTE, "min")):
        if milliseconds >= size:
            return f"{milliseconds // size} {unit}"
    return f"{max(milliseconds, 0) // 1000} s"


def ulid_time(id_: str) -> int | None:
    """Return when an order id was made, as far as the id says; None when it isn't a ULID."""
    return prefix_time(id_) if len(id_) == ULID_LENGTH else None


def prefix_time(typed: str) -> int | None:
    """Return the earliest time of an order id that begins like that; None when no ULID does.

    A client may make the id. A time in the future is taken for now.
    """
    if not 0 < len(typed) <= ULID_LENGTH or any(character not in CROCKFORD for character in typed) or typed[0] > "7":
        return None
    moment = 0
    for character in typed[:10].ljust(10, "0"):
        moment = moment * 32 + CROCKFORD.index(character)
    return min(moment, now())
