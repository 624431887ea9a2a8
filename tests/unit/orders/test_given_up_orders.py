"""An order that had all its hints is settled, so that no order stays open."""

from dataclasses import replace

import pytest
from orders.domain.money import Money
from orders.domain.payment import Charge, ChargeRequest, Payment, PaymentGatewayUnavailable, PaymentResult
from orders.use_cases.sweep import SweepReport

from tests.support.fakes import FakeGateway
from tests.support.order_rows import KEY, order_row
from tests.unit.support.order_system import OrderSystem


@pytest.fixture
def system() -> OrderSystem:
    return OrderSystem()


@pytest.mark.parametrize("status", ["PENDING", "PAYING"])
def test_an_order_without_a_charge_is_given_up_as_failed(system: OrderSystem, status: str) -> None:
    system.orders.put(order_row(status=status, hints=5, lease_owner="a dead execution"))

    report = system.sweep()

    assert report.given_up == [KEY]
    assert system.hints.sent == []
    assert system.payments.stored[KEY].charge.result is PaymentResult.VOIDED
    assert system.orders.rows[KEY] == order_row(
        status="FAILED",
        failure_reason="PAYMENT_UNAVAILABLE",
        hints=5,
        version=2,
        updated_at="2026-01-01T00:00:00.000Z",
        open_shard=None,
        due_at=None,
    )


@pytest.mark.parametrize(
    ("charge", "status", "reason"),
    [
        (Charge("ch_1", PaymentResult.APPROVED), "PAID", None),
        (Charge("ch_1", PaymentResult.DECLINED, "CARD_DECLINED"), "FAILED", "CARD_DECLINED"),
        (Charge("ch_1", PaymentResult.DECLINED), "FAILED", "PAYMENT_FAILED"),
        (Charge("ch_1", PaymentResult.VOIDED, ""), "FAILED", "PAYMENT_FAILED"),
        (Charge("ch_1", PaymentResult.APPROVED, "a note"), "PAID", None),
    ],
)
def test_what_was_charged_decides_how_an_order_is_given_up(
    system: OrderSystem, charge: Charge, status: str, reason: str | None
) -> None:
    system.orders.put(order_row(status="PAYING", hints=5))
    system.payments.record(Payment(KEY, charge, Money(1700, "EUR"), "2026-01-01T00:00:00.000Z"))

    report = system.sweep()

    assert report.given_up == [KEY]
    assert (system.status(), system.orders.rows[KEY].get("failure_reason")) == (status, reason)


def test_what_a_workflow_charged_is_found_by_asking_for_the_very_same_charge(system: OrderSystem) -> None:
    row = order_row(status="PAYING", hints=5, payment_method="pm_sim_error_once")
    system.orders.put(row)
    gateway = FakeGateway()
    gateway.charge(ChargeRequest(KEY, Money(1700, "EUR"), "pm_sim_error_once"), attempt=1)

    report = system.sweep(gateway=gateway)

    assert report.given_up == [KEY]
    assert system.status() == "PAID"


def test_an_order_that_does_not_say_what_it_is_paid_with_is_reported_and_stays(system: OrderSystem) -> None:
    row = order_row(status="PAYING", hints=5, payment_method=None)
    system.orders.put(row)

    report = system.sweep()

    (failure,) = report.failures
    assert str(failure.error) == "payment_method must be a text that UTF-8 has, got NoneType"
    assert system.orders.rows[KEY] == row


def test_a_gateway_that_is_down_leaves_the_order_for_the_next_sweep(system: OrderSystem) -> None:
    system.orders.put(order_row(status="PAYING", hints=5))

    report = system.sweep(gateway=FakeGateway(is_down=True))

    assert isinstance(report.failures[0].error, PaymentGatewayUnavailable)
    assert system.orders.rows[KEY] == order_row(status="PAYING", hints=5)


def test_each_order_given_up_is_said_at_once_whatever_happens_to_the_rest(system: OrderSystem) -> None:
    other = replace(KEY, user_id="zoe")
    system.orders.put(order_row(hints=5))
    system.orders.put(order_row(other, hints=5))
    time = iter([True, True, True, False])

    report = system.sweep(has_time=lambda: next(time))

    assert report.ran_out_of_time
    assert len(system.heard_of) == 1
    assert system.status(system.heard_of[0]) == "FAILED"


def test_an_order_that_finished_meanwhile_is_not_given_up(system: OrderSystem) -> None:
    system.orders.put(order_row(status="PAYING", hints=5))
    gateway = FakeGateway()
    cancel = gateway.cancel

    def finish_meanwhile(request: ChargeRequest) -> Charge:
        system.orders.rows[KEY]["status"] = "PAID"
        return cancel(request)

    gateway.cancel = finish_meanwhile  # type: ignore[method-assign]

    report = system.sweep(gateway=gateway)

    assert report == SweepReport(late=[KEY])
    assert system.heard_of == []
    assert system.status() == "PAID"


def test_a_charged_order_that_never_was_paying_is_reported(system: OrderSystem) -> None:
    system.orders.put(order_row(status="PENDING", hints=5))
    charge = Charge("ch_1", PaymentResult.APPROVED)
    system.payments.record(Payment(KEY, charge, Money(1700, "EUR"), "2026-01-01T00:00:00.000Z"))

    report = system.sweep()

    assert [failure.what for failure in report.failures] == [KEY.order_id]
    assert system.status() == "PENDING"
