"""Tools that break one call of each order, and judge the orders after the system's own retries."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from tests.e2e.faults.support.crash_points import CrashPoint, broken_at
from tests.e2e.faults.support.evidence import broken_at_rest, left_on_queues
from tests.e2e.faults.support.fault_proxy import FaultProxy
from tests.e2e.faults.support.invariants import Key
from tests.e2e.faults.support.one_order import OneOrder
from tests.e2e.faults.support.sweeper import Sweeper
from tests.e2e.support.administrator_access import AdministratorAccess
from tests.e2e.support.mailbox import Mailbox

# Enough for a machine that is busy with other work.
PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class BrokenOrders:
    """Breaks the calls of orders, and judges how the orders ended."""

    account: AdministratorAccess
    proxy: FaultProxy
    mailbox: Mailbox
    sweeper: Sweeper

    @contextmanager
    def breaking(self, orders: Mapping[CrashPoint, OneOrder]) -> Iterator[list[str]]:
        """Break one call of each order, at the order's crash point.

        After the block, the list names the points that no call reached.
        """
        untouched: list[str] = []
        with ExitStack() as breaks:
            rules = {
                point: breaks.enter_context(broken_at(self.proxy, point, order)) for point, order in orders.items()
            }
            yield untouched
        untouched += [str(point) for point, rule in rules.items() if not rule.broken]

    def judge(self, orders: Mapping[Any, OneOrder]) -> dict[str, list[str]]:
        """Return the broken promises by the order's name, also for the customers' other orders."""
        names = {Key(order.user_id, order.id): str(name) for name, order in orders.items()}
        wrong = broken_at_rest(
            names.keys(), self.account, self.mailbox, calls=self.proxy.happened, within_seconds=PATIENCE_SECONDS
        )
        return {names.get(key, f"another order, {key.id}"): found for key, found in wrong.items()}

    def leaves_nothing(self) -> bool:
        """Return True if no message is left on the queues."""
        return left_on_queues(self.account) == {}


def make_due(order: OneOrder, *, hints: int | None = None) -> None:
    """Make the order due for the next sweep, unless it just became final."""
    with suppress(order.moved):
        order.make_due(hints=hints)
