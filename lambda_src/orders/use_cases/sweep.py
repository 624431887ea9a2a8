"""Moves on the orders that stayed open too long."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from orders.domain.moment import aws_date_time
from orders.domain.order import FINAL_STATUSES, HintsUsedUp, OrderKey, OrderMoved, OrderStatus
from orders.domain.payment import ChargeRequest
from orders.ports import Clock, DueOrder, Hints, Orders, PaymentGateway, Payments
from orders.use_cases.settle_payment import settle_payment

HINT_PAUSE_MILLISECONDS = 60_000


@dataclass(frozen=True)
class SweepPorts:
    """The ports and the clock that a sweep needs."""

    orders: Orders
    hints: Hints
    payments: Payments
    gateway: PaymentGateway
    clock: Clock


@dataclass(frozen=True)
class Failure:
    """A failure to sweep one order, or a whole shard of them if `key` is None."""

    what: str
    error: Exception
    key: OrderKey | None


@dataclass
class SweepReport:
    """The orders that one sweep handled, by what it did with them."""

    hinted: list[OrderKey] = field(default_factory=list)
    # Orders that got their first hint from the sweep: their own hint was lost or late, or their
    # workflow ended early.
    taken_up: list[OrderKey] = field(default_factory=list)
    # Orders whose customers have waited longer than they should.
    late: list[OrderKey] = field(default_factory=list)
    given_up: list[OrderKey] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    ran_out_of_time: bool = False


def sweep(
    ports: SweepPorts,
    *,
    shards: int,
    max_hints: int,
    late_after_seconds: int,
    has_time: Callable[[], bool],
    on_given_up: Callable[[OrderKey], None],
) -> SweepReport:
    """Send a hint for each due order; settle and finish each order that has had all its hints.

    An order is late if it could have been paid for `late_after_seconds`. `on_given_up` is called
    for each order right after it is finished. A failure of one order is reported and doesn't stop
    the others. When `has_time` returns False, the rest stays due for the next sweep.
    """
    report = SweepReport()
    late_before = aws_date_time(ports.clock() - late_after_seconds * 1000)
    without_hints: list[ChargeRequest] = []
    # Giving up calls the gateway and may be slow, so it comes after the hints.
    for due in _due_orders(ports, shards, report):
        if not has_time():
            report.ran_out_of_time = True
            return report
        with _reporting_failure(report, due.key.order_id, due.key):
            _send_next_hint(due, ports, max_hints, late_before, report, without_hints)
    for request in without_hints:
        if not has_time():
            report.ran_out_of_time = True
            return report
        with _reporting_failure(report, request.key.order_id, request.key):
            if _give_up(request, ports):
                report.given_up.append(request.key)
                on_given_up(request.key)
    return report


def _due_orders(ports: SweepPorts, shards: int, report: SweepReport) -> Iterator[DueOrder]:
    now = ports.clock()
    # Each minute starts at another shard, so that a shard full of failures can't starve the others.
    first = now // HINT_PAUSE_MILLISECONDS % shards
    for offset in range(shards):
        shard = (first + offset) % shards
        with _reporting_failure(report, f"shard {shard}"):
            yield from ports.orders.due(shard, before_milliseconds=now)


def _send_next_hint(
    due: DueOrder,
    ports: SweepPorts,
    max_hints: int,
    late_before: str,
    report: SweepReport,
    without_hints: list[ChargeRequest],
) -> None:
    until = ports.clock() + HINT_PAUSE_MILLISECONDS
    try:
        postponed = ports.orders.postpone(due, until_milliseconds=until, max_hints=max_hints)
    except OrderMoved:
        return
    except HintsUsedUp as used_up:
        report.late.append(due.key)
        without_hints.append(ChargeRequest(due.key, used_up.order.total, used_up.payment_method))
        return
    if postponed.payable_since < late_before:
        report.late.append(due.key)
    if postponed.hints == 1:
        report.taken_up.append(due.key)
    ports.hints.send(due.key)
    report.hinted.append(due.key)


def _give_up(request: ChargeRequest, ports: SweepPorts) -> bool:
    """Settle the payment and finish the order; return False if it was final or gone already."""
    payment = settle_payment(request, payments=ports.payments, gateway=ports.gateway, clock=ports.clock)
    try:
        ports.orders.finish(
            request.key,
            status=OrderStatus.PAID if payment.charge.approved else OrderStatus.FAILED,
            failure_reason=payment.charge.failure_reason,
            at_milliseconds=ports.clock(),
        )
    except OrderMoved as moved:
        if moved.status is None or moved.status in FINAL_STATUSES:
            return False
        raise
    return True


@contextmanager
def _reporting_failure(report: SweepReport, what: str, key: OrderKey | None = None) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        report.failures.append(Failure(what, error, key))
