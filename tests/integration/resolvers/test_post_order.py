"""postOrder: its writes, its message and its refusals."""

import json
from datetime import datetime
from typing import Any

import botocore.session
import pytest
from botocore.validate import ParamValidator

from tests.integration.support.resolver_player import QUEUE_URL, Failure, Outcome, both, plain, play
from tests.integration.support.resolver_rows import DISH, ID, INPUT, STORED_INPUT, row

SENT = {"statusCode": 200, "body": "{}"}
NEW = {"readPayment": both(None, None), "readMenuItem": DISH, "insertOrder": row(), "sendHint": SENT}


def post(answers: dict[str, Any], *, change_window_seconds: int = 0, headers: Any = None, **changes: Any) -> Outcome:
    """Post a valid order with a client's id, except for the changes."""
    args = {"input": {**INPUT, "id": ID, **changes}}
    return play("Mutation.postOrder", args, answers, headers=headers, change_window_seconds=change_window_seconds)


def test_a_new_order_becomes_a_pending_row_at_the_menus_price() -> None:
    outcome = post(NEW)

    request = outcome.requests["insertOrder"]
    stored = plain(request["attributeValues"])
    created = milliseconds(stored["created_at"])
    assert request["operation"] == "PutItem"
    assert request["condition"] == {"expression": "attribute_not_exists(#id)", "expressionNames": {"#id": "id"}}
    assert plain(request["key"]) == {"user_id": "alice", "id": ID}
    assert stored == {
        "name": "Margherita",
        "quantity": 2,
        "restaurant_id": "trattoria-roma",
        "payment_method": "pm_card_visa",
        "unit_price": 950,
        "total": 1900,
        "currency": "EUR",
        "status": "PENDING",
        "created_at": stored["created_at"],
        "updated_at": stored["created_at"],
        "changeable_until": stored["created_at"],
        "version": 1,
        "input": STORED_INPUT,
        "open_shard": 7,
        "due_at": created + 30_000,
    }


def test_a_change_window_moves_what_is_promised_and_what_is_due_and_delays_the_message() -> None:
    outcome = post(NEW, change_window_seconds=300)

    stored = plain(outcome.requests["insertOrder"]["attributeValues"])
    created = milliseconds(stored["created_at"])
    assert milliseconds(stored["changeable_until"]) == created + 300_000
    assert stored["due_at"] == created + 330_000
    assert message_of(outcome)["DelaySeconds"] == 300


def test_the_answer_has_the_id_and_the_status_under_both_names() -> None:
    outcome = post(NEW)

    assert outcome.value["id"] == ID
    assert outcome.value["status"] == outcome.value["orderStatus"] == "PENDING"


def test_the_message_names_the_row_and_nothing_else() -> None:
    outcome = post(NEW)

    request = outcome.requests["sendHint"]
    assert (request["method"], request["resourcePath"]) == ("POST", "/")
    assert request["params"]["headers"] == {
        "Content-Type": "application/x-amz-json-1.0",
        "X-Amz-Target": "AmazonSQS.SendMessage",
    }
    message = message_of(outcome)
    assert (message["QueueUrl"], message["DelaySeconds"]) == (QUEUE_URL, 0)
    assert json.loads(message["MessageBody"]) == {"version": 1, "user_id": "alice", "id": ID}


ROOT = "Root=1-5759e988-bd862e3fe1be46a994272793"


@pytest.mark.contract
def test_the_message_is_one_that_sqs_knows() -> None:
    request = post(NEW, change_window_seconds=300, headers={"x-amzn-trace-id": ROOT}).requests["sendHint"]

    action = request["params"]["headers"]["X-Amz-Target"].partition(".")[2]
    shape = botocore.session.get_session().get_service_model("sqs").operation_model(action).input_shape
    assert shape is not None
    report = ParamValidator().validate(json.loads(request["params"]["body"]), shape)
    assert action == "SendMessage"
    assert report.generate_report() == ""


@pytest.mark.parametrize(
    "header",
    [ROOT, f"{ROOT};Parent=53995c3f42cd8ad8;Sampled=1", f"Self=1-67891234-12456789abcdef012345678; {ROOT};Lineage=a:0"],
)
def test_the_message_carries_the_trace_of_the_call(header: str) -> None:
    outcome = post(NEW, headers={"x-amzn-trace-id": header})

    attributes = message_of(outcome)["MessageSystemAttributes"]
    assert attributes == {"AWSTraceHeader": {"DataType": "String", "StringValue": ROOT}}


@pytest.mark.parametrize(
    "header", ["", ";", "Sampled=1", f"{ROOT}0", ROOT.upper(), f"x{ROOT}", "Root=1-5759e988", "\n", f"{ROOT}, {ROOT}"]
)
def test_a_trace_that_sqs_would_refuse_is_left_out(header: str) -> None:
    outcome = post(NEW, headers={"x-amzn-trace-id": header})

    assert outcome.error is None
    assert "MessageSystemAttributes" not in message_of(outcome)


@pytest.mark.parametrize(
    "answer", [Failure("Http", "connection refused"), {"statusCode": 500, "body": "no"}, {"statusCode": 403}, None]
)
def test_a_message_that_cant_be_sent_is_logged_and_the_order_stands(answer: Any) -> None:
    outcome = post({**NEW, "sendHint": answer})

    assert outcome.error is None
    assert outcome.value["status"] == "PENDING"
    assert [log.split(":")[0] for log in outcome.logs] == [f"no message sent for order {ID}"]


def test_a_message_that_is_sent_is_not_logged() -> None:
    outcome = post(NEW)

    assert outcome.logs == []


@pytest.mark.parametrize("id_", [{}, {"id": None}])
def test_without_an_id_the_server_makes_a_ulid_and_reads_nothing_but_the_menu(id_: dict[str, None]) -> None:
    answers = {"readMenuItem": DISH, "insertOrder": row(), "sendHint": SENT}

    outcome = play("Mutation.postOrder", {"input": {**INPUT, **id_}}, answers)

    made = outcome.requests["insertOrder"]["key"]["id"]["S"]
    assert list(outcome.requests) == ["readMenuItem", "insertOrder", "sendHint"]
    assert play("Query.order", {"id": made}, {"readOrder": None}).error is None


@pytest.mark.parametrize("dish", [None, {**DISH, "available": False}])
def test_a_dish_that_cant_be_had_is_no_order(dish: dict[str, Any] | None) -> None:
    outcome = post({**NEW, "readMenuItem": dish})

    assert outcome.error_type == "UnknownMenuItem"
    assert outcome.message.startswith('"Margherita" is not ')
    assert '"trattoria-roma"' in outcome.message
    assert "insertOrder" not in outcome.requests


@pytest.mark.parametrize(
    "changes",
    [*({"unit_price": price} for price in (None, "950", 9.5, -1, 2**31)), {"currency": None}],
)
def test_a_dish_without_a_price_that_an_order_can_have_is_no_order(changes: dict[str, Any]) -> None:
    outcome = post({**NEW, "readMenuItem": {**DISH, **changes}})

    assert outcome.error_type == "UnknownMenuItem"
    assert outcome.message.startswith('"Margherita" of "trattoria-roma" has no price: ')
    assert "insertOrder" not in outcome.requests


def test_an_order_that_costs_more_than_the_api_can_say_is_refused() -> None:
    outcome = post({**NEW, "readMenuItem": {**DISH, "unit_price": 25_000_000}}, quantity=86)

    assert outcome.error_type == "InvalidInput"
    assert outcome.message == 'quantity must be a number from 1 to 85 for "Margherita", got 86'
    assert "insertOrder" not in outcome.requests


def test_an_order_may_cost_as_much_as_the_api_can_say() -> None:
    outcome = post({**NEW, "readMenuItem": {**DISH, "unit_price": 2**31 - 1}}, quantity=1)

    assert plain(outcome.requests["insertOrder"]["attributeValues"])["total"] == 2**31 - 1


@pytest.mark.parametrize("expected", [0, 949, 951, 2**31 - 1])
def test_an_order_at_another_price_than_the_expected_one_is_refused_with_both_prices(expected: int) -> None:
    outcome = post(NEW, expectedUnitPrice=expected)

    assert outcome.error_type == "PriceChanged"
    assert outcome.message == (
        'expectedUnitPrice must be 950, the price of "Margherita" of "trattoria-roma" now in minor units of EUR,'
        f" got {expected}"
    )
    assert "insertOrder" not in outcome.requests


@pytest.mark.parametrize(("expected", "got"), [({"expectedUnitPrice": 950}, "950 USD"), ({}, "USD")])
def test_an_order_in_another_currency_than_the_expected_one_is_refused_with_both_prices(
    expected: dict[str, int], got: str
) -> None:
    outcome = post(NEW, **expected, expectedCurrency="USD")

    assert outcome.error_type == "PriceChanged"
    assert outcome.message == (
        'expectedCurrency must be EUR, since the price of "Margherita" of "trattoria-roma" is now 950 EUR in minor'
        f" units, got {got}"
    )
    assert "insertOrder" not in outcome.requests


def test_another_price_in_the_expected_currency_is_said_as_if_no_currency_were_expected() -> None:
    with_currency = post(NEW, expectedUnitPrice=450, expectedCurrency="EUR")
    without = post(NEW, expectedUnitPrice=450)

    assert with_currency.error_type == without.error_type == "PriceChanged"
    assert with_currency.message == without.message


@pytest.mark.parametrize("currency", ["EUR", None])
def test_an_order_in_the_expected_currency_is_stored_without_it(currency: str | None) -> None:
    outcome = post(NEW, expectedUnitPrice=950, expectedCurrency=currency)

    stored = plain(outcome.requests["insertOrder"]["attributeValues"])
    assert (stored["currency"], stored["input"]) == ("EUR", STORED_INPUT)
    assert "expected_currency" not in stored


@pytest.mark.parametrize(("price", "expected"), [(950, {"expectedUnitPrice": 950}), (0, {"expectedUnitPrice": 0})])
def test_an_order_at_the_expected_price_is_stored_without_it(price: int, expected: dict[str, int]) -> None:
    outcome = post({**NEW, "readMenuItem": {**DISH, "unit_price": price}}, **expected)

    stored = plain(outcome.requests["insertOrder"]["attributeValues"])
    assert outcome.error is None
    assert (stored["unit_price"], stored["input"]) == (price, STORED_INPUT)
    assert "expected_unit_price" not in stored


def test_who_expects_no_price_pays_the_menus() -> None:
    outcome = post(NEW, expectedUnitPrice=None)

    assert plain(outcome.requests["insertOrder"]["attributeValues"])["unit_price"] == 950


def test_a_dish_that_cant_be_had_is_said_before_its_price() -> None:
    outcome = post({**NEW, "readMenuItem": {**DISH, "available": False}}, expectedUnitPrice=1)

    assert outcome.error_type == "UnknownMenuItem"


def test_the_dish_is_looked_up_by_restaurant_and_name() -> None:
    outcome = post(NEW)

    request = outcome.requests["readMenuItem"]
    assert plain(request["key"]) == {"restaurant_id": "trattoria-roma", "name": "Margherita"}


@pytest.mark.parametrize("function", ["readPayment", "readMenuItem", "insertOrder"])
def test_a_table_that_fails_fails_the_call(function: str) -> None:
    outcome = post({**NEW, function: Failure("DynamoDB:ProvisionedThroughputExceededException", "slow down")})

    assert outcome.error_type == "DynamoDB:ProvisionedThroughputExceededException"
    assert outcome.message == "slow down"


def milliseconds(time: str) -> int:
    """Return an ISO 8601 time as milliseconds since the epoch."""
    return round(datetime.fromisoformat(time).timestamp() * 1000)


def message_of(outcome: Outcome) -> dict[str, Any]:
    """Return the body of the request to SQS."""
    body: dict[str, Any] = json.loads(outcome.requests["sendHint"]["params"]["body"])
    return body
