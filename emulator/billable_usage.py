"""Counts the usage that AWS would bill since the start, by service, kind and resource."""

import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple


class UsageKey(NamedTuple):
    """Something that a service bills, such as `lambda`, `requests`, the name of a function."""

    service: str
    what: str
    resource: str


@dataclass
class Bill:
    """The usage so far; everything that serves requests adds to this module's one."""

    used: Counter[UsageKey] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, service: str, what: str, resource: str, quantity: float = 1) -> None:
        """Add a quantity to the usage."""
        with self.lock:
            self.used[UsageKey(service, what, resource)] += quantity  # type: ignore[assignment]  # a Counter counts floats

    def lines(self) -> list[dict[str, str | float]]:
        """Return the whole usage, in a fixed order."""
        with self.lock:
            return [{**usage._asdict(), "quantity": quantity} for usage, quantity in sorted(self.used.items())]


bill = Bill()
