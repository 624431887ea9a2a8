"""A customer who says which price they expect is never charged another one."""

from collections.abc import Iterator

import pytest

from tests.e2e.faults.support.temporary_dish import Dish, dish_on_the_menu
from tests.e2e.support.administrator_access import AdministratorAccess
from tests.e2e.support.order_requests import UPDATE, new_id
from tests.e2e.support.users import user_id_of
from verify.customer import Customer, GraphqlError


@pytest.fixture
def dish(account: AdministratorAccess) -> Iterator[Dish]:
    """A dish for 4.50; orders of it stay PENDING."""
    with dish_on_the_menu(account, unit_price=450) as dish, account.hints_held():
        yield dish


def test_an_order_at_a_price_that_was_never_shown_is_not_stored(
    customer: Customer, account: AdministratorAccess, dish: Dish
) -> None:
    id_ = new_id()
    dish.offer(4500)

    with pytest.raises(GraphqlError) as refused:
        customer.post_order(**dish.order, id=id_, expectedUnitPrice=450)

    assert refused.value.type == "PriceChanged"
    assert "expectedUnitPrice must be 4500, the price of " in str(refused.value)
    assert str(refused.value).endswith(" now in minor units of EUR, got 450")
    assert account.rows("orders", user_id_of(customer)) == []
    assert customer.post_order(**dish.order, id=id_, expectedUnitPrice=4500)["total"] == 9000


@pytest.mark.parametrize("currency", ["USD", "JPY"])
def test_an_order_in_a_currency_that_was_never_shown_is_not_stored(
    customer: Customer, account: AdministratorAccess, dish: Dish, currency: str
) -> None:
    shown, now = ({"expectedUnitPrice": 450, "expectedCurrency": code} for code in ("EUR", currency))
    id_ = new_id()
    dish.offer(450, currency=currency)

    with pytest.raises(GraphqlError) as refused:
        customer.post_order(**dish.order, id=id_, **shown)

    assert refused.value.type == "PriceChanged"
    assert f"expectedCurrency must be {currency}, since the price of " in str(refused.value)
    assert str(refused.value).endswith(f" is now 450 {currency} in minor units, got 450 EUR")
    assert account.rows("orders", user_id_of(customer)) == []
    order = customer.post_order(**dish.order, id=id_, **now)
    assert (order["total"], order["currency"]) == (900, currency)
    # A call sent again isn't compared by what it expects.
    assert customer.post_order(**dish.order, id=id_, **shown) == order


@pytest.mark.parametrize("expected", [{}, {"expectedUnitPrice": None}], ids=["left out", "null"])
def test_who_expects_no_price_orders_as_before(customer: Customer, dish: Dish, expected: dict[str, None]) -> None:
    dish.offer(4500)

    order = customer.post_order(**dish.order, **expected)

    assert order["total"] == 9000


def test_a_call_sent_again_after_the_price_changed_returns_its_order(customer: Customer, dish: Dish) -> None:
    order = customer.post_order(**dish.order, id=new_id(), expectedUnitPrice=450)
    dish.offer(4500)

    again = [
        customer.post_order(**dish.order, id=order["id"], **expected)
        for expected in ({"expectedUnitPrice": 450}, {"expectedUnitPrice": 4500}, {"expectedUnitPrice": 7}, {})
    ]

    assert again == [order] * 4


def test_a_change_at_a_price_that_was_never_shown_leaves_the_order_as_it_was(customer: Customer, dish: Dish) -> None:
    order = customer.post_order(**dish.order, expectedUnitPrice=450)
    dish.offer(4500)
    change = {**dish.order, "id": order["id"], "quantity": 1}

    with pytest.raises(GraphqlError) as refused:
        customer.execute(UPDATE, input={**change, "expectedUnitPrice": 450})
    before = customer.order(order["id"])
    after = customer.execute(UPDATE, input={**change, "expectedUnitPrice": 4500})["updateOrder"]

    assert refused.value.type == "PriceChanged"
    assert "4500" in str(refused.value)
    assert "got 450" in str(refused.value)
    assert before == order
    assert (after["total"], after["version"]) == (4500, 2)


def test_a_change_in_a_currency_that_was_never_shown_leaves_the_order_as_it_was(customer: Customer, dish: Dish) -> None:
    order = customer.post_order(**dish.order, expectedUnitPrice=450, expectedCurrency="EUR")
    dish.offer(450, currency="USD")
    change = {**dish.order, "id": order["id"], "quantity": 1, "expectedUnitPrice": 450}

    with pytest.raises(GraphqlError) as refused:
        customer.execute(UPDATE, input={**change, "expectedCurrency": "EUR"})
    before = customer.order(order["id"])
    customer.execute(UPDATE, input={**change, "expectedCurrency": "USD"})
    after = customer.order(order["id"])

    assert refused.value.type == "PriceChanged"
    assert "is now 450 USD in minor units, got 450 EUR" in str(refused.value)
    assert before == order
    assert (after["total"], after["currency"], after["version"]) == (450, "USD", 2)


def test_an_expected_currency_that_is_no_code_is_refused(
    customer: Customer, account: AdministratorAccess, dish: Dish
) -> None:
    with pytest.raises(
        GraphqlError, match=r'expectedCurrency must be three upper-case letters.*, got "eur"'
    ) as refused:
        customer.post_order(**dish.order, expectedCurrency="eur")

    assert refused.value.type == "InvalidInput"
    assert account.rows("orders", user_id_of(customer)) == []


def test_an_expected_price_that_no_dish_can_have_is_refused(
    customer: Customer, account: AdministratorAccess, dish: Dish
) -> None:
    with pytest.raises(
        GraphqlError, match="expectedUnitPrice must be a number from 0 to 2147483647, got -1"
    ) as refused:
        customer.post_order(**dish.order, expectedUnitPrice=-1)

    assert refused.value.type == "InvalidInput"
    assert account.rows("orders", user_id_of(customer)) == []
