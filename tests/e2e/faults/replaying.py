"""Orders with a broken call each, the system's own replays, and the judgement."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass

from tests.e2e.account import Account
from tests.e2e.faults.crash_points import CrashPoint, broken_at
from tests.e2e.faults.evidence import broken_at_rest, left_on_queues, open_orders
from tests.e2e.faults.invariants import Key
from tests.e2e.faults.one_order import OneOrder
from tests.e2e.faults.proxy import FaultProxy
from tests.e2e.faults.sweeping import Sweeper
from tests.e2e.mailbox import Mailbox
from tests.e2e.waiting import eventually

SWEEPS = 3
PATIENCE_SECONDS = 15


@dataclass(frozen=True)
class Replaying:
    """Breaks orders, brings them to their end, and judges them."""

    account: Account
    proxy: FaultProxy
    mailbox: Mailbox
    sweeper: Sweeper

    @contextmanager
    def broken(self, orders: Mapping[CrashPoint, OneOrder]) -> Iterator[list[str]]:
        """Break the call of each order at its point; afterwards the list names the points that nothing came to."""
        untouched: list[str] = []
        with ExitStack() as breaks:
            rules = {
                point: breaks.enter_context(broken_at(self.proxy, point, order)) for point, order in orders.items()
            }
            yield untouched
        untouched += [str(point) for point, rule in rules.items() if not rule.broken]

    def finish(self, orders: Collection[OneOrder]) -> None:
        """Wait until the orders are final; what stays open is swept."""
        keys = {Key(order.user_id, order.id): order for order in orders}
        for _ in range(SWEEPS):
            left = eventually(
                lambda: open_orders(keys.keys(), self.account), lambda found: not found, within_seconds=PATIENCE_SECONDS
            )
            if not left:
                return
            for key in left:
                make_due(keys[key])
            self.sweeper.sweep()

    def judge(self, orders: Mapping[str, OneOrder]) -> dict[str, list[str]]:
        """What is wrong with the orders in the end, and with others of their customers, by their names."""
        names = {Key(order.user_id, order.id): name for name, order in orders.items()}
        wrong = broken_at_rest(names.keys(), self.account, self.mailbox, calls=self.proxy.happened)
        return {names.get(key, f"another order, {key.id}"): found for key, found in wrong.items()}

    def leaves_nothing(self) -> bool:
        """Whether no message is left on the queues."""
        return left_on_queues(self.account) == {}


def make_due(order: OneOrder, *, hints: int | None = None) -> None:
    """Let the next sweep take the order, unless it just became final."""
    with suppress(order.moved):
        order.make_due(hints=hints)
