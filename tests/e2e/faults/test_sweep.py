"""The sweep finishes orders that no workflow works on, also when the sweep itself fails."""

import pytest

from tests.e2e.faults.conftest import NewOrder
from tests.e2e.faults.support.call_faults import AnswerLost, Dies, Fault, Late, Refused
from tests.e2e.faults.support.fault_proxy import FaultProxy
from tests.e2e.faults.support.one_order import WORKFLOW_ROLE, OneOrder
from tests.e2e.faults.support.sweeper import ALL_HINTS, Sweeper, lose_hints
from tests.e2e.support.administrator_access import AdministratorAccess
from tests.e2e.support.mailbox import Mailbox


def lose_hints_long_ago(orders: list[OneOrder], account: AdministratorAccess, *, hints: int | None = None) -> None:
    """Place orders whose messages get lost, and make them due."""
    lose_hints(orders, account)
    for order in orders:
        order.make_due(hints=hints)


@pytest.mark.every_run
def test_an_order_whose_hint_was_lost_is_paid(order: OneOrder, account: AdministratorAccess, sweeper: Sweeper) -> None:
    lose_hints_long_ago([order], account)

    assert sweeper.sweep() == "done"

    assert order.final_status() == "PAID"
    assert order.charges() == ["approved"]


def test_an_order_whose_execution_died_is_paid(order: OneOrder, account: AdministratorAccess, sweeper: Sweeper) -> None:
    with account.without("lambda:InvokeFunction", role=WORKFLOW_ROLE):
        order.place()
        order.wait_for_executions(1)
    meanwhile = order.status
    order.make_due()

    assert sweeper.sweep() == "done"

    assert meanwhile == "PAYING"
    assert order.final_status() == "PAID"
    assert order.charges() == ["approved"]


@pytest.mark.every_run
def test_an_order_that_nobody_took_is_given_up_and_never_charged(
    order: OneOrder, account: AdministratorAccess, sweeper: Sweeper, mailbox: Mailbox
) -> None:
    lose_hints_long_ago([order], account, hints=ALL_HINTS)

    assert sweeper.sweep() == "done"
    given_up = (order.status, order.row()["failure_reason"], order.charges())
    order.send_hint()
    order.wait_for_executions(1)

    assert given_up == ("FAILED", "PAYMENT_UNAVAILABLE", ["voided"])
    assert (order.status, order.charges()) == ("FAILED", ["voided"])
    assert "open_shard" not in order.row()
    assert [mail.attributes["status"] for mail in mailbox.wait_for(order.user_id, count=1)] == ["FAILED"]


@pytest.mark.parametrize(
    ("payment_method", "status", "charges"),
    [("pm_card_visa", "PAID", ["approved"]), ("pm_card_chargeDeclined", "FAILED", ["declined"])],
)
def test_an_order_that_is_given_up_ends_by_what_stands_of_its_charge(
    order: OneOrder,
    proxy: FaultProxy,
    account: AdministratorAccess,
    sweeper: Sweeper,
    payment_method: str,
    status: str,
    charges: list[str],
) -> None:
    with (
        proxy.breaking(AnswerLost(), function="charge_payment", operation="PutItem", when=order.is_in),
        proxy.breaking(
            Refused(),
            function="charge_payment",
            operation="GetItem",
            numbers=[2, 3, 4, 5, 6],
            when=order.is_its_payment,
        ),
    ):
        order.place(paymentMethod=payment_method)
        order.wait_for_executions(1)
    meanwhile = (order.status, order.charges())
    order.make_due(hints=ALL_HINTS)

    assert sweeper.sweep() == "done"

    assert meanwhile == ("PAYING", charges)
    assert (order.status, order.charges()) == (status, charges)


def test_two_sweeps_at_once_send_one_hint_an_order(
    new_order: NewOrder, proxy: FaultProxy, account: AdministratorAccess, sweeper: Sweeper
) -> None:
    orders = [new_order() for _ in range(5)]
    lose_hints_long_ago(orders, account)

    # Late enough for both to have read the index before the first of them writes.
    with proxy.breaking(Late(0.5), function="sweep", operation="UpdateItem", numbers=[1, 2]):
        swept = sweeper.sweep_at_once(2)

    hints = [call for call in proxy.calls if call.function == "sweep" and call.operation == "SendMessage"]
    claims = [call for call in proxy.calls if call.function == "sweep" and call.operation == "UpdateItem"]
    assert swept == ["done", "done"]
    assert [order.final_status() for order in orders] == ["PAID"] * 5
    assert [sum(order.is_in(call) for call in hints) for order in orders] == [1] * 5
    assert max(sum(order.is_in(call) for call in claims) for order in orders) == 2
    assert [order.row()["hints"] for order in orders] == [1] * 5


@pytest.mark.parametrize("operation", ["Query", "UpdateItem", "SendMessage"])
def test_what_a_sweep_that_died_left_undone_is_done_by_the_next(
    new_order: NewOrder, proxy: FaultProxy, account: AdministratorAccess, sweeper: Sweeper, server: int, operation: str
) -> None:
    orders = [new_order() for _ in range(3)]
    lose_hints_long_ago(orders, account)

    with proxy.breaking(Dies(server), function="sweep", operation=operation, numbers=[1]) as rule:
        died = sweeper.sweep()
    for order in orders:
        if order.status == "PENDING":
            order.make_due()
    swept = sweeper.sweep()

    assert (died, len(rule.broken), swept) == ("Runtime.ExitError", 1, "done")
    assert [order.final_status() for order in orders] == ["PAID"] * 3
    assert [order.charges() for order in orders] == [["approved"]] * 3


@pytest.mark.parametrize("fault", [Refused(), AnswerLost()], ids=str)
def test_a_hint_that_can_not_be_sent_is_sent_by_the_next_sweep(
    order: OneOrder, proxy: FaultProxy, account: AdministratorAccess, sweeper: Sweeper, fault: Fault
) -> None:
    lose_hints_long_ago([order], account)

    with proxy.breaking(fault, function="sweep", operation="SendMessage", when=order.is_in):
        first = sweeper.sweep()
    if order.status == "PENDING":
        order.make_due()
    second = sweeper.sweep()

    assert (first, second) == ("SweepIncomplete", "done")
    assert order.final_status() == "PAID"
    assert order.charges() == ["approved"]
