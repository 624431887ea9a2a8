"""An order's one charge: the gateway's request and answer, and the payment that records it."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

from orders.domain.money import Money
from orders.domain.order import OrderKey

CARD_DECLINED = "CARD_DECLINED"
INSUFFICIENT_FUNDS = "INSUFFICIENT_FUNDS"
UNKNOWN_PAYMENT_METHOD = "UNKNOWN_PAYMENT_METHOD"
PAYMENT_UNAVAILABLE = "PAYMENT_UNAVAILABLE"
# For a decline without a reason. The workflow's definition has the same text as a literal.
PAYMENT_FAILED = "PAYMENT_FAILED"


class PaymentResult(StrEnum):
    """The result of a charge. VOIDED: it never happened and never will."""

    APPROVED = "approved"
    DECLINED = "declined"
    VOIDED = "voided"


@dataclass(frozen=True)
class Charge:
    """The gateway's answer about an idempotency key; `reason` is there when no money moved."""

    charge_id: str
    result: PaymentResult
    reason: str | None = None

    @classmethod
    def voided(cls, charge_id: str) -> Self:
        """Return a charge that never happened; its customer sees PAYMENT_UNAVAILABLE as reason."""
        return cls(charge_id, PaymentResult.VOIDED, PAYMENT_UNAVAILABLE)

    @property
    def approved(self) -> bool:
        """True if money moved."""
        return self.result is PaymentResult.APPROVED

    @property
    def failure_reason(self) -> str | None:
        """The reason of a failed order; None for an approved charge."""
        return None if self.approved else self.reason or PAYMENT_FAILED


@dataclass(frozen=True)
class Payment:
    """The recorded outcome of an order's charge, written once. `created_at` is an AWSDateTime."""

    key: OrderKey
    charge: Charge
    price: Money
    created_at: str


@dataclass(frozen=True)
class ChargeRequest:
    """The one charge of an order, as the gateway is asked to make it or to settle it.

    All requests for an order are equal: nothing in it changes once its payment has begun.
    """

    key: OrderKey
    price: Money
    # Not in the repr, so that no message and no log shows it.
    payment_method: str = field(repr=False)


# Step Functions sees these class names as error names: the workflow's retriers list them.
class PaymentGatewayUnavailable(Exception):
    """The gateway didn't answer. It is unknown if it charged."""


class PaymentsUnavailable(Exception):
    """The payments table could not be read or written."""


class OrdersUnavailable(Exception):
    """The row of an order that is to be charged could not be read."""


class ChargeMismatch(Exception):
    """The order was already charged another amount; a person must look at it."""
