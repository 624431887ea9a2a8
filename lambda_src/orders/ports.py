"""The ports: what the use cases need from the outside, as Protocols."""

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
    """An open order whose due time has passed, as the index of open orders names it."""

    key: OrderKey
    due_at_milliseconds: int


@dataclass(frozen=True)
class Postponed:
    """An order that gets one more hint: its number of hints then, and when it became payable.

    `payable_since` is an AWSDateTime, empty where the row lacks it.
    """

    hints: int
    payable_since: str


class Orders(Protocol):
    """The rows of orders, as the sweep reads and moves them."""

    def due(self, shard: int, *, before_milliseconds: int) -> Iterator[DueOrder]:
        """Yield the open orders of a shard that were due before then, longest waiting first."""
        ...

    def postpone(self, due: DueOrder, *, until_milliseconds: int, max_hints: int) -> Postponed:
        """Take the right to send one more hint, and free the order's lease for the workflow.

        Of several callers with the same `due`, one succeeds.
        Raises OrderMoved when the order isn't as `due` says, HintsUsedUp when it has had `max_hints`.
        """
        ...

    def finish(self, key: OrderKey, *, status: OrderStatus, failure_reason: str | None, at_milliseconds: int) -> None:
        """Move an order to a final status; raises OrderMoved if its status doesn't allow that.

        The transition table in domain/order.py says which moves are allowed.
        """
        ...


class ChargeRequests(Protocol):
    """The charges that orders ask for. Raises OrdersUnavailable."""

    def find(self, key: OrderKey) -> ChargeRequest:
        """Return the order's one charge, as its row has it now.

        Raises OrderMoved when the row is gone, and InvalidRow when it can't be read.
        """
        ...


class Payments(Protocol):
    """The record of charges: one unchanging payment an order. Raises PaymentsUnavailable."""

    def find(self, key: OrderKey) -> Payment | None:
        """Return the payment of an order, as of now; None if it has none."""
        ...

    def record(self, payment: Payment) -> Payment:
        """Store the order's payment unless it has one, and return the payment that is on record."""
        ...


class PaymentGateway(Protocol):
    """The payment provider, which moves money. An adapter keeps these promises:

    - A key (`request.key.idempotency_key`) is charged at most once. An equal request gets the first
      answer again while the order is open: about half an hour, or as long as the gateway is down.
      Providers forget keys after a day or so. The adapter must find older charges in another way.
    - A declined charge is an answer. PaymentGatewayUnavailable is a technical failure, and its
      outcome is unknown: money may have moved, or may still move. An answer that the adapter
      doesn't understand counts as such a failure.
    - A call ends within GATEWAY_TIMEOUT_SECONDS, connecting included. It is one attempt, because
      the callers retry.
    - The payments table is the ledger. It remembers what the provider has forgotten. A payment
      recorded there is final, and the callers refund a charge that differs from it.
    """

    def charge(self, request: ChargeRequest, *, attempt: int) -> Charge:
        """Charge the price, and return an approved or declined charge.

        `attempt` counts the caller's retries from 0. The provider isn't asked with it.
        """
        ...

    def cancel(self, request: ChargeRequest) -> Charge:
        """Return the outcome of the request, and make sure that no new charge can follow.

        Approved or declined if it was charged; voided if the provider never saw the key. A provider
        that can't void a key is asked for the same charge again: it repeats its first answer, or
        moves money anew, which the adapter refunds. A provider repeats answers to equal requests
        only, so this takes the whole request.
        """
        ...

    def refund(self, charge: Charge) -> None:
        """Give an approved charge back, once, even if called several times."""
        ...


class Hints(Protocol):
    """The queue of placed orders."""

    def send(self, key: OrderKey) -> None:
        """Send a hint that an order waits."""
        ...


class Workflows(Protocol):
    """The order workflow."""

    def start(self, key: OrderKey) -> None:
        """Start a workflow for an order.

        Several for one order do no harm: the lease on its row lets one of them go on.
        """
        ...


class Subscribers(Protocol):
    """The clients that watch orders change."""

    def notify(self, order: Order) -> None:
        """Publish the order as it is now to them."""
        ...


class Announcements(Protocol):
    """The topic that sends mail to people."""

    def publish(self, announcement: Announcement) -> None:
        """Publish a message to everybody who is subscribed to the topic."""
        ...


class Undelivered(Protocol):
    """The changes that could not be announced, kept until a person announces them."""

    def keep(self, record: Mapping[str, Any], *, why: str) -> None:
        """Keep a record of the table's stream, as Lambda passed it, with the reason `why`."""
        ...


class Delayed(Protocol):
    """The changes whose announcement failed for too long, and later changes of the same orders.

    Changes are records of the table's stream, as Lambda passed them.
    """

    def holds(self, key: OrderKey) -> bool:
        """Return True if a change of the order waits, as of now."""
        ...

    def keep(self, key: OrderKey, record: Mapping[str, Any]) -> None:
        """Keep a change until it is announced; the same change again is kept once."""
        ...

    def changes(self) -> Iterator[dict[str, Any]]:
        """Yield all waiting changes; those of one order come oldest first."""
        ...

    def forget(self, key: OrderKey, record: Mapping[str, Any]) -> None:
        """Remove a change; no error if it is removed already."""
        ...
