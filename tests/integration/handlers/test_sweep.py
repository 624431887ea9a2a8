"""One run of the sweep: its report, its metrics and its errors."""

import json
from types import SimpleNamespace
from typing import Any

import pytest
from orders import bootstrap
from orders.adapters.simulated_gateway import SimulatedGateway
from orders.config import PaymentGatewayName, SweepConfig
from orders.domain.order import OrderKey
from orders.handlers import sweep

from tests.support.fakes import FakeHints, FakeOrders, FakePayments
from tests.support.order_rows import KEY, order_row

CONFIG = SweepConfig("orders", "payments", "http://queue", "open-orders", 8, 5, 2.0, PaymentGatewayName.SIMULATED, 300)
BAD = OrderKey("anna", "bad")


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch) -> Any:
    payments = FakePayments()
    parts = SimpleNamespace(
        orders=FakeOrders(),
        hints=FakeHints(),
        payments=payments,
        gateway=SimulatedGateway(payments),
        config=CONFIG,
    )
    monkeypatch.setattr(bootstrap, "sweep", lambda: parts)
    return parts


def measured(capsys: Any, metric: str) -> list[dict[str, Any]]:
    """Return the values of a metric that were written."""
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "_aws" in line]
    return [line for line in lines if metric in line]


def test_a_sweep_says_what_it_did(parts: Any, context: Any) -> None:
    parts.orders.put(order_row())

    answer = sweep.handler({}, context)

    assert answer == {"hinted": 1, "given_up": 0}
    assert parts.hints.sent == [KEY]


def test_orders_that_it_hints_at_for_the_first_time_are_measured_whatever_becomes_of_the_hint(
    parts: Any, context: Any, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts.orders.put(order_row())
    parts.orders.put(order_row(OrderKey("zoe", KEY.order_id)))
    parts.orders.put(order_row(OrderKey("bob", KEY.order_id), hints=1))

    def fail(_key: OrderKey) -> None:
        raise TimeoutError("no answer")

    monkeypatch.setattr(parts.hints, "send", fail)

    with pytest.raises(sweep.SweepIncomplete):
        sweep.handler({}, context)

    (emitted,) = measured(capsys, "OrdersTakenUp")
    assert emitted["OrdersTakenUp"] == [2.0]
    assert emitted["environment"] == "test"


def test_without_an_order_to_take_up_none_is_measured(parts: Any, context: Any, capsys: Any) -> None:
    parts.orders.put(order_row(hints=1))

    sweep.handler({}, context)

    assert measured(capsys, "OrdersTakenUp") == []


@pytest.mark.parametrize(("since", "late"), [("2026-01-01T00:00:00.000Z", 1.0), ("2999-01-01T00:00:00.000Z", 0.0)])
def test_late_orders_are_measured_in_each_run_also_when_there_are_none(
    parts: Any, context: Any, capsys: Any, since: str, late: float
) -> None:
    parts.orders.put(order_row(hints=1, changeable_until=since))

    sweep.handler({}, context)

    (emitted,) = measured(capsys, "OrdersLate")
    assert emitted["OrdersLate"] == [late]


def test_orders_given_up_are_measured(parts: Any, context: Any, capsys: Any) -> None:
    parts.orders.put(order_row(hints=5))
    parts.orders.put(order_row(OrderKey("zoe", KEY.order_id), hints=5))

    sweep.handler({}, context)

    lines = measured(capsys, "OrdersGivenUp")
    emitted = lines[0]
    assert len(lines) == 2
    assert emitted["OrdersGivenUp"] == [1.0]
    assert emitted["environment"] == "test"
    assert emitted["_aws"]["CloudWatchMetrics"][0]["Namespace"] == "orders-test"
    assert "environment" in emitted["_aws"]["CloudWatchMetrics"][0]["Dimensions"][0]
    assert emitted["_aws"]["CloudWatchMetrics"][0]["Metrics"] == [{"Name": "OrdersGivenUp", "Unit": "Count"}]


def test_a_bad_row_fails_the_run_after_the_others_are_done_and_measured(
    parts: Any, context: Any, capsys: Any, logged: Any
) -> None:
    lines = logged(sweep)
    parts.orders.put(order_row(BAD, hints=5, total=None))
    parts.orders.put(order_row(hints=5))

    with pytest.raises(sweep.SweepIncomplete, match="1 could not be swept, the first: bad"):
        sweep.handler({}, context)

    assert parts.orders.rows[KEY]["status"] == "FAILED"
    assert [line["OrdersGivenUp"] for line in measured(capsys, "OrdersGivenUp")] == [[1.0]]
    errors = [(line["user_id"], line["order_id"], line["message"]) for line in lines() if line["level"] == "ERROR"]
    assert errors == [("anna", "bad", "could not sweep bad: total must be a whole number, got None")]


def test_a_run_without_time_leaves_the_rest_to_the_next(parts: Any, context: Any, logged: Any) -> None:
    lines = logged(sweep)
    parts.orders.put(order_row())
    context.remaining_milliseconds = 15_000

    answer = sweep.handler({}, context)

    assert answer == {"hinted": 0, "given_up": 0}
    assert [line["message"] for line in lines()] == ["ran out of time, the next sweep goes on"]
