"""How much one person may ask for: orders that are open at a time, and resolvers of one request."""

from collections.abc import Iterator

import pytest

from local.customer import Customer, GraphqlError
from tests.e2e.support.account import Account
from tests.e2e.support.open_orders_limit import open_orders_limited
from tests.e2e.support.orders import CANCEL, PIZZA, new_id
from tests.e2e.support.users import user_id_of

PLACE = 'a{}: postOrder(input: {{name: "Margherita", quantity: 2, restaurantId: "trattoria-roma"}}) {{ id }}'


@pytest.fixture
def two_at_a_time(account: Account) -> Iterator[None]:
    """Two open orders are allowed, and orders stay open."""
    with account.hints_held(), open_orders_limited(account, most=2):
        yield


@pytest.mark.usefixtures("two_at_a_time")
def test_a_customer_with_too_many_open_orders_waits_for_one_to_end(
    customer: Customer, stranger: Customer, account: Account
) -> None:
    first, second = (customer.post_order(**PIZZA, id=new_id()) for _ in range(2))

    with pytest.raises(GraphqlError) as refused:
        customer.post_order(**PIZZA)

    assert refused.value.type == "TooManyOpenOrders"
    assert "you have 2 orders that are PENDING or PAYING, at most 2 are allowed" in str(refused.value)
    assert len(account.rows("orders", user_id_of(customer))) == 2
    assert customer.post_order(**PIZZA, id=first["id"])["id"] == first["id"]
    assert stranger.post_order(**PIZZA)["status"] == "PENDING"
    customer.execute(CANCEL, id=second["id"])
    assert customer.post_order(**PIZZA)["status"] == "PENDING"


def test_one_request_places_no_more_orders_than_it_may_run_resolvers(customer: Customer, account: Account) -> None:
    with account.hints_held():
        answer = customer.answer(f"mutation {{ {' '.join(PLACE.format(number) for number in range(25))} }}")

    assert [error["errorType"] for error in answer["errors"]] == ["ResolverExecutionLimitReached"]
    assert len(account.rows("orders", user_id_of(customer))) == 20
