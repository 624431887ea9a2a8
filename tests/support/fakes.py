"""The ports of the order system in memory. They pass the contract tests of their adapters."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from orders.domain.announcement import Announcement
from orders.domain.moment import aws_date_time
from orders.domain.order import OPEN_STATUSES, TRANSITIONS, HintsUsedUp, Order, OrderKey, OrderMoved, OrderStatus
from orders.domain.payment import (
    Charge,
    ChargeMismatch,
    ChargeRequest,
    Payment,
    PaymentGatewayUnavailable,
    PaymentResult,
)
from orders.domain.row import charge_request_from_row, order_from_row, payment_method_of, status_of
from orders.ports import DueOrder, Postponed


@dataclass
class FakeClock:
    """A clock that stands still until a test moves it."""

    milliseconds: int = 1_767_225_600_000

    def __call__(self) -> int:
        return self.milliseconds


class FakeOrders:
    """Orders as rows in a dictionary."""

    def __init__(self) -> None:
        self.rows: dict[OrderKey, dict[str, Any]] = {}
        self._lock = Lock()

    def put(self, row: dict[str, Any]) -> None:
        self.rows[OrderKey(row["user_id"], row["id"])] = dict(row)

    def row(self, key: OrderKey) -> dict[str, Any] | None:
        return self.rows.get(key)

    def due(self, shard: int, *, before_milliseconds: int) -> Iterator[DueOrder]:
        found = [
            DueOrder(key, row["due_at"])
            for key, row in self.rows.items()
            if row.get("open_shard") == shard and row["due_at"] < before_milliseconds
        ]
        yield from sorted(found, key=lambda due: due.due_at_milliseconds)

    def postpone(self, due: DueOrder, *, until_milliseconds: int, max_hints: int) -> Postponed:
        with self._lock:
            row = self.rows.get(due.key)
            if row is None:
                raise OrderMoved(due.key, None)
            if row.get("due_at") != due.due_at_milliseconds or status_of(row) not in OPEN_STATUSES:
                raise OrderMoved(due.key, status_of(row))
            if row.get("hints", 0) >= max_hints:
                raise HintsUsedUp(order_from_row(row), payment_method=payment_method_of(row))
            row |= {"due_at": until_milliseconds, "hints": row.get("hints", 0) + 1}
            row.pop("lease_owner", None)
            return Postponed(int(row["hints"]), str(row.get("changeable_until", "")))

    def finish(self, key: OrderKey, *, status: OrderStatus, failure_reason: str | None, at_milliseconds: int) -> None:
        with self._lock:
            row = self.rows.get(key)
            if row is None:
                raise OrderMoved(key, None)
            if status not in TRANSITIONS[status_of(row)]:
                raise OrderMoved(key, status_of(row))
            row |= {"status": status, "version": row["version"] + 1, "updated_at": aws_date_time(at_milliseconds)}
            if failure_reason is not None:
                row["failure_reason"] = failure_reason
            for name in ("open_shard", "due_at", "lease_owner"):
                row.pop(name, None)


class FakeChargeRequests:
    """Charge requests, read from the rows of orders."""

    def __init__(self, orders: FakeOrders) -> None:
        self._orders = orders

    def find(self, key: OrderKey) -> ChargeRequest:
        row = self._orders.row(key)
        if row is None:
            raise OrderMoved(key, None)
        return charge_request_from_row(row)


class FakePayments:
    """Payments in a dictionary."""

    def __init__(self) -> None:
        self.stored: dict[OrderKey, Payment] = {}
        self._lock = Lock()

    def find(self, key: OrderKey) -> Payment | None:
        return self.stored.get(key)

    def record(self, payment: Payment) -> Payment:
        with self._lock:
            return self.stored.setdefault(payment.key, payment)


@dataclass
class FakeGateway:
    """A provider with a memory of its own.

    Like a real one, it can charge without answering, and refuses a key that comes with another
    request.
    """

    charges: dict[str, Charge] = field(default_factory=dict)
    requests: dict[str, ChargeRequest] = field(default_factory=dict)
    refunded: list[Charge] = field(default_factory=list)
    loses_answers: bool = False
    is_down: bool = False

    def charge(self, request: ChargeRequest, *, attempt: int) -> Charge:
        self._answer()
        key = request.key.idempotency_key
        self._compare(request, with_=self.requests.setdefault(key, request))
        charge_id = "ch_" + hashlib.sha256(f"{key}{request.payment_method}".encode()).hexdigest()
        charge = self.charges.setdefault(key, Charge(charge_id, PaymentResult.APPROVED))
        if self.loses_answers:
            raise PaymentGatewayUnavailable("the line broke after the charge")
        return charge

    def cancel(self, request: ChargeRequest) -> Charge:
        self._answer()
        key = request.key.idempotency_key
        self._compare(request, with_=self.requests.get(key, request))
        return self.charges.setdefault(key, Charge.voided(f"void_{key}"))

    def refund(self, charge: Charge) -> None:
        self._answer()
        self.refunded.append(charge)
        for key, standing in self.charges.items():
            if standing == charge:
                self.charges[key] = Charge.voided(charge.charge_id)

    def _answer(self) -> None:
        if self.is_down:
            raise PaymentGatewayUnavailable("no answer")

    def _compare(self, request: ChargeRequest, *, with_: ChargeRequest) -> None:
        if request != with_:
            raise ChargeMismatch(f"the key was used for {with_}, asked for {request}")


@dataclass
class FakeHints:
    """Records the hints."""

    sent: list[OrderKey] = field(default_factory=list)

    def send(self, key: OrderKey) -> None:
        self.sent.append(key)


@dataclass
class FakeWorkflows:
    """Records the orders whose workflows started."""

    started: list[OrderKey] = field(default_factory=list)

    def start(self, key: OrderKey) -> None:
        self.started.append(key)


@dataclass
class FakeSubscribers:
    """Records the orders that were published."""

    seen: list[Order] = field(default_factory=list)

    def notify(self, order: Order) -> None:
        self.seen.append(order)


@dataclass
class FakeAnnouncements:
    """Records the announcements."""

    published: list[Announcement] = field(default_factory=list)

    def publish(self, announcement: Announcement) -> None:
        self.published.append(announcement)


class FakeUndelivered:
    """Records the undelivered changes and the reasons."""

    def __init__(self) -> None:
        self.kept: list[tuple[Mapping[str, Any], str]] = []

    def keep(self, record: Mapping[str, Any], *, why: str) -> None:
        self.kept.append((record, why))


class FakeDelayed:
    """Delayed changes in a dictionary."""

    def __init__(self) -> None:
        self.kept: dict[OrderKey, dict[int, dict[str, Any]]] = {}
        self._lock = Lock()

    def holds(self, key: OrderKey) -> bool:
        return bool(self.kept.get(key))

    def keep(self, key: OrderKey, record: Mapping[str, Any]) -> None:
        with self._lock:
            self.kept.setdefault(key, {})[_number(record)] = dict(record)

    def changes(self) -> Iterator[dict[str, Any]]:
        return (record for changes in self.kept.values() for _, record in sorted(changes.items()))

    def forget(self, key: OrderKey, record: Mapping[str, Any]) -> None:
        with self._lock:
            self.kept.get(key, {}).pop(_number(record), None)


def _number(record: Mapping[str, Any]) -> int:
    return int(record["dynamodb"]["SequenceNumber"])
