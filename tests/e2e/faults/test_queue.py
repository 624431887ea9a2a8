"""The queue delivers messages twice, in another order, or with unreadable content."""

import json
from collections.abc import Iterable

import pytest

from tests.e2e.faults.support.audit import Audit, Order
from tests.e2e.faults.support.call_faults import DENIED, Twice
from tests.e2e.faults.support.fault_proxy import FaultProxy, Rule
from tests.e2e.support.administrator_access import AdministratorAccess
from tests.e2e.support.order_requests import CANCEL, PIZZA, PIZZA_TOTAL, new_id
from tests.e2e.support.users import user_id_of
from verify.customer import Customer
from verify.polling import eventually, wait_for_final_status

POISON = json.dumps({"version": 2, "order": "of a version that nobody knows"})
RECEIVES = 4
PAID = Order("PAID", 3, PIZZA_TOTAL)


def place(customer: Customer, count: int) -> list[str]:
    """Place orders; return their ids."""
    return [customer.post_order(**PIZZA)["id"] for _ in range(count)]


def ids_in(rule: Rule) -> set[str]:
    """Return the orders for which the start of a workflow was broken."""
    return {json.loads(json.loads(call.body)["input"])["id"] for call in rule.broken}


def wait_until_broken(rule: Rule, ids: Iterable[str], *, times: int) -> None:
    """Wait until the starts of these orders were broken so many times in all."""
    wanted = set(ids)
    eventually(
        lambda: (ids_in(rule), len(rule.broken)),
        lambda seen: seen[0] >= wanted and seen[1] >= times,
        within_seconds=20,
    )


@pytest.mark.every_run
def test_messages_that_come_twice_charge_once(customer: Customer, account: AdministratorAccess, audit: Audit) -> None:
    with account.hints_held():
        ids = place(customer, 5)
        for id_ in ids:
            account.send_hint(user_id_of(customer), id_)
    paid = audit.audited_orders(customer)
    for id_ in ids:
        account.send_hint(user_id_of(customer), id_)
    wait_for_final_status(customer, customer.post_order(**PIZZA))  # its hint came after those

    assert paid == dict.fromkeys(ids, PAID)
    assert {id_: order for id_, order in audit.audited_orders(customer).items() if id_ in paid} == paid
    assert set(audit.announced(customer, count=6).values()) == {"PAID"}


def test_workflows_that_start_twice_charge_once(proxy: FaultProxy, customer: Customer, audit: Audit) -> None:
    with proxy.breaking(Twice(), function="start_workflow", operation="StartExecution") as rule:
        ids = place(customer, 5)

        closed = audit.audited_orders(customer)

    assert ids_in(rule) == set(ids)
    assert closed == dict.fromkeys(ids, PAID)


def test_messages_out_of_order_are_paid_all(customer: Customer, account: AdministratorAccess, audit: Audit) -> None:
    with account.hints_held():
        ids = place(customer, 10)
        cancelled, *rest = ids
        customer.execute(CANCEL, id=cancelled)
        taken = [message["Body"] for message in account.messages("queue_url", remove=True)]
        for body in reversed(taken):
            account.send("queue_url", body)

    closed = audit.audited_orders(customer)

    assert [json.loads(body)["id"] for body in taken] == ids
    assert closed == {cancelled: Order("CANCELLED", 2, PIZZA_TOTAL), **dict.fromkeys(rest, PAID)}


def test_a_message_that_comes_before_its_order_makes_none_and_harms_none(
    customer: Customer, account: AdministratorAccess, audit: Audit
) -> None:
    id_ = new_id()
    account.send_hint(user_id_of(customer), id_)

    before = audit.audited_orders(customer)
    customer.post_order(**PIZZA, id=id_)

    assert before == {}
    assert audit.audited_orders(customer) == {id_: PAID}


def test_of_ten_messages_only_the_poison_is_put_aside_after_four_receives(
    customer: Customer, account: AdministratorAccess, audit: Audit
) -> None:
    with account.redelivery_after(seconds=1):
        with account.hints_held():
            ids = place(customer, 4)
            account.send("queue_url", POISON)
            ids += place(customer, 5)
        paid_meanwhile = audit.orders_once_final(customer)
        dead = eventually(lambda: account.messages("dead_letter_queue_url", remove=True), bool, within_seconds=20)

    assert paid_meanwhile == dict.fromkeys(ids, PAID)
    assert [message["Body"] for message in dead] == [POISON]
    # The last receive was the test's own.
    assert int(dead[0]["Attributes"]["ApproximateReceiveCount"]) == RECEIVES + 1
    assert audit.audited_orders(customer) == paid_meanwhile


def test_a_batch_that_fails_whole_comes_again_and_nothing_is_put_aside(
    proxy: FaultProxy, customer: Customer, account: AdministratorAccess, audit: Audit
) -> None:
    with account.redelivery_after(seconds=1):
        with proxy.breaking(DENIED, function="start_workflow", operation="StartExecution") as rule:
            with account.hints_held():
                ids = place(customer, 10)
            wait_until_broken(rule, ids, times=15)
            stuck = audit.orders(customer)

        closed = audit.audited_orders(customer)

    assert ids_in(rule) == set(ids)
    assert len(rule.broken) > len(ids)  # the queue delivered them again, without the sweep
    assert {order.status for order in stuck.values()} == {"PENDING"}
    assert closed == dict.fromkeys(ids, PAID)
    assert account.messages("dead_letter_queue_url") == []
    assert set(audit.announced(customer, count=10).values()) == {"PAID"}
