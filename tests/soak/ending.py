"""Waits until every order is final and everybody was told."""

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass

from tests.e2e.faults.support.ended import ended
from tests.e2e.faults.support.history import Event
from tests.e2e.faults.support.inbox import Inbox
from tests.e2e.faults.support.invariants import FINAL
from tests.e2e.faults.support.open_orders import OpenOrders
from tests.e2e.support.account import Account

# Sweep comes every minute, and a lease takes five: after the last order was placed, both come this often.
HASTEN_SECONDS = 20
LOOK_SECONDS = 2


@dataclass(frozen=True)
class Ending:
    """What is left to happen once no more orders are placed."""

    account: Account
    inbox: Inbox
    users: Collection[str]
    deadline: float

    def wait(self, tell: Callable[[str], None]) -> int:
        """Until all orders are final or the time is over; returns how often waits were cut short."""
        open_orders, hastened, last = OpenOrders(self.account), 0, time.monotonic()
        while (left := len(open_orders.rows())) and time.monotonic() < self.deadline:
            if time.monotonic() - last > HASTEN_SECONDS:
                open_orders.hasten()
                hastened, last = hastened + 1, time.monotonic()
                tell(f"{left} orders are open; leases and pauses cut short {hastened} times")
            time.sleep(LOOK_SECONDS)
        return hastened

    def rows(self) -> list[Event]:
        """All rows as they are now."""
        return [row for user in self.users for row in ended(self.account, user)]

    def wait_for_announcements(self, rows: Collection[Event]) -> None:
        """Until each final row is in the inbox, or the time is over."""
        final = [row for row in rows if row.status in FINAL]
        while time.monotonic() < self.deadline:
            if all(self.inbox.has(row.user, row.id, row.version) for row in final):
                return
            time.sleep(LOOK_SECONDS)
