"""What a payment gateway says of an order's one charge, and what is recorded of it."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

from orders.domain.money import Money
from orders.domain.order import OrderKey

CARD_DECLINED = "CARD_DECLINED"
INSUFFICIENT_FUNDS = "INSUFFICIENT_FUNDS"
UNKNOWN_PAYMENT_METHOD = "UNKNOWN_PAYMENT_METHOD"
PAYMENT_UNAVAILABLE = "PAYMENT_UNAVAILABLE"
# The gateway gave no reason. The workflow has it as a literal.
PAYMENT_FAILED = "PAYMENT_FAILED"


class PaymentResult(StrEnum):
    """How a charge ended. VOIDED: it never happened and never will."""

    APPROVED = "approved"
    DECLINED = "declined"
    VOIDED = "voided"


@dataclass(frozen=True)
class Charge:
    """The gateway's word on an idempotency key. `reason` says why money didn't move."""

    charge_id: str
    result: PaymentResult
    reason: str | None = None

    @classmethod
    def voided(cls, charge_id: str) -> Self:
        """A charge that never happened, which its customer hears of as PAYMENT_UNAVAILABLE."""
        return cls(charge_id, PaymentResult.VOIDED, PAYMENT_UNAVAILABLE)

    @property
    def approved(self) -> bool:
        """Whether money moved."""
        return self.result is PaymentResult.APPROVED

    @property
    def failure_reason(self) -> str | None:
        """Return why the order failed; None for an approved charge."""
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
    """An order's one charge, as the gateway is asked to make it, and asked what stands of it.

    All requests for an order are equal: nothing in it changes once its payment has begun.
    """

    key: OrderKey
    price: Money
    # Left out where the request is printed, so that no message and no log has it.
    payment_method: str = field(repr=False)


# Error names as Step Functions sees them: the workflow's retriers list these classes.
class PaymentGatewayUnavailable(Exception):
    """The gateway didn't answer; whether it charged is unknown."""


class PaymentsUnavailable(Exception):
    """The record of payments could not be read or written."""


class OrdersUnavailable(Exception):
    """The row of an order that is to be paid could not be read."""


class ChargeMismatch(Exception):
    """The order was already charged another amount; a person has to look."""
