"""What the use cases need of the world."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from orders.domain.announcement import Announcement
from orders.domain.order import Order, OrderKey, OrderStatus
from orders.domain.payment import Charge, ChargeRequest, Payment

Clock = Callable[[], int]
"""The present moment in epoch milliseconds."""


@dataclass(frozen=True)
class DueOrder:
    """An open order that has waited past its time, as the index of open orders names it."""

    key: OrderKey
    due_at_milliseconds: int


@dataclass(frozen=True)
class Postponed:
    """An order that another hint is about to be sent for: how many that makes, and since when it may be paid.

    `payable_since` is an AWSDateTime, empty where the row lacks it.
    """

    hints: int
    payable_since: str


class Orders(Protocol):
    """The rows of orders, as far as a sweep moves them."""

    def due(self, shard: int, *, before_milliseconds: int) -> Iterator[DueOrder]:
        """The open orders of a shard that were due before then, longest waiting first."""
        ...

    def postpone(self, due: DueOrder, *, until_milliseconds: int, max_hints: int) -> Postponed:
        """Take the right to send one hint, and free the order for the workflow that the hint starts.

        Of several callers with the same `due` one succeeds.
        Raises OrderMoved when the order isn't as `due` says, HintsUsedUp when it has had `max_hints`.
        """
        ...

    def finish(self, key: OrderKey, *, status: OrderStatus, failure_reason: str | None, at_milliseconds: int) -> None:
        """Move an order to a final status, if the transition table allows it from where it stands; else OrderMoved."""
        ...


class ChargeRequests(Protocol):
    """What orders are to be charged. Raises OrdersUnavailable."""

    def find(self, key: OrderKey) -> ChargeRequest:
        """The order's one charge, as its row says now.

        Raises OrderMoved when the row is gone, and InvalidRow when it can't be read.
        """
        ...


class Payments(Protocol):
    """The record of charges: one payment an order, never changed. Raises PaymentsUnavailable."""

    def find(self, key: OrderKey) -> Payment | None:
        """The payment of an order, as of now."""
        ...

    def record(self, payment: Payment) -> Payment:
        """Store the order's payment unless it has one; the one that stands either way."""
        ...


class PaymentGateway(Protocol):
    """Moves money. An adapter keeps these promises, with its provider's help or without:

    - A key (`request.key.idempotency_key`) is charged at most once. An equal request gets the first
      answer again while the order is open: about half an hour, or as long as the gateway is down.
      Providers forget keys after a day or so: an older charge has to be found in another way.
    - A declined charge is an answer. PaymentGatewayUnavailable is a technical failure, and its
      outcome is unknown: money may have moved, or may move yet. An answer that the adapter doesn't
      understand is one too.
    - A call ends within GATEWAY_TIMEOUT_SECONDS, connecting included. It is one attempt, because
      the callers retry.
    - The ledger is the payments table. It remembers what the provider has forgotten. What is
      recorded there stands, and the callers refund a charge that doesn't stand.
    """

    def charge(self, request: ChargeRequest, *, attempt: int) -> Charge:
        """Charge the price: approved or declined.

        `attempt` counts the caller's retries from 0. It is no part of what a provider is asked.
        """
        ...

    def cancel(self, request: ChargeRequest) -> Charge:
        """Answer what stands of the request, and make sure that nothing new can.

        Approved or declined if it was charged; voided if the key was never seen. A provider that
        can't void a key is asked for the same charge again: it replays its first answer, or moves
        money anew, which the adapter gives back. It replays equal requests only, so all of it is here.
        """
        ...

    def refund(self, charge: Charge) -> None:
        """Give an approved charge back; once, however often it is asked."""
        ...


class Hints(Protocol):
    """The queue of placed orders."""

    def send(self, key: OrderKey) -> None:
        """Say that an order waits."""
        ...


class Workflows(Protocol):
    """The order workflow."""

    def start(self, key: OrderKey) -> None:
        """Start one for an order. Several for one order do no harm: the row decides."""
        ...


class Subscribers(Protocol):
    """Clients that watch orders change."""

    def notify(self, order: Order) -> None:
        """Show them the order as it now is."""
        ...


class Announcements(Protocol):
    """The topic that e-mails people."""

    def publish(self, announcement: Announcement) -> None:
        """Send a message to everybody who subscribed."""
        ...


class Undelivered(Protocol):
    """Where changes wait that nobody could be told of."""

    def keep(self, record: Mapping[str, Any], *, why: str) -> None:
        """Keep a record of the table's stream, as Lambda gave it, until a person announces it."""
        ...


class Delayed(Protocol):
    """Where changes wait whose announcement failed for too long, and the later changes of the same orders.

    Changes are records of the table's stream, as Lambda gave them.
    """

    def holds(self, key: OrderKey) -> bool:
        """Return True if a change of the order waits, as of now."""
        ...

    def keep(self, key: OrderKey, record: Mapping[str, Any]) -> None:
        """Keep a change until it is announced; the same change again is kept once."""
        ...

    def changes(self) -> Iterator[dict[str, Any]]:
        """All changes that wait, those of an order in their order."""
        ...

    def forget(self, key: OrderKey, record: Mapping[str, Any]) -> None:
        """Remove a change; no error if it is removed already."""
        ...
