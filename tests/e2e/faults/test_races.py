"""A customer changes an order while the workflow begins to pay: one wins, never both."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest

from tests.e2e.faults.support.audit import Audit, Order
from tests.e2e.faults.support.call_faults import Held
from tests.e2e.faults.support.fault_proxy import FaultProxy
from tests.e2e.support.administrator_access import AdministratorAccess
from tests.e2e.support.order_requests import CANCEL, DELETE, PIZZA, PIZZA_TOTAL, UPDATE
from tests.e2e.support.users import user_id_of
from verify.customer import Customer, GraphqlError
from verify.polling import eventually, wait_for_final_status, wait_for_status

RACES = 40
PAID = Order("PAID", 3, PIZZA_TOTAL)


@dataclass(frozen=True)
class Change:
    """A change that a customer may make, and the order if it came first; None if it is deleted."""

    document: str
    first: Order | None

    def make(self, customer: Customer, id_: str) -> str | None:
        """Make the change; return the type of the error, if any."""
        variables: dict[str, Any] = {"id": id_}
        if self.document == UPDATE:
            variables = {"input": {**PIZZA, "id": id_, "quantity": 3}}
        try:
            customer.execute(self.document, **variables)
        except GraphqlError as error:
            return error.type
        return None


CHANGES = {
    "cancel": Change(CANCEL, Order("CANCELLED", 2, PIZZA_TOTAL)),
    "update": Change(UPDATE, Order("PAID", 4, 2850)),
    "delete": Change(DELETE, None),
}
each_change = pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)


@pytest.mark.every_run
@each_change
def test_a_customer_who_comes_first_wins(
    customer: Customer, account: AdministratorAccess, audit: Audit, change: Change
) -> None:
    with account.hints_held():
        order = customer.post_order(**PIZZA)

        refused = change.make(customer, order["id"])
    wait_for_final_status(customer, last := customer.post_order(**PIZZA))  # its hint came after the other's

    assert refused is None
    expected = {order["id"]: change.first, last["id"]: PAID}
    assert audit.audited_orders(customer) == {id_: found for id_, found in expected.items() if found}
    charged = {id_: ("approved", found.total) for id_, found in expected.items() if found and found.status == "PAID"}
    assert audit.charges(customer) == charged


@each_change
def test_a_workflow_that_comes_first_wins(proxy: FaultProxy, customer: Customer, audit: Audit, change: Change) -> None:
    with proxy.breaking(held := Held(), function="charge_payment", operation="GetItem"):
        order = customer.post_order(**PIZZA)
        in_flight = wait_for_status(customer, order["id"], until="PAYING")

        refused = change.make(customer, order["id"])
        still = audit.orders(customer)[order["id"]]
        held.let_go()
        closed = audit.audited_orders(customer)

    assert in_flight == "PAYING"
    assert refused == "OrderNotChangeable"
    assert still == Order("PAYING", 2, PIZZA_TOTAL)
    assert closed == {order["id"]: PAID}
    assert audit.announced(customer, count=1) == {order["id"]: "PAID"}


@each_change
def test_in_a_race_either_wins_and_never_both(customer: Customer, audit: Audit, change: Change) -> None:
    def race(number: int) -> tuple[str, str | None]:
        order = customer.post_order(**PIZZA)
        time.sleep(number / 200)  # changes come at once, and later and later
        return order["id"], change.make(customer, order["id"])

    with ThreadPoolExecutor(4) as racers:
        outcomes = dict(racers.map(race, range(RACES)))
    closed = audit.audited_orders(customer, within_seconds=30)

    assert set(outcomes.values()) <= {None, "OrderNotChangeable"}
    expected = {id_: PAID if refused else change.first for id_, refused in outcomes.items()}
    assert closed == {id_: found for id_, found in expected.items() if found}
    charged = {id_: ("approved", found.total) for id_, found in expected.items() if found and found.status == "PAID"}
    assert audit.charges(customer) == charged


def test_a_deletion_at_the_same_time_as_other_changes_leaves_nothing(
    customer: Customer, account: AdministratorAccess, audit: Audit
) -> None:
    def change_at_once(id_: str) -> dict[str, str | None]:
        changing = racers.map(lambda change: change.make(customer, id_), CHANGES.values())
        return dict(zip(CHANGES, changing, strict=True))

    with account.hints_held(), ThreadPoolExecutor(3) as racers:
        ids = [customer.post_order(**PIZZA)["id"] for _ in range(20)]

        outcomes = [change_at_once(id_) for id_ in ids]

    # PENDING and CANCELLED both allow it.
    assert {refused["delete"] for refused in outcomes} == {None}
    assert {refused["cancel"] for refused in outcomes} <= {None, "OrderNotFound"}
    assert {refused["update"] for refused in outcomes} <= {None, "OrderNotFound", "OrderNotChangeable"}
    assert audit.audited_orders(customer) == {}
    assert audit.charges(customer) == {}


@pytest.mark.parametrize(
    ("table", "paid_for"), [("payments", ["gone", "last"]), ("orders", ["last"])], ids=["after it was read", "before"]
)
def test_a_row_that_goes_while_it_is_paid_leaves_its_payment_and_no_ghost(
    proxy: FaultProxy, customer: Customer, account: AdministratorAccess, audit: Audit, table: str, paid_for: list[str]
) -> None:
    held, name = Held(), account.outputs[f"{table}_table"].encode()
    with proxy.breaking(held, function="charge_payment", operation="GetItem", when=lambda call: name in call.body):
        order = customer.post_order(**PIZZA)
        in_flight = wait_for_status(customer, order["id"], until="PAYING")

        # Only an administrator can do this: the API doesn't delete a PAYING order.
        key = {"user_id": {"S": user_id_of(customer)}, "id": {"S": order["id"]}}
        account.client("dynamodb").delete_item(TableName=account.outputs["orders_table"], Key=key)
        held.let_go()
    wait_for_final_status(customer, last := customer.post_order(**PIZZA))
    charges = eventually(lambda: audit.charges(customer), lambda found: len(found) == len(paid_for), within_seconds=10)

    ids = {"gone": order["id"], "last": last["id"]}
    assert in_flight == "PAYING"
    assert charges == {ids[one]: ("approved", PIZZA_TOTAL) for one in paid_for}
    assert set(audit.orders(customer)) == {last["id"]}
