"""A log of events, one JSON line each, and the checks that no history may fail."""

import json
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.e2e.faults.support.invariants import FINAL

RANK = {"PENDING": 0, "PAYING": 1, **dict.fromkeys(FINAL, 2)}


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened to an order between two moments of one clock.

    `kind` is one of:

    - `called`, with its `answer`; `accepted`, `seen` or `deleted`: through the API;
    - `published` to subscribers; `announced` to people;
    - `charged`: a payment was written;
    - `ended`: the row at the end of the test.
    """

    kind: str
    user: str
    id: str
    asked: float = 0
    answered: float = 0
    status: str = ""
    version: int = 0
    quantity: int = 0
    unit_price: int = 0
    total: int = 0
    answer: str = ""


class History:
    """A log in a file that any number of threads may write to."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        path.touch()

    def write(self, event: Event) -> None:
        """Append an event."""
        line = json.dumps({name: value for name, value in asdict(event).items() if value not in ("", 0)})
        with self._lock, self.path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")

    def read(self) -> list[Event]:
        """Return all events in the order in which they were written."""
        with self.path.open(encoding="utf-8") as file:
            return [Event(**json.loads(line)) for line in file]


def now() -> float:
    """Return the time on the clock of `asked` and `answered`."""
    return time.monotonic()


@dataclass(frozen=True)
class Violation:
    """A broken promise, and the order that broke it."""

    kind: str
    user: str
    id: str
    what: str


def violations(events: Iterable[Event]) -> list[Violation]:
    """Find every promise that the history breaks."""
    orders: dict[tuple[str, str], list[Event]] = defaultdict(list)
    for event in events:
        orders[event.user, event.id].append(event)
    return [
        Violation(kind, user, id_, what)
        for (user, id_), of_order in orders.items()
        for kind, check in CHECKS.items()
        if (what := check(of_order)) is not None
    ]


Check = Callable[[list[Event]], str | None]


def _of(kind: str, events: list[Event]) -> list[Event]:
    return [event for event in events if event.kind == kind]


def _end(events: list[Event]) -> Event | None:
    return next(iter(_of("ended", events)), None)


def _lost(events: list[Event]) -> str | None:
    accepted = max((event.answered for event in _of("accepted", events)), default=None)
    deleted = max((event.answered for event in _of("deleted", events)), default=-1.0)
    if accepted is None or accepted < deleted or _end(events):
        return None
    return f"accepted at {accepted}, and there is no row"


def _unfinished(events: list[Event]) -> str | None:
    end = _end(events)
    return None if end is None or end.status in FINAL else f"stayed {end.status}"


def _charged_twice(events: list[Event]) -> str | None:
    written = [event.answer for event in _of("charged", events)]
    return None if len(written) < 2 else f"payments written: {', '.join(written)}"


def _backwards(events: list[Event]) -> str | None:
    seen = _of("seen", events) + _of("ended", events)
    for before in seen:
        for after in seen:
            if after.asked <= before.answered or _deleted_between(before, after, events):
                continue
            if after.version < before.version or RANK[after.status] < RANK[before.status]:
                return f"{before.status} {before.version}, later {after.status} {after.version}"
            if before.status in FINAL and (before.status, before.version) != (after.status, after.version):
                return f"{before.status} {before.version} was final, later {after.status} {after.version}"
    return None


def _deleted_between(before: Event, after: Event, events: list[Event]) -> bool:
    return any(event.answered > before.asked and event.asked < after.answered for event in _of("deleted", events))


def _wrong_money(events: list[Event]) -> str | None:
    for event in events:
        if event.kind in ("accepted", "seen", "ended") and event.total != event.quantity * event.unit_price:
            return f"{event.quantity} × {event.unit_price} is not {event.total}"
    charged = [event.total for event in _of("charged", events) if event.status == "approved"]
    end = _end(events)
    owed = [end.total] if end and end.status == "PAID" else []
    if (end is not None and end.status in FINAL and charged != owed) or (_is_deleted(events) and charged):
        return f"charged {charged}, owed {owed}"
    return None


def _is_deleted(events: list[Event]) -> bool:
    return bool(_of("deleted", events)) and _end(events) is None


def _unannounced(events: list[Event]) -> str | None:
    end = _end(events)
    if end is None or end.status not in FINAL:
        return None
    mails = {(event.status, event.version) for event in _of("announced", events)}
    if mails != {(end.status, end.version)} and not _of("deleted", events):
        return f"ended {end.status} {end.version}, announced {sorted(mails)}"
    shown = {event.status for event in _of("published", events)}
    missing = ({end.status} if end.status == "CANCELLED" else {"PAYING", end.status}) - shown
    return f"subscribers didn't see {sorted(missing)}" if missing else None


CHECKS: dict[str, Check] = {
    "lost": _lost,
    "unfinished": _unfinished,
    "charged twice": _charged_twice,
    "went backwards": _backwards,
    "wrong money": _wrong_money,
    "unannounced": _unannounced,
}
