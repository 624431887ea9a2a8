"""Queries of a customer: orders, pages of orders, and menus."""

from collections.abc import Iterator

import pytest

from tests.e2e.support.administrator_access import AdministratorAccess
from tests.e2e.support.order_requests import PIZZA
from verify.customer import Customer, GraphqlError

PAGE = "query Page($first: Int, $after: String) { orders(first: $first, after: $after) { id } }"


@pytest.fixture
def hints_held(account: AdministratorAccess) -> Iterator[None]:
    """No order is worked on, so that each may be deleted."""
    with account.hints_held():
        yield


def page(customer: Customer, **arguments: object) -> list[str]:
    """Return the ids on a page of orders."""
    return [order["id"] for order in customer.execute(PAGE, **arguments)["orders"]]


@pytest.mark.public_api
def test_orders_come_newest_first_page_by_page_and_each_once(customer: Customer, stranger: Customer) -> None:
    stranger.post_order(**PIZZA)
    placed = [customer.post_order(**PIZZA)["id"] for _ in range(5)]

    pages = [page(customer, first=2)]
    while pages[-1]:
        pages.append(page(customer, first=2, after=pages[-1][-1]))

    newest_first = placed[::-1]
    assert pages == [newest_first[:2], newest_first[2:4], newest_first[4:], []]
    assert page(customer) == newest_first


@pytest.mark.usefixtures("hints_held")
def test_a_page_starts_where_the_last_one_ended_even_if_that_order_is_gone(customer: Customer) -> None:
    placed = [customer.post_order(**PIZZA)["id"] for _ in range(3)][::-1]
    customer.execute("mutation Delete($id: String!) { deleteOrder(id: $id) }", id=placed[1])

    after_the_gone_one = page(customer, after=placed[1])

    assert after_the_gone_one == [placed[2]]


@pytest.mark.public_api
@pytest.mark.parametrize("first", [0, -1, 101])
def test_a_page_of_an_impossible_size_is_refused(customer: Customer, first: int) -> None:
    with pytest.raises(GraphqlError, match=f"first must be a number from 1 to 100, got {first}") as refused:
        page(customer, first=first)

    assert refused.value.type == "InvalidInput"


@pytest.mark.public_api
def test_a_page_after_something_malformed_is_refused(customer: Customer) -> None:
    with pytest.raises(GraphqlError, match="after must be a ULID") as refused:
        page(customer, after="yesterday")

    assert refused.value.type == "InvalidInput"


def test_every_restaurant_has_a_menu_to_order_from(customer: Customer) -> None:
    restaurants = customer.execute("{ restaurants { id name } }")["restaurants"]

    menus = {
        restaurant["id"]: customer.execute(
            "query Menu($id: String!) { menu(restaurantId: $id) { restaurantId name unitPrice currency available } }",
            id=restaurant["id"],
        )["menu"]
        for restaurant in restaurants
    }

    assert len(menus) >= 3
    for id_, menu in menus.items():
        assert len(menu) >= 5
        assert {dish["restaurantId"] for dish in menu} == {id_}
    margherita = {"restaurantId": "trattoria-roma", "name": "Margherita", "unitPrice": 950, "currency": "EUR"}
    assert {**margherita, "available": True} in menus["trattoria-roma"]
    assert any(not dish["available"] for dish in menus["trattoria-roma"])
