"""postOrder with a client's id: one order for each id, however often or at once it is sent."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.support.resolver_player import CONDITION_FAILED, Failure, Outcome, both, plain, play
from tests.integration.support.resolver_rows import DISH, ID, INPUT, STORED_INPUT, row

NEW = {
    "readPayment": both(None, None),
    "readMenuItem": DISH,
    "insertOrder": row(),
    "sendHint": {"statusCode": 200, "body": "{}"},
}
LoseRace = Callable[[Any], dict[str, Any]]
CHARGE = {"user_id": "alice", "order_id": ID, "result": "approved"}


def post(answers: dict[str, Any], *, sub: str = "alice", **changes: Any) -> Outcome:
    """Post a valid order with a client's id, except for the changes."""
    return play("Mutation.postOrder", {"input": {**INPUT, "id": ID, **changes}}, answers, sub=sub)


def test_two_users_with_the_same_id_have_two_orders() -> None:
    for sub in ("alice", "bob"):
        outcome = post(NEW, sub=sub)

        payment, order = outcome.requests["readPayment"]["transactItems"]
        assert (payment["table"], order["table"]) == ("orders-local-payments", "orders-local-orders")
        assert plain(payment["key"]) == {"user_id": sub, "order_id": ID}
        assert plain(order["key"]) == plain(outcome.requests["insertOrder"]["key"]) == {"user_id": sub, "id": ID}


@pytest.mark.parametrize("method", [{}, {"paymentMethod": None}, {"paymentMethod": "pm_card_visa"}])
def test_a_call_sent_again_returns_its_order_and_asks_nothing_more(method: dict[str, Any]) -> None:
    paid = row(status="PAID", version=3)

    outcome = post({"readPayment": both(CHARGE, paid)}, **method)

    assert outcome.value["status"] == "PAID"
    assert list(outcome.requests) == ["readPayment"]


@pytest.mark.parametrize("stored", [{}, {"expectedUnitPrice": 950, "expectedCurrency": "EUR"}])
@pytest.mark.parametrize("expected", [(None, None), (950, "EUR"), (1, "EUR"), (4500, None), (950, "USD")])
def test_a_call_sent_again_returns_its_order_whatever_price_it_expects(
    stored: dict[str, Any], expected: tuple[int | None, str | None]
) -> None:
    found = row(input={**STORED_INPUT, **stored})

    price, currency = expected
    outcome = post({"readPayment": both(None, found)}, expectedUnitPrice=price, expectedCurrency=currency)

    assert (outcome.value["id"], outcome.value["unitPrice"]) == (ID, 950)
    assert "readMenuItem" not in outcome.requests


def test_a_conflict_doesnt_speak_of_the_price_that_is_expected() -> None:
    outcome = post({"readPayment": both(None, row())}, quantity=3, expectedUnitPrice=4500, expectedCurrency="USD")

    assert outcome.error_type == "OrderConflict"
    assert "4500" not in outcome.message
    assert "USD" not in outcome.message


def test_a_call_sent_again_after_an_update_returns_the_updated_order() -> None:
    updated = row(name="Diavola", quantity=1, version=2)

    outcome = post({"readPayment": both(None, updated)})

    assert (outcome.value["name"], outcome.value["version"]) == ("Diavola", 2)


@pytest.mark.parametrize(
    "changes",
    [{"name": "Diavola"}, {"quantity": 3}, {"restaurantId": "sushi-ya"}],
)
def test_the_same_id_with_other_content_is_a_conflict(changes: dict[str, Any]) -> None:
    outcome = post({"readPayment": both(None, row())}, **changes)

    assert outcome.error_type == "OrderConflict"
    assert '2 × "Margherita" from "trattoria-roma", got ' in outcome.message
    assert str(next(iter(changes.values()))) in outcome.message


def test_the_same_id_with_another_payment_method_is_a_conflict_that_says_neither() -> None:
    outcome = post({"readPayment": both(None, row())}, paymentMethod="pm_card_chargeDeclined")

    assert outcome.error_type == "OrderConflict"
    assert outcome.message.endswith('from "trattoria-roma" with another payment method: take a new id')
    assert "pm_" not in outcome.message


@pytest.mark.parametrize("wish", [{}, {"wish": None}], ids=["missing", "null"])
@pytest.mark.parametrize("stored", [{}, {"wish": None}], ids=["missing", "null"])
def test_a_field_of_a_later_release_that_is_missing_is_the_same_as_one_that_is_null(
    stored: dict[str, Any], wish: dict[str, Any]
) -> None:
    found = row(input={**STORED_INPUT, **stored})

    outcome = post({"readPayment": both(None, found)}, **wish)

    assert outcome.value["id"] == ID


@pytest.mark.parametrize(
    ("stored", "given", "message"),
    [
        ({}, {"wish": "no onions"}, 'from "trattoria-roma", wish "no onions": take a new id'),
        ({"wish": "no onions"}, {"wish": None}, 'from "trattoria-roma", wish "no onions", got '),
        ({"wish": "no onions"}, {"wish": "cut"}, 'from "trattoria-roma", wish "cut": take a new id'),
        ({"spicy": False}, {"spicy": True}, 'from "trattoria-roma", spicy true: take a new id'),
        (
            {"extras": ["oil"]},
            {"extras": ["oil", "salt"]},
            'from "trattoria-roma", extras ["oil","salt"]: take a new id',
        ),
    ],
)
def test_a_field_of_a_later_release_is_compared_and_described_too(
    stored: dict[str, Any], given: dict[str, Any], message: str
) -> None:
    found = row(input={**STORED_INPUT, **stored})

    outcome = post({"readPayment": both(None, found)}, **given)

    assert outcome.error_type == "OrderConflict"
    assert message in outcome.message


def test_the_same_list_again_is_the_same_order() -> None:
    found = row(input={**STORED_INPUT, "extras": ["oil", "salt"]})

    outcome = post({"readPayment": both(None, found)}, extras=["oil", "salt"])

    assert outcome.value["id"] == ID


def test_the_id_of_an_order_that_was_charged_and_deleted_is_a_conflict() -> None:
    outcome = post({"readPayment": both(CHARGE, None)})

    assert outcome.error_type == "OrderConflict"
    assert outcome.message == f"id {ID} belonged to an order that was charged and then deleted: take a new id"


@pytest.fixture(params=[True, False], ids=["row given", "row to be read"])
def lose_race(request: pytest.FixtureRequest) -> LoseRace:
    """Return the answers when the id was taken meanwhile, under both interpretations."""

    def answers(faster: Any) -> dict[str, Any]:
        lost = Failure(CONDITION_FAILED, result=faster if request.param else None)
        return {"readPayment": both(None, None), "readMenuItem": DISH, "insertOrder": lost, "readOrder": faster}

    return answers


def test_a_race_lost_to_the_same_call_returns_that_order_and_sends_nothing(
    lose_race: LoseRace,
) -> None:
    faster = row(created_at="2026-01-01T00:00:00.001Z", status="PAYING", version=2)

    outcome = post(lose_race(faster))

    assert (outcome.value["status"], outcome.value["createdAt"]) == ("PAYING", "2026-01-01T00:00:00.001Z")


def test_a_race_lost_to_a_call_with_other_content_is_a_conflict(lose_race: LoseRace) -> None:
    outcome = post(lose_race(row(input={**STORED_INPUT, "quantity": 7})))

    assert outcome.error_type == "OrderConflict"
    assert "7 × " in outcome.message


def test_a_race_lost_to_an_order_that_is_gone_again_is_a_conflict(
    lose_race: LoseRace,
) -> None:
    outcome = post(lose_race(None))

    assert outcome.error_type == "OrderConflict"
    assert outcome.message == f"id {ID} was taken and deleted by other calls just now: take a new id"


def test_the_row_of_a_lost_race_is_read_once_and_consistently(lose_race: LoseRace) -> None:
    outcome = post(lose_race(None))

    assert outcome.requests["readOrder"]["consistentRead"] is True
    assert plain(outcome.requests["readOrder"]["key"]) == {"user_id": "alice", "id": ID}


# DynamoDB cancels a transaction's reading while one of its items is written (DynamoDB Developer Guide, "Transaction
# conflict handling in DynamoDB").
BUSY = Failure("DynamoDB:TransactionCanceledException", result={"items": None})


def test_a_call_that_met_the_write_of_the_same_call_returns_its_order() -> None:
    outcome = post({"readPayment": BUSY, "readOrder": row()})

    assert outcome.value["id"] == ID
    assert list(outcome.requests) == ["readPayment", "readOrder"]


def test_a_call_that_met_the_write_of_an_order_with_other_content_is_a_conflict() -> None:
    outcome = post({"readPayment": BUSY, "readOrder": row()}, quantity=3)

    assert outcome.error_type == "OrderConflict"


def test_a_call_that_met_a_deletion_stores_nothing_and_may_be_sent_again() -> None:
    outcome = post({"readPayment": BUSY, "readOrder": None})

    assert outcome.error_type == "DynamoDB:TransactionCanceledException"
    assert outcome.message == f"order {ID} is written by another call just now: send this call again with the same id"
    assert list(outcome.requests) == ["readPayment", "readOrder"]
