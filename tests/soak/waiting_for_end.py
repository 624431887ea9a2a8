"""Waits at the end of a soak: until every order is final, and until every mail has arrived."""

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass

from tests.e2e.faults.support.final_rows import final_rows
from tests.e2e.faults.support.history import Event
from tests.e2e.faults.support.inbox import Inbox
from tests.e2e.faults.support.invariants import FINAL
from tests.e2e.faults.support.open_orders import OpenOrders
from tests.e2e.support.administrator_access import AdministratorAccess

# The sweep runs every minute and a lease lasts five. Once no more orders come, a soak doesn't wait
# for them: it makes orders due this often.
HASTEN_SECONDS = 20
LOOK_SECONDS = 2


@dataclass(frozen=True)
class WaitingForEnd:
    """The orders that are still open when no more are placed."""

    account: AdministratorAccess
    inbox: Inbox
    users: Collection[str]
    deadline: float

    def wait(self, show: Callable[[str], None]) -> int:
        """Wait until all orders are final or the time is over.

        Return how often the waits were cut short.
        """
        open_orders, skipped, last = OpenOrders(self.account), 0, time.monotonic()
        while (left := len(open_orders.rows())) and time.monotonic() < self.deadline:
            if time.monotonic() - last > HASTEN_SECONDS:
                open_orders.skip_waits()
                skipped, last = skipped + 1, time.monotonic()
                show(f"{left} orders are open; leases and pauses cut short {skipped} times")
            time.sleep(LOOK_SECONDS)
        return skipped

    def rows(self) -> list[Event]:
        """Read all rows as they are now."""
        return [row for user in self.users for row in final_rows(self.account, user)]

    def wait_for_announcements(self, rows: Collection[Event]) -> None:
        """Wait until each final row is in the inbox or the time is over."""
        final = [row for row in rows if row.status in FINAL]
        while time.monotonic() < self.deadline:
            if all(self.inbox.has(row.user, row.id, row.version) for row in final):
                return
            time.sleep(LOOK_SECONDS)
