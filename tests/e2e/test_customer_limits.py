"""Limits of one customer: open orders at a time, and resolvers of one request."""

from collections.abc import Iterator
from typing import Any

import pytest

from local.sign_in import sign_in
from tests.e2e.support.administrator_access import AdministratorAccess
from tests.e2e.support.open_orders_limit import api_with_limit
from tests.e2e.support.order_requests import CANCEL, PIZZA, new_id
from tests.e2e.support.users import sign_up, user_id_of
from verify.customer import Customer, GraphqlError

PLACE = 'a{}: postOrder(input: {{name: "Margherita", quantity: 2, restaurantId: "trattoria-roma"}}) {{ id }}'


@pytest.fixture
def limited(account: AdministratorAccess, outputs: dict[str, Any]) -> Iterator[Customer]:
    """A customer who may have two open orders. Orders stay open."""
    with (
        account.hints_held(),
        api_with_limit(account, most=2) as url,
        sign_in({**outputs, "graphql_url": url}, **sign_up(outputs)) as customer,
    ):
        yield customer


def test_a_customer_with_too_many_open_orders_waits_for_one_to_end(
    limited: Customer, account: AdministratorAccess
) -> None:
    first, second = (limited.post_order(**PIZZA, id=new_id()) for _ in range(2))

    with pytest.raises(GraphqlError) as refused:
        limited.post_order(**PIZZA)

    assert refused.value.type == "TooManyOpenOrders"
    assert "you have 2 orders that are PENDING or PAYING, at most 2 are allowed" in str(refused.value)
    assert len(account.rows("orders", user_id_of(limited))) == 2
    assert limited.post_order(**PIZZA, id=first["id"])["id"] == first["id"]
    limited.execute(CANCEL, id=second["id"])
    assert limited.post_order(**PIZZA)["status"] == "PENDING"


def test_one_request_places_no_more_orders_than_it_may_run_resolvers(
    customer: Customer, account: AdministratorAccess
) -> None:
    with account.hints_held():
        answer = customer.answer(f"mutation {{ {' '.join(PLACE.format(number) for number in range(25))} }}")

    assert [error["errorType"] for error in answer["errors"]] == ["ResolverExecutionLimitReached"]
    assert len(account.rows("orders", user_id_of(customer))) == 20
