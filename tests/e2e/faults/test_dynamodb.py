"""DynamoDB throttles or refuses: what was begun is finished once it doesn't."""

import pytest

from tests.e2e.account import Account
from tests.e2e.faults.conftest import NewOrder
from tests.e2e.faults.kinds import DENIED, THROTTLED, Fault, Held, Refused
from tests.e2e.faults.one_order import OneOrder
from tests.e2e.faults.proxy import FaultProxy
from tests.e2e.faults.sweeping import Sweeper
from tests.e2e.waiting import eventually

THROUGHPUT = Refused("ProvisionedThroughputExceededException", 400)
REFUSALS = {"throttled": THROTTLED, "throughput": THROUGHPUT, "500": Refused(), "denied": DENIED}
WORKFLOW_ROLE = "orders-local-order"


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=REFUSALS)
@pytest.mark.parametrize("operation", ["GetItem", "PutItem"])
def test_a_charge_waits_for_its_table(order: OneOrder, proxy: FaultProxy, operation: str, refusal: Fault) -> None:
    with proxy.breaking(
        refusal, function="charge_payment", operation=operation, numbers=[1, 2], when=order.is_in
    ) as rule:
        order.place()

        assert order.final_status() == "PAID"
    assert (len(rule.broken), rule.seen) == (2, 3)
    assert order.charges() == ["approved"]


def test_a_table_that_refuses_every_attempt_to_charge_means_not_charged(order: OneOrder, proxy: FaultProxy) -> None:
    with proxy.breaking(
        THROTTLED, function="charge_payment", operation="PutItem", numbers=[1, 2, 3], when=order.is_in
    ) as rule:
        order.place()

        assert order.final_status() == "FAILED"
    assert (len(rule.broken), rule.seen) == (3, 4)
    assert order.charges() == ["voided"]


def test_a_payment_that_can_not_begin_begins_after_the_sweep(
    order: OneOrder, account: Account, sweeper: Sweeper
) -> None:
    with account.without("dynamodb:UpdateItem", role=WORKFLOW_ROLE):
        order.place()
        order.wait_for_executions(1)
        meanwhile = (order.status, order.charges())
    order.make_due()
    swept = sweeper.sweep()

    assert (meanwhile, swept) == (("PENDING", []), "done")
    assert order.final_status() == "PAID"
    assert order.charges() == ["approved"]


@pytest.mark.parametrize(
    ("payment_method", "status", "charges"),
    [("pm_card_visa", "PAID", ["approved"]), ("pm_card_chargeDeclined", "FAILED", ["declined"])],
)
def test_a_charge_that_can_not_be_marked_is_marked_after_the_sweep(
    order: OneOrder,
    proxy: FaultProxy,
    account: Account,
    sweeper: Sweeper,
    payment_method: str,
    status: str,
    charges: list[str],
) -> None:
    held = Held()
    with proxy.breaking(held, function="charge_payment", operation="PutItem", when=order.is_in) as rule:
        order.place(paymentMethod=payment_method)
        eventually(lambda: rule.broken, bool, within_seconds=10)
        with account.without("dynamodb:UpdateItem", role=WORKFLOW_ROLE):
            held.let_go()
            order.wait_for_executions(1)
            meanwhile = (order.status, order.charges())
    order.make_due()
    sweeper.sweep()

    assert meanwhile == ("PAYING", charges)
    assert order.final_status() == status
    assert order.charges() == charges


@pytest.mark.parametrize(
    ("operation", "refusal"),
    [("Query", THROTTLED), ("Query", DENIED), ("UpdateItem", THROUGHPUT), ("UpdateItem", Refused())],
    ids=str,
)
def test_a_sweep_that_is_refused_for_one_order_hints_at_the_others(
    new_order: NewOrder,
    proxy: FaultProxy,
    account: Account,
    sweeper: Sweeper,
    operation: str,
    refusal: Fault,
) -> None:
    orders = [new_order() for _ in range(3)]
    with account.hints_held():
        for order in orders:
            order.place()
        account.messages("queue_url", remove=True)
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
