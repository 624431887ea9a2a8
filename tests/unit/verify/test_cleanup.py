"""The orders of a test customer are cancelled and removed at the end."""

from typing import Any

import pytest

from verify import cleanup
from verify.cleanup import close_orders
from verify.customer import GraphqlError


class Orders:
    """A customer's orders by status. Orders that a workflow has taken can't be cancelled."""

    def __init__(self, **statuses: str) -> None:
        self.statuses = statuses

    def orders(self) -> list[dict[str, str]]:
        return [{"id": id_, "status": status} for id_, status in self.statuses.items()]

    def cancel_order(self, id_: str) -> None:
        if self.statuses[id_] != "PENDING":
            raise GraphqlError([{"errorType": "OrderNotChangeable"}])
        self.statuses[id_] = "CANCELLED"


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """No pauses."""
    monkeypatch.setattr(cleanup, "CLOSING_SECONDS", 0)


def test_what_can_be_cancelled_is_and_the_rest_is_named() -> None:
    customer: Any = Orders(waiting="PENDING", worked_on="PAYING", done="PAID")

    left = close_orders(customer)

    assert left == ["worked_on"]
    assert customer.statuses == {"waiting": "CANCELLED", "worked_on": "PAYING", "done": "PAID"}


def test_nothing_is_left_of_orders_that_have_ended() -> None:
    customer: Any = Orders(paid="PAID", failed="FAILED", cancelled="CANCELLED")

    assert close_orders(customer) == []
