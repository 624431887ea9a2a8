"""The payment gateway fails or hangs: an order is charged once or not at all, and its row agrees.

The payments table is the simulated gateway's ledger. So a slow gateway is a slow write to it.
"""

from collections.abc import Callable
from typing import Any

import pytest

from tests.e2e.faults.support.call_faults import Call, Held, Late, Refused
from tests.e2e.faults.support.fault_proxy import FaultProxy
from tests.e2e.faults.support.one_order import OneOrder
from tests.e2e.faults.support.sweeper import ALL_HINTS, Sweeper, lose_hints
from tests.e2e.support.administrator_access import AdministratorAccess
from tests.e2e.support.mailbox import Mailbox
from verify.polling import eventually

# The functions wait 1.2 s for the table.
PAST_THE_TIMEOUT = 2.0


def is_approval_of(order: OneOrder) -> Callable[[Call], bool]:
    """Return a check for the calls that record the order's charge, not its void."""
    return lambda call: order.is_in(call) and b'"approved"' in call.body


@pytest.mark.every_run
def test_a_gateway_that_fails_once_charges_once(order: OneOrder, mailbox: Mailbox) -> None:
    order.place(paymentMethod="pm_sim_error_once")

    assert order.final_status() == "PAID"
    assert order.charges() == ["approved"]
    assert [mail.attributes["status"] for mail in mailbox.wait_for(order.user_id, count=1)] == ["PAID"]


def test_a_gateway_that_always_fails_charges_nothing_and_says_so(order: OneOrder, mailbox: Mailbox) -> None:
    order.place(paymentMethod="pm_sim_error_always")

    assert order.final_status() == "FAILED"
    assert order.charges() == ["voided"]
    assert order.row()["failure_reason"] == "PAYMENT_UNAVAILABLE"
    (mail,) = mailbox.wait_for(order.user_id, count=1)
    assert "you have not been charged" in mail.text


def test_a_charge_that_lands_after_the_timeout_is_the_retrys_charge(order: OneOrder, proxy: FaultProxy) -> None:
    late = Late(PAST_THE_TIMEOUT)
    with proxy.breaking(late, function="charge_payment", operation="PutItem", numbers=[1], when=order.is_in) as rule:
        order.place()

        assert order.final_status() == "PAID"
    assert len(rule.broken) == 1
    assert order.charges() == ["approved"]


def test_a_charge_that_lands_after_settling_meets_the_void(order: OneOrder, proxy: FaultProxy) -> None:
    held = Held()
    with proxy.breaking(held, function="charge_payment", operation="PutItem", when=is_approval_of(order)) as rule:
        order.place()
        status = order.final_status()
        too_early = list(held.landed)

        held.let_go()
        landed = eventually(lambda: held.landed, lambda calls: len(calls) == len(rule.broken), within_seconds=5)

    assert (status, too_early) == ("FAILED", [])
    assert len(landed) == 3
    assert (order.status, order.charges()) == ("FAILED", ["voided"])


def test_a_charge_that_meets_the_void_while_it_is_under_way_is_refunded(
    order: OneOrder, proxy: FaultProxy, account: AdministratorAccess
) -> None:
    # The simulated gateway moves no money, so its log is the only sign of a refund.
    refunds = len(account.log_lines("charge_payment", "refunded charge"))
    lose_hints([order], account)
    held = Held()
    with proxy.breaking(held, function="charge_payment", operation="PutItem", when=is_approval_of(order)) as rule:
        charging = account.invoking("charge_payment", payment_call(order, action="charge"))
        eventually(lambda: rule.broken, bool, within_seconds=5)
        settled = account.invoking("charge_payment", payment_call(order, action="settle")).result(timeout=10)

        held.let_go()
        charged = charging.result(timeout=10)

    assert (settled["result"], charged["result"]) == ("voided", "voided")
    assert order.charges() == ["voided"]
    assert len(account.log_lines("charge_payment", "refunded charge")) == refunds + 1


def payment_call(order: OneOrder, *, action: str) -> dict[str, Any]:
    """Return an event for `charge_payment`, as the workflow sends it."""
    call = {"user_id": order.user_id, "id": order.id, "action": action}
    return call if action == "settle" else {**call, "attempt": 0}


def test_settling_waits_for_a_gateway_that_does_not_answer(
    order: OneOrder, proxy: FaultProxy, sweeper: Sweeper
) -> None:
    with proxy.breaking(Refused(), function="charge_payment", when=order.is_in) as rule:
        order.place()
        order.wait_for_executions(1)
        meanwhile = (order.status, order.charges())
    order.make_due()
    swept = sweeper.sweep()

    assert len(rule.broken) == 6
    assert meanwhile == ("PAYING", [])
    assert swept == "done"
    assert order.final_status() == "PAID"
    assert order.charges() == ["approved"]


def test_giving_up_waits_for_a_gateway_that_does_not_answer(
    order: OneOrder, proxy: FaultProxy, sweeper: Sweeper, account: AdministratorAccess
) -> None:
    lose_hints([order], account)
    order.make_due(hints=ALL_HINTS)
    with proxy.breaking(Refused(), function="sweep", operation="GetItem", when=order.is_in):
        unanswered = sweeper.sweep()
        meanwhile = (order.status, order.charges())

    answered = sweeper.sweep()

    assert (unanswered, meanwhile) == ("SweepIncomplete", ("PENDING", []))
    assert answered == "done"
    assert (order.status, order.charges()) == ("FAILED", ["voided"])
