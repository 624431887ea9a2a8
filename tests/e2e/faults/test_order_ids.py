"""An order id names one order of one customer, also when others use it or it was deleted."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.e2e.faults.support.audit import Audit, Order
from tests.e2e.support.administrator_access import AdministratorAccess
from tests.e2e.support.order_requests import CANCEL, DELETE, PIZZA, PIZZA_TOTAL, new_id
from verify.customer import Customer, GraphqlError
from verify.polling import wait_for_final_status

CALLS = 50
TIRAMISU = {"name": "Tiramisù", "quantity": 3, "restaurantId": "trattoria-roma"}
TIRAMISU_TOTAL = 1740


def outcome(customer: Customer, order: dict[str, Any]) -> str:
    """Place the order; return the name of its dish, or the type of the error."""
    try:
        return str(customer.post_order(**order)["name"])
    except GraphqlError as error:
        return str(error.type)


@pytest.mark.every_run
def test_customers_with_the_same_id_are_charged_each_for_their_own(
    customer: Customer, stranger: Customer, audit: Audit
) -> None:
    id_ = new_id()

    own, other = customer.post_order(**PIZZA, id=id_), stranger.post_order(**TIRAMISU, id=id_)

    assert own["id"] == other["id"] == id_
    assert audit.audited_orders(customer) == {id_: Order("PAID", 3, PIZZA_TOTAL)}
    assert audit.audited_orders(stranger) == {id_: Order("PAID", 3, TIRAMISU_TOTAL)}
    assert audit.charges(customer) == {id_: ("approved", PIZZA_TOTAL)}
    assert audit.charges(stranger) == {id_: ("approved", TIRAMISU_TOTAL)}


@pytest.mark.every_run
@pytest.mark.parametrize(
    "change", [{"name": "Tiramisù"}, {"quantity": 3}, {"paymentMethod": "pm_card_chargeDeclined"}], ids=str
)
def test_an_id_with_other_content_is_refused_and_changes_nothing(
    customer: Customer, account: AdministratorAccess, audit: Audit, change: dict[str, Any]
) -> None:
    id_ = new_id()
    with account.hints_held():
        customer.post_order(**PIZZA, id=id_)

        refused_while_pending = outcome(customer, {**PIZZA, "id": id_, **change})
    wait_for_final_status(customer, {"id": id_})
    refused_when_paid = outcome(customer, {**PIZZA, "id": id_, **change})

    assert (refused_while_pending, refused_when_paid) == ("OrderConflict", "OrderConflict")
    assert audit.audited_orders(customer) == {id_: Order("PAID", 3, PIZZA_TOTAL)}


def test_the_id_of_an_order_that_was_deleted_before_its_charge_can_be_used_again(
    customer: Customer, account: AdministratorAccess, audit: Audit
) -> None:
    id_ = new_id()
    with account.hints_held():
        customer.post_order(**PIZZA, id=id_)
        customer.execute(DELETE, id=id_)

        customer.post_order(**TIRAMISU, id=id_)

    assert audit.audited_orders(customer) == {id_: Order("PAID", 3, TIRAMISU_TOTAL)}  # though there were two hints


def test_the_id_of_a_cancelled_and_deleted_order_can_be_used_again(
    customer: Customer, account: AdministratorAccess, audit: Audit
) -> None:
    id_ = new_id()
    with account.hints_held():
        customer.post_order(**PIZZA, id=id_)
        customer.execute(CANCEL, id=id_)
    customer.execute(DELETE, id=id_)

    customer.post_order(**PIZZA, id=id_)

    assert audit.audited_orders(customer) == {id_: Order("PAID", 3, PIZZA_TOTAL)}


@pytest.mark.parametrize("again", [PIZZA, {**PIZZA, "paymentMethod": "pm_card_chargeDeclined"}], ids=["other", "same"])
def test_the_id_of_a_deleted_order_with_a_charge_on_record_is_used_up(
    customer: Customer, audit: Audit, again: dict[str, Any]
) -> None:
    id_ = new_id()
    customer.post_order(**PIZZA, id=id_, paymentMethod="pm_card_chargeDeclined")
    declined = wait_for_final_status(customer, {"id": id_})
    customer.execute(DELETE, id=id_)

    refused = outcome(customer, {**again, "id": id_})

    assert declined["status"] == "FAILED"
    assert refused == "OrderConflict"
    assert audit.orders(customer) == {}
    assert audit.charges(customer) == {id_: ("declined", PIZZA_TOTAL)}


def test_fifty_calls_at_once_with_one_id_make_one_order_and_one_charge(customer: Customer, audit: Audit) -> None:
    id_ = new_id()

    with ThreadPoolExecutor(CALLS) as callers:
        answers = list(callers.map(lambda _: customer.post_order(**PIZZA, id=id_), range(CALLS)))

    assert {(answer["id"], answer["total"]) for answer in answers} == {(id_, PIZZA_TOTAL)}
    assert audit.audited_orders(customer) == {id_: Order("PAID", 3, PIZZA_TOTAL)}
    assert audit.announced(customer, count=1) == {id_: "PAID"}


def test_of_calls_at_once_with_one_id_and_two_contents_one_content_wins(customer: Customer, audit: Audit) -> None:
    id_ = new_id()
    calls = [{**(TIRAMISU if number % 2 else PIZZA), "id": id_} for number in range(CALLS)]

    with ThreadPoolExecutor(CALLS) as callers:
        outcomes = list(callers.map(lambda call: outcome(customer, call), calls))

    winner = str(customer.order(id_)["name"])
    expected = [winner if call["name"] == winner else "OrderConflict" for call in calls]
    total = {"Margherita": PIZZA_TOTAL, "Tiramisù": TIRAMISU_TOTAL}[winner]
    assert outcomes == expected
    assert audit.audited_orders(customer) == {id_: Order("PAID", 3, total)}
