"""Customers change, cancel and delete orders, as long as no workflow has taken them."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from emulator.appsync.aws_interpretations import WITHOUT_ROW
from tests.e2e.support.administrator_access import AdministratorAccess
from tests.e2e.support.appsync_interpretations import failed_condition
from tests.e2e.support.order_requests import CANCEL, DELETE, PIZZA, UPDATE, new_id
from tests.e2e.support.users import user_id_of
from verify.customer import Customer, GraphqlError
from verify.polling import wait_for_final_status, wait_for_status


@pytest.fixture
def hints_held(account: AdministratorAccess) -> Iterator[None]:
    """Orders stay PENDING during the test."""
    with account.hints_held():
        yield


@pytest.fixture(scope="module", params=[None, WITHOUT_ROW], ids=["as the guide says", "without row"])
def failed_conditions(request: pytest.FixtureRequest, account: AdministratorAccess) -> Iterator[None]:
    """Both interpretations of a refused write: the answer has the row, or hasn't.

    The sources disagree (emulator/appsync/aws_interpretations.py).
    """
    if request.param is None:
        yield
    else:
        with failed_condition(account, request.param):
            yield


def refusals(customer: Customer, order_id: str) -> list[str | None]:
    """Try to update, cancel and delete the order; return the error types, None for success."""
    update = {"input": {**PIZZA, "id": order_id, "quantity": 5}}
    attempts: list[tuple[str, dict[str, Any]]] = [(UPDATE, update), (CANCEL, {"id": order_id})]
    attempts.append((DELETE, {"id": order_id}))
    types: list[str | None] = []
    for document, variables in attempts:
        try:
            customer.execute(document, **variables)
        except GraphqlError as error:
            types.append(error.type)
        else:
            types.append(None)
    return types


@pytest.mark.usefixtures("hints_held")
def test_a_pending_order_can_be_updated_at_the_price_of_the_new_dish(customer: Customer) -> None:
    order = customer.post_order(**PIZZA)
    tiramisu = {"id": order["id"], "name": "Tiramisù", "quantity": 3, "restaurantId": "trattoria-roma"}

    updated = customer.execute(UPDATE, input=tiramisu)["updateOrder"]

    assert updated == {"id": order["id"], "status": "PENDING", "total": 1740, "version": 2}
    assert customer.order(order["id"])["name"] == "Tiramisù"


def test_an_updated_order_is_charged_the_new_price(customer: Customer, account: AdministratorAccess) -> None:
    with account.hints_held():
        order = customer.post_order(**PIZZA)
        customer.execute(UPDATE, input={**PIZZA, "id": order["id"], "quantity": 3})

    final = wait_for_final_status(customer, order)

    assert (final["status"], final["total"], final["version"]) == ("PAID", 2850, 4)
    (payment,) = account.rows("payments", user_id_of(customer))
    assert payment["amount"]["N"] == "2850"


@pytest.mark.usefixtures("failed_conditions")
def test_a_cancelled_order_is_never_charged_and_stays_as_it_is(
    customer: Customer, account: AdministratorAccess
) -> None:
    with account.hints_held():
        order = customer.post_order(**PIZZA)
        cancelled = customer.execute(CANCEL, id=order["id"])["cancelOrder"]
    paid = wait_for_final_status(customer, customer.post_order(**PIZZA))

    assert cancelled == {"id": order["id"], "status": "CANCELLED", "version": 2}
    assert paid["status"] == "PAID"  # its hint came after the other's
    assert customer.order(order["id"])["status"] == "CANCELLED"
    assert [row["order_id"]["S"] for row in account.rows("payments", user_id_of(customer))] == [paid["id"]]
    assert refusals(customer, order["id"]) == ["OrderNotChangeable", "OrderNotChangeable", None]


@pytest.mark.usefixtures("failed_conditions", "hints_held")
def test_a_deleted_order_is_gone(customer: Customer, account: AdministratorAccess) -> None:
    order = customer.post_order(**PIZZA)

    answer = customer.execute(DELETE, id=order["id"])

    assert answer == {"deleteOrder": order["id"]}
    assert account.rows("orders", user_id_of(customer)) == []
    assert refusals(customer, order["id"]) == ["OrderNotFound"] * 3


@pytest.mark.usefixtures("failed_conditions")
def test_an_order_in_flight_can_not_be_changed_nor_deleted(customer: Customer, account: AdministratorAccess) -> None:
    with account.throttled("charge_payment"):
        order = customer.post_order(**PIZZA)
        in_flight = wait_for_status(customer, order["id"], until="PAYING", within_seconds=10)

        refused = refusals(customer, order["id"])

    assert in_flight == "PAYING"
    assert refused == ["OrderNotChangeable"] * 3
    assert wait_for_final_status(customer, order)["status"] == "PAID"


@pytest.mark.usefixtures("failed_conditions")
def test_a_paid_order_can_not_be_changed_nor_deleted(customer: Customer) -> None:
    paid = wait_for_final_status(customer, customer.post_order(**PIZZA))

    refused = refusals(customer, paid["id"])

    assert refused == ["OrderNotChangeable"] * 3
    assert customer.order(paid["id"]) == paid


@pytest.mark.usefixtures("failed_conditions")
def test_an_order_that_does_not_exist_is_null_and_can_not_be_changed(customer: Customer) -> None:
    missing = new_id()

    answer = customer.execute("query Order($id: String!) { order(id: $id) { id status } }", id=missing)

    assert answer == {"order": None}
    assert refusals(customer, missing) == ["OrderNotFound"] * 3


@pytest.mark.usefixtures("failed_conditions")
def test_ten_equal_calls_at_once_make_one_order(customer: Customer, account: AdministratorAccess) -> None:
    id_ = new_id()

    with ThreadPoolExecutor(10) as callers:
        answers = list(callers.map(lambda _: customer.post_order(**PIZZA, id=id_), range(10)))

    assert {answer["id"] for answer in answers} == {id_}
    assert [row["id"]["S"] for row in account.rows("orders", user_id_of(customer))] == [id_]
