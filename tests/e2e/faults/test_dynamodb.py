"""DynamoDB throttles or refuses a function: the work is finished as soon as it doesn't.

test_workflow_steps.py has the calls of the workflow.
"""

import pytest

from tests.e2e.faults.conftest import NewOrder
from tests.e2e.faults.support.call_faults import DENIED, THROTTLED, Fault, Refused
from tests.e2e.faults.support.fault_proxy import FaultProxy
from tests.e2e.faults.support.one_order import OneOrder
from tests.e2e.faults.support.sweeper import Sweeper, lose_hints
from tests.e2e.support.administrator_access import AdministratorAccess

THROUGHPUT = Refused("ProvisionedThroughputExceededException", 400)


@pytest.mark.parametrize(
    ("operation", "refusal"),
    [("GetItem", THROTTLED), ("GetItem", DENIED), ("PutItem", THROUGHPUT), ("PutItem", Refused())],
    ids=str,
)
def test_a_charge_waits_for_its_table(order: OneOrder, proxy: FaultProxy, operation: str, refusal: Fault) -> None:
    with proxy.breaking(
        refusal, function="charge_payment", operation=operation, numbers=[1, 2], when=order.is_its_payment
    ) as rule:
        order.place()

        assert order.final_status() == "PAID"
    assert (len(rule.broken), rule.seen) == (2, 3)
    assert order.charges() == ["approved"]


def test_a_charge_waits_for_the_row_that_says_what_to_charge(order: OneOrder, proxy: FaultProxy) -> None:
    # The row is read before the record of payments.
    with proxy.breaking(
        THROTTLED, function="charge_payment", operation="GetItem", numbers=[1, 2], when=order.is_in
    ) as rule:
        order.place()

        assert order.final_status() == "PAID"
    assert (len(rule.broken), rule.seen) == (2, 4)
    assert order.charges() == ["approved"]


def test_a_table_that_refuses_every_attempt_to_charge_means_not_charged(order: OneOrder, proxy: FaultProxy) -> None:
    with proxy.breaking(
        THROTTLED, function="charge_payment", operation="PutItem", numbers=[1, 2, 3], when=order.is_in
    ) as rule:
        order.place()

        assert order.final_status() == "FAILED"
    assert (len(rule.broken), rule.seen) == (3, 4)
    assert order.charges() == ["voided"]


@pytest.mark.parametrize(
    ("operation", "refusal"),
    [("Query", THROTTLED), ("Query", DENIED), ("UpdateItem", THROUGHPUT), ("UpdateItem", Refused())],
    ids=str,
)
def test_a_sweep_that_is_refused_for_one_order_hints_at_the_others(
    new_order: NewOrder,
    proxy: FaultProxy,
    account: AdministratorAccess,
    sweeper: Sweeper,
    operation: str,
    refusal: Fault,
) -> None:
    orders = [new_order() for _ in range(3)]
    lose_hints(orders, account)
    for order in orders:
        order.make_due()
    unlucky, *others = orders
    shard = str(unlucky.row()["open_shard"]).encode()
    apart = [order for order in others if order.row()["open_shard"] != unlucky.row()["open_shard"]]
    lucky = apart if operation == "Query" else others

    with proxy.breaking(
        refusal,
        function="sweep",
        operation=operation,
        when=lambda call: (b'":shard": {"N": "%s"}' % shard in call.body) or unlucky.is_in(call),
    ) as rule:
        first = sweeper.sweep()
        statuses = [order.final_status() for order in lucky]
        meanwhile = unlucky.status
    second = sweeper.sweep()

    assert rule.broken
    assert (first, second) == ("SweepIncomplete", "done")
    assert (statuses, meanwhile) == (["PAID"] * len(lucky), "PENDING")
    assert [order.final_status() for order in orders] == ["PAID"] * 3
