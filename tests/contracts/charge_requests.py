"""The contract of the ChargeRequests port."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol
from uuid import uuid4

import pytest
from orders.domain.money import Money
from orders.domain.order import OrderKey, OrderMoved
from orders.domain.payment import ChargeRequest
from orders.domain.row import InvalidRow
from orders.ports import ChargeRequests

from tests.support.order_rows import KEY, order_row


class Rows(Protocol):
    """The table that the requests are read from."""

    def put(self, row: dict[str, Any]) -> None: ...

    def row(self, key: OrderKey) -> Mapping[str, Any] | None: ...


class ChargeRequestsContract:
    """Inherited by the tests of each implementation."""

    @pytest.fixture
    def orders(self) -> Rows:
        """Return the table, given by the tests of each implementation."""
        raise NotImplementedError

    @pytest.fixture
    def charge_requests(self, orders: Any) -> ChargeRequests:
        """Return the implementation, given by its tests."""
        raise NotImplementedError

    @pytest.fixture
    def key(self) -> OrderKey:
        return replace(KEY, user_id=uuid4().hex)

    def test_the_row_says_what_to_charge(self, orders: Rows, charge_requests: ChargeRequests, key: OrderKey) -> None:
        orders.put(order_row(key, status="PAYING", total=900, payment_method="pm_other"))

        found = charge_requests.find(key)

        assert found == ChargeRequest(key, Money(900, "EUR"), "pm_other")

    def test_an_order_that_is_gone_is_not_charged(self, charge_requests: ChargeRequests, key: OrderKey) -> None:
        with pytest.raises(OrderMoved, match="gone"):
            charge_requests.find(key)

    def test_a_row_without_a_payment_method_is_not_charged(
        self, orders: Rows, charge_requests: ChargeRequests, key: OrderKey
    ) -> None:
        orders.put(order_row(key, payment_method=None))

        with pytest.raises(InvalidRow, match="payment_method"):
            charge_requests.find(key)
