"""A client that got no answer sends its call again, with the same id."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.e2e.faults.support.audit import Audit, Order
from tests.e2e.faults.support.temporary_dish import Dish, dish_on_the_menu
from tests.e2e.support.administrator_access import AdministratorAccess
from tests.e2e.support.order_requests import CANCEL, PIZZA, PIZZA_TOTAL, UPDATE, new_id
from verify.customer import Customer
from verify.polling import eventually, wait_for_final_status

POST = "mutation Post($input: OrderInput!) { postOrder(input: $input) { id } }"


@pytest.fixture
def dish(account: AdministratorAccess) -> Iterator[Dish]:
    """A dish for 5.00 that only this test orders."""
    with dish_on_the_menu(account, unit_price=500) as made:
        yield made


def hang_up(outputs: dict[str, Any], customer: Customer, order: dict[str, Any], *, after_seconds: float) -> bool:
    """Place an order, and hang up early. Return True if no answer had come by then."""
    try:
        httpx.post(
            outputs["graphql_url"],
            json={"query": POST, "variables": {"input": order}},
            headers={"authorization": customer.token},
            timeout=httpx.Timeout(10, read=after_seconds),
        )
    except httpx.ReadTimeout:
        return True
    return False


@pytest.mark.every_run
def test_an_order_sent_again_is_the_same_order_and_charged_once(
    customer: Customer, account: AdministratorAccess, audit: Audit
) -> None:
    call = {**PIZZA, "id": new_id()}
    with account.hints_held():
        first = customer.post_order(**call)

        again_while_pending = customer.post_order(**call)
    paid = wait_for_final_status(customer, first)
    again_when_paid = customer.post_order(**call)

    assert again_while_pending == first
    assert again_when_paid == paid
    assert audit.audited_orders(customer) == {first["id"]: Order("PAID", 3, PIZZA_TOTAL)}
    assert audit.announced(customer, count=1) == {first["id"]: "PAID"}


def test_clients_that_hang_up_before_the_answer_find_their_orders(
    customer: Customer, outputs: dict[str, Any], audit: Audit
) -> None:
    calls = [{**PIZZA, "id": new_id()} for _ in range(12)]

    unheard = [
        hang_up(outputs, customer, call, after_seconds=0.001 + 0.004 * number) for number, call in enumerate(calls)
    ]
    answers = [customer.post_order(**call)["id"] for call in calls]

    assert any(unheard)
    assert answers == [call["id"] for call in calls]
    assert audit.audited_orders(customer) == dict.fromkeys(answers, Order("PAID", 3, PIZZA_TOTAL))


def test_orders_that_nobody_asks_for_again_are_paid_too(
    customer: Customer, outputs: dict[str, Any], audit: Audit
) -> None:
    calls = [{**PIZZA, "id": new_id()} for _ in range(5)]  # on a busy machine some answers come in time

    unheard = [hang_up(outputs, customer, call, after_seconds=0.001) for call in calls]

    assert any(unheard)
    assert len(eventually(lambda: audit.orders(customer), lambda found: len(found) == 5, within_seconds=10)) == 5
    paid = Order("PAID", 3, PIZZA_TOTAL)
    assert audit.audited_orders(customer) == {call["id"]: paid for call in calls}


@pytest.mark.parametrize("change", ["dearer", "unavailable", "gone"])
def test_an_order_sent_again_after_the_menu_changed_keeps_its_price(
    customer: Customer, dish: Dish, audit: Audit, change: str
) -> None:
    call = {**dish.order, "id": new_id()}
    first = customer.post_order(**call)

    {"dearer": lambda: dish.offer(900), "unavailable": lambda: dish.offer(500, available=False), "gone": dish.remove}[
        change
    ]()
    again = customer.post_order(**call)

    assert (again["id"], again["total"]) == (first["id"], 1000)
    assert audit.audited_orders(customer) == {first["id"]: Order("PAID", 3, 1000)}


def test_an_order_sent_again_after_an_update_stays_updated(
    customer: Customer, account: AdministratorAccess, dish: Dish, audit: Audit
) -> None:
    call = {**dish.order, "id": new_id()}
    with account.hints_held():
        first = customer.post_order(**call)
        customer.execute(UPDATE, input={**PIZZA, "id": first["id"], "quantity": 3})
        dish.remove()

        again = customer.post_order(**call)

    assert (again["id"], again["name"], again["quantity"], again["version"]) == (first["id"], "Margherita", 3, 2)
    assert audit.audited_orders(customer) == {first["id"]: Order("PAID", 4, 2850)}


def test_an_order_sent_again_after_its_cancellation_stays_cancelled(
    customer: Customer, account: AdministratorAccess, audit: Audit
) -> None:
    call = {**PIZZA, "id": new_id()}
    with account.hints_held():
        first = customer.post_order(**call)
        customer.execute(CANCEL, id=first["id"])

        again = customer.post_order(**call)

    assert again["status"] == "CANCELLED"
    assert audit.audited_orders(customer) == {first["id"]: Order("CANCELLED", 2, PIZZA_TOTAL)}
    assert audit.charges(customer) == {}
