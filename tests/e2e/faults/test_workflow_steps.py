"""Each step of the workflow is refused until the execution fails: the sweep finishes the order."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from tests.e2e.faults.conftest import NewOrder
from tests.e2e.faults.support.broken_orders import BrokenOrders, make_due
from tests.e2e.faults.support.call_faults import Held
from tests.e2e.faults.support.fault_proxy import FaultProxy
from tests.e2e.faults.support.one_order import WORKFLOW_ROLE, OneOrder
from tests.e2e.support.administrator_access import AdministratorAccess
from verify.polling import eventually

MOVE, INVOKE = "dynamodb:UpdateItem", "lambda:InvokeFunction"
# Other errors get two retries, after one second and two. Settling has the same.
LONGER_THAN_OTHER_RETRIES_SECONDS = 3.5
# Throttling is retried for half a minute, and the machine may be busy.
ALL_RETRIES_SECONDS = 60
NOTHING = ("GetItem", 0)
DECLINED = {"paymentMethod": "pm_card_chargeDeclined"}
NO_ANSWER = {"paymentMethod": "pm_sim_error_always"}


@dataclass(frozen=True)
class Step:
    """A step's permission, the payment call that must come before it, and the order without it."""

    action: str
    after: tuple[str, int]
    left: str
    charges: list[str]
    end: str
    placed_with: Mapping[str, str] = field(default_factory=dict)


STEPS = {
    "BeginPayment": Step(MOVE, NOTHING, "PENDING", [], "PAID"),
    "ChargePayment": Step(INVOKE, NOTHING, "PAYING", [], "PAID"),
    "SettlePayment": Step(INVOKE, ("GetItem", 3), "PAYING", [], "FAILED", NO_ANSWER),
    "MarkPaid": Step(MOVE, ("PutItem", 1), "PAYING", ["approved"], "PAID"),
    "MarkFailed": Step(MOVE, ("PutItem", 1), "PAYING", ["declined"], "FAILED", DECLINED),
    "MarkFailed after settling": Step(MOVE, ("PutItem", 1), "PAYING", ["voided"], "FAILED", NO_ANSWER),
}


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_a_step_that_is_refused_is_done_by_the_next_execution(
    step: Step, order: OneOrder, account: AdministratorAccess, proxy: FaultProxy, broken_orders: BrokenOrders
) -> None:
    held, (operation, number) = Held(), step.after
    with proxy.breaking(
        held, function="charge_payment", operation=operation, numbers=[number], when=order.is_its_payment
    ) as reached:
        if number:
            order.place(**step.placed_with)
            eventually(lambda: reached.broken, bool, within_seconds=10)
        with account.without(step.action, role=WORKFLOW_ROLE):
            if not number:
                order.place(**step.placed_with)
            held.let_go()
            order.wait_for_executions(1)
            meanwhile = (order.status, order.charges())
    make_due(order)
    broken_orders.sweeper.sweep()

    assert meanwhile == (step.left, step.charges)
    assert broken_orders.judge({"order": order}) == {}
    assert order.status == step.end
    assert broken_orders.leaves_nothing()


def test_a_charge_that_is_throttled_for_long_is_made_when_it_no_longer_is(
    order: OneOrder, account: AdministratorAccess, broken_orders: BrokenOrders
) -> None:
    with account.throttled("charge_payment"):
        order.place()
        eventually(lambda: order.status, lambda status: status == "PAYING", within_seconds=30)
        time.sleep(LONGER_THAN_OTHER_RETRIES_SECONDS)
        meanwhile = (order.status, order.charges())

    assert meanwhile == ("PAYING", [])
    assert broken_orders.judge({"order": order}) == {}
    assert order.status == "PAID"


def test_charges_that_are_throttled_beyond_their_retries_are_late_and_made_once(
    new_order: NewOrder, account: AdministratorAccess, proxy: FaultProxy, broken_orders: BrokenOrders
) -> None:
    held, orders = Held(), {"never tried": new_order(), "under way": new_order()}
    never_tried, under_way = orders.values()
    with proxy.breaking(
        held, function="charge_payment", operation="PutItem", numbers=[1], when=under_way.is_in
    ) as reached:
        under_way.place()
        eventually(lambda: reached.broken, bool, within_seconds=10)
        with account.throttled("charge_payment"):
            never_tried.place()
            for order in orders.values():
                order.wait_for_executions(1, within_seconds=ALL_RETRIES_SECONDS)
            meanwhile = [(order.status, order.charges()) for order in orders.values()]
        held.let_go()
        eventually(lambda: held.landed, bool, within_seconds=10)
    for order in orders.values():
        make_due(order)
    broken_orders.sweeper.sweep()

    assert meanwhile == [("PAYING", [])] * 2
    assert broken_orders.judge(orders) == {}
    assert [(order.status, order.charges()) for order in orders.values()] == [("PAID", ["approved"])] * 2
