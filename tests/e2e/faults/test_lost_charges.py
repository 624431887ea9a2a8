"""The charge succeeds and its answer is lost: the order is PAID, and charged once."""

import pytest

from tests.e2e.faults.support.call_faults import AnswerLost, Dies, Refused
from tests.e2e.faults.support.fault_proxy import FaultProxy
from tests.e2e.faults.support.one_order import OneOrder
from tests.e2e.faults.support.sweeper import Sweeper
from tests.e2e.support.mailbox import Mailbox


@pytest.mark.every_run
def test_a_charge_whose_answer_is_lost_is_found_by_the_retry(
    order: OneOrder, proxy: FaultProxy, mailbox: Mailbox
) -> None:
    with proxy.breaking(AnswerLost(), function="charge_payment", operation="PutItem", when=order.is_in) as rule:
        order.place()

        assert order.final_status() == "PAID"
    assert len(rule.broken) == 1
    assert order.charges() == ["approved"]
    assert [mail.attributes["status"] for mail in mailbox.wait_for(order.user_id, count=1)] == ["PAID"]


@pytest.mark.parametrize("operation", ["GetItem", "PutItem"])
def test_a_function_that_dies_before_or_after_the_charge_is_run_again(
    order: OneOrder, proxy: FaultProxy, server: int, operation: str
) -> None:
    with proxy.breaking(
        Dies(server), function="charge_payment", operation=operation, numbers=[1], when=order.is_in
    ) as rule:
        order.place()

        assert order.final_status() == "PAID"
    assert len(rule.broken) == 1
    assert order.charges() == ["approved"]


def test_a_charge_whose_answers_are_lost_until_the_retries_are_used_up_is_found_by_settling(
    order: OneOrder, proxy: FaultProxy
) -> None:
    with (
        proxy.breaking(AnswerLost(), function="charge_payment", operation="PutItem", numbers=[1], when=order.is_in),
        # Each attempt reads the record first. Only those of the second and third fail.
        proxy.breaking(
            Refused(), function="charge_payment", operation="GetItem", numbers=[2, 3], when=order.is_its_payment
        ) as unread,
    ):
        order.place()

        assert order.final_status() == "PAID"
    assert (len(unread.broken), unread.seen) == (2, 4)
    assert order.charges() == ["approved"]


@pytest.mark.parametrize(
    ("payment_method", "status", "charges"),
    [("pm_card_visa", "PAID", ["approved"]), ("pm_card_chargeDeclined", "FAILED", ["declined"])],
)
def test_a_charge_whose_every_answer_is_lost_is_found_by_the_next_execution(
    order: OneOrder, proxy: FaultProxy, sweeper: Sweeper, payment_method: str, status: str, charges: list[str]
) -> None:
    with (
        proxy.breaking(AnswerLost(), function="charge_payment", operation="PutItem", when=order.is_in) as lost,
        proxy.breaking(
            Refused(), function="charge_payment", operation="GetItem", numbers=[2, 3], when=order.is_its_payment
        ),
    ):
        order.place(paymentMethod=payment_method)
        order.wait_for_executions(1)
        meanwhile = order.status
    order.make_due()
    sweeper.sweep()

    # The reads of the charge, and of three attempts to settle.
    assert (len(lost.broken), meanwhile) == (4, "PAYING")
    assert order.final_status() == status
    assert order.charges() == charges


def test_a_void_whose_answer_is_lost_stays_the_only_record(order: OneOrder, proxy: FaultProxy) -> None:
    with proxy.breaking(
        AnswerLost(), function="charge_payment", operation="PutItem", numbers=[1], when=order.is_in
    ) as rule:
        order.place(paymentMethod="pm_sim_error_always")

        assert order.final_status() == "FAILED"
    assert (len(rule.broken), rule.seen) == (1, 2)
    assert order.charges() == ["voided"]
