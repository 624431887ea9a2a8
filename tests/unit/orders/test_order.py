"""Statuses only move forward, and rows of other releases are read with tolerance."""

from decimal import Decimal
from typing import Any

import pytest
from orders.domain.moment import aws_date_time
from orders.domain.money import Money
from orders.domain.order import FINAL_STATUSES, OPEN_STATUSES, TRANSITIONS, OrderStatus, statuses_before
from orders.domain.row import InvalidRow, order_from_row

from tests.support.order_rows import KEY, order_row


def test_no_way_leads_back() -> None:
    def reachable(status: OrderStatus) -> set[OrderStatus]:
        return set(TRANSITIONS[status]).union(*(reachable(following) for following in TRANSITIONS[status]))

    circles = [status for status in OrderStatus if status in reachable(status)]

    assert circles == []


def test_every_status_is_open_or_final() -> None:
    assert {OrderStatus.PAID, OrderStatus.FAILED, OrderStatus.CANCELLED} == FINAL_STATUSES
    assert {OrderStatus.PENDING, OrderStatus.PAYING} == OPEN_STATUSES


def test_only_a_paying_order_becomes_paid() -> None:
    assert statuses_before(OrderStatus.PAID) == {OrderStatus.PAYING}


def test_a_row_is_read_with_attributes_of_a_later_version() -> None:
    order = order_from_row(order_row(quantity=Decimal(2), total=Decimal(1700), tip=Decimal("1.5"), courier={"id": 1}))

    assert order.key == KEY
    assert order.total == Money(1700, "EUR")
    assert (order.quantity, order.status) == (2, OrderStatus.PENDING)


def test_a_row_is_read_without_its_optional_attributes() -> None:
    row = order_row(changeable_until=None, payment_method=None, input=None, open_shard=None, due_at=None)

    order = order_from_row(row)

    assert order.failure_reason is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "EATEN"},
        {"status": None},
        {"total": None},
        {"total": "1700"},
        {"total": Decimal("17.5")},
        {"version": True},
        {"name": None},
        {"updated_at": 7},
        {"failure_reason": 7},
    ],
)
def test_a_broken_row_is_refused_by_attribute(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidRow, match=f"^{next(iter(wrong))} must be"):
        order_from_row(order_row(**wrong))


@pytest.mark.parametrize(
    ("money", "text"),
    [
        (Money(1250, "EUR"), "12.50 EUR"),
        (Money(5, "USD"), "0.05 USD"),
        (Money(1250, "JPY"), "1250 JPY"),
        (Money(1250, "KWD"), "1.250 KWD"),
        (Money(-5, "EUR"), "-0.05 EUR"),
    ],
)
def test_money_is_written_in_its_currency_s_units(money: Money, text: str) -> None:
    assert str(money) == text


def test_moments_are_written_as_aws_date_time() -> None:
    assert aws_date_time(1_767_225_600_007) == "2026-01-01T00:00:00.007Z"
