"""Faults between the queue and the workflow: start_workflow fails, or its calls do."""

import json

import pytest

from tests.conftest import Deployment
from tests.e2e.faults.support.audit import Audit, Order
from tests.e2e.faults.support.call_faults import AnswerLost, Dies
from tests.e2e.faults.support.fault_proxy import FaultProxy
from tests.e2e.support.administrator_access import AdministratorAccess
from tests.e2e.support.lost_hints import make_due
from tests.e2e.support.order_requests import PIZZA, PIZZA_TOTAL, new_id
from tests.e2e.support.process_memory import server_pid
from tests.e2e.support.users import user_id_of
from verify.customer import Customer
from verify.polling import eventually

PAID = Order("PAID", 3, PIZZA_TOTAL)
API_ROLE = "orders-local-api-orders-queue"


@pytest.mark.parametrize("number", [1, 3], ids=["at the first of five", "in the middle"])
def test_a_consumer_that_dies_after_starting_a_workflow_charges_nobody_twice(
    proxy: FaultProxy,
    deployment: Deployment,
    customer: Customer,
    account: AdministratorAccess,
    audit: Audit,
    number: int,
) -> None:
    death = Dies(server_pid(deployment.run.directory))
    with (
        account.redelivery_after(seconds=2),
        proxy.breaking(death, function="start_workflow", operation="StartExecution", numbers=[number]) as rule,
    ):
        with account.hints_held():
            ids = [customer.post_order(**PIZZA)["id"] for _ in range(5)]
        started_before = len(proxy.calls)

        closed = audit.audited_orders(customer)

    (victim,) = [json.loads(json.loads(call.body)["input"])["id"] for call in rule.broken]
    starts = [call.body for call in proxy.calls[started_before:] if call.operation == "StartExecution"]
    assert closed == dict.fromkeys(ids, PAID)
    assert sum(victim.encode() in body for body in starts) >= 2  # it was not acknowledged
    assert set(audit.announced(customer, count=5).values()) == {"PAID"}


@pytest.mark.parametrize("numbers", [[1], [1, 2, 3]], ids=["the SDK tries again", "the queue delivers again"])
def test_a_start_whose_answer_is_lost_charges_nobody_twice(
    proxy: FaultProxy, customer: Customer, account: AdministratorAccess, audit: Audit, numbers: list[int]
) -> None:
    with (
        account.redelivery_after(seconds=1),
        proxy.breaking(AnswerLost(), function="start_workflow", operation="StartExecution", numbers=numbers) as rule,
    ):
        order = customer.post_order(**PIZZA)
        broken = eventually(lambda: len(rule.broken), lambda count: count == len(numbers), within_seconds=10)

        closed = audit.audited_orders(customer)

    assert broken == len(numbers)
    assert closed == {order["id"]: PAID}


@pytest.mark.every_run
def test_an_order_whose_message_could_not_be_sent_is_accepted_and_sweep_gets_it_paid(
    customer: Customer, account: AdministratorAccess, audit: Audit
) -> None:
    call = {**PIZZA, "id": new_id()}
    with account.without("sqs:SendMessage", role=API_ROLE):
        accepted = customer.post_order(**call)
    again = customer.post_order(**call)
    stuck = audit.orders(customer)
    make_due(account, user_id_of(customer), accepted["id"])

    account.invoke("sweep")

    assert accepted == again
    assert stuck == {call["id"]: Order("PENDING", 1, PIZZA_TOTAL)}
    assert audit.audited_orders(customer) == {call["id"]: PAID}
    assert audit.announced(customer, count=1) == {call["id"]: "PAID"}
