"""The results of the workflow's JSONata, evaluated by the engine that the emulator uses."""

import re
from typing import Any

import jsonata
import pytest
from orders.domain.payment import PAYMENT_FAILED, PaymentResult
from orders.domain.payment_request import PaymentRequest, parse_payment_request

from tests.support.order_rows import KEY

INPUT = {"user_id": KEY.user_id, "id": KEY.order_id}


def evaluate(template: Any, **states: Any) -> Any:
    """Return the template with its `{% … %}` texts replaced by their values."""
    if isinstance(template, dict):
        return {name: evaluate(value, **states) for name, value in template.items()}
    if isinstance(template, str) and template.startswith("{%"):
        return jsonata.Jsonata.jsonata(template[2:-2].strip()).evaluate(None, {"states": states})
    return template


def test_a_charge_is_asked_for_as_charge_payment_reads_it(states: dict[str, Any]) -> None:
    payload = states["ChargePayment"]["Arguments"]["Payload"]

    event = evaluate(payload, input=INPUT, context={"State": {"RetryCount": 1}})

    assert parse_payment_request(event) == PaymentRequest("charge", KEY, attempt=1)


def test_settling_is_asked_for_as_charge_payment_reads_it(states: dict[str, Any]) -> None:
    payload = states["SettlePayment"]["Arguments"]["Payload"]

    event = evaluate(payload, input=INPUT)

    assert parse_payment_request(event) == PaymentRequest("settle", KEY)


def test_the_order_is_named_and_nothing_of_its_row_is_carried(states: dict[str, Any]) -> None:
    hint = {"version": 1, "user_id": KEY.user_id, "id": KEY.order_id}

    output = evaluate(states["BeginPayment"]["Output"], input=hint, result={})

    assert output == INPUT


@pytest.mark.parametrize("name", ["ChargePayment", "SettlePayment"])
def test_the_answer_joins_the_order(states: dict[str, Any], name: str) -> None:
    answer = {"result": "declined", "charge_id": "ch_1", "reason": "CARD_DECLINED"}

    output = evaluate(states[name]["Output"], input=INPUT, result={"Payload": answer})

    assert output == INPUT | {"payment": answer}


def test_a_caught_charge_is_settled_with_the_same_order(states: dict[str, Any]) -> None:
    output = evaluate(states["ChargePayment"]["Catch"][-1]["Output"], input=INPUT, errorOutput={"Error": "any"})

    assert output == INPUT


@pytest.mark.parametrize(
    ("result", "following"),
    [
        (PaymentResult.APPROVED, "MarkPaid"),
        (PaymentResult.DECLINED, "MarkFailed"),
        (PaymentResult.VOIDED, "MarkFailed"),
        ("maybe", "UnknownPaymentResult"),
        (None, "UnknownPaymentResult"),
    ],
)
def test_only_an_approved_charge_makes_an_order_paid(
    states: dict[str, Any], result: str | None, following: str
) -> None:
    decision = states["PaymentDecision"]
    payment = {"result": None if result is None else str(result)}

    taken = [
        choice["Next"]
        for choice in decision["Choices"]
        if evaluate(choice["Condition"], input=INPUT | {"payment": payment}) is True
    ]

    assert [*taken, decision["Default"]][0] == following


def test_the_lease_runs_from_now_in_epoch_milliseconds(states: dict[str, Any]) -> None:
    values = states["BeginPayment"]["Arguments"]["ExpressionAttributeValues"]

    written = evaluate(values, input=INPUT, context={"Execution": {"Id": "arn:execution"}})

    now = int(written[":now"]["N"])
    assert 300_000 <= int(written[":due_at"]["N"]) - now < 300_000 + 1000
    assert written[":me"] == {"S": "arn:execution"}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", written[":updated_at"]["S"])


def test_a_failed_order_says_why(states: dict[str, Any]) -> None:
    template = states["MarkFailed"]["Arguments"]["ExpressionAttributeValues"][":reason"]

    reason = evaluate(template, input=INPUT | {"payment": {"result": "voided", "reason": "PAYMENT_UNAVAILABLE"}})

    assert reason == {"S": "PAYMENT_UNAVAILABLE"}


@pytest.mark.parametrize("payment", [{}, {"reason": None}, {"reason": ""}, {"reason": 51}, {"reason": {}}])
def test_a_charge_that_failed_without_a_reason_gets_one(states: dict[str, Any], payment: dict[str, Any]) -> None:
    template = states["MarkFailed"]["Arguments"]["ExpressionAttributeValues"][":reason"]

    reason = evaluate(template, input=INPUT | {"payment": {"result": "declined"} | payment})

    assert reason == {"S": PAYMENT_FAILED}
