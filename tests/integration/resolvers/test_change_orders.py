"""updateOrder, cancelOrder, deleteOrder: their writes and their refusals."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.support.resolver_player import CONDITION_FAILED, Failure, Outcome, plain, play
from tests.integration.support.resolver_rows import DISH, ID, row

UPDATE = {"id": ID, "name": "Diavola", "quantity": 3, "restaurantId": "trattoria-roma"}
DIAVOLA = {**DISH, "name": "Diavola", "unit_price": 1100}
UPDATED = row(name="Diavola", quantity=3, unit_price=1100, total=3300, version=2)
Refuse = Callable[[str, Any], Outcome]
FUNCTIONS = {
    "Mutation.updateOrder": "updateOrder",
    "Mutation.cancelOrder": "cancelOrder",
    "Mutation.deleteOrder": "deleteOrder",
}


def change(field: str, answer: Any, *, later: Any = None) -> Outcome:
    """Change an order that was PENDING a moment ago.

    `answer` is that of the write, `later` that of a read after it.
    """
    is_update = field == "Mutation.updateOrder"
    args = {"input": UPDATE} if is_update else {"id": ID}
    read = [row(), later] if is_update else [later]
    return play(field, args, {"readOrder": read, "readMenuItem": DIAVOLA, FUNCTIONS[field]: answer})


@pytest.fixture(params=[True, False], ids=["row given", "row to be read"])
def refuse(request: pytest.FixtureRequest) -> Refuse:
    """Return a change whose write meets this row, under both interpretations of a refusal."""

    def refused(field: str, met: Any) -> Outcome:
        return change(field, Failure(CONDITION_FAILED, result=met if request.param else None), later=met)

    return refused


def test_an_update_prices_anew_and_keeps_the_original_input() -> None:
    outcome = change("Mutation.updateOrder", UPDATED)

    request = outcome.requests["updateOrder"]
    update = request["update"]
    values = plain(update["expressionValues"])
    assert plain(request["key"]) == {"user_id": "alice", "id": ID}
    assert update["expression"] == (
        "SET #name = :name, #quantity = :quantity, #restaurant_id = :restaurant_id, #unit_price = :unit_price, "
        "#total = :total, #currency = :currency, #updated_at = :now, #version = #version + :one"
    )
    assert update["expressionNames"] == {f"#{name}": name for name in written(update["expression"])}
    assert values == {
        ":name": "Diavola",
        ":quantity": 3,
        ":restaurant_id": "trattoria-roma",
        ":unit_price": 1100,
        ":total": 3300,
        ":currency": "EUR",
        ":now": values[":now"],
        ":one": 1,
    }


def test_an_update_at_another_price_than_the_expected_one_changes_nothing() -> None:
    args = {"input": {**UPDATE, "expectedUnitPrice": 950}}

    outcome = play("Mutation.updateOrder", args, {"readOrder": row(), "readMenuItem": DIAVOLA})

    assert outcome.error_type == "PriceChanged"
    assert "must be 1100, the price of" in outcome.message
    assert outcome.message.endswith(", got 950")


def test_an_update_in_another_currency_than_the_expected_one_changes_nothing() -> None:
    args = {"input": {**UPDATE, "expectedUnitPrice": 1100, "expectedCurrency": "JPY"}}

    outcome = play("Mutation.updateOrder", args, {"readOrder": row(), "readMenuItem": DIAVOLA})

    assert outcome.error_type == "PriceChanged"
    assert "must be EUR, since the price of" in outcome.message
    assert "is now 1100 EUR" in outcome.message
    assert outcome.message.endswith(", got 1100 JPY")


@pytest.mark.parametrize("expected", [1100, None])
def test_an_update_at_the_expected_price_stores_that_price(expected: int | None) -> None:
    currency = None if expected is None else "EUR"
    args = {"input": {**UPDATE, "expectedUnitPrice": expected, "expectedCurrency": currency}}

    outcome = play("Mutation.updateOrder", args, {"readOrder": row(), "readMenuItem": DIAVOLA, "updateOrder": UPDATED})

    values = plain(outcome.requests["updateOrder"]["update"]["expressionValues"])
    assert outcome.error is None
    assert values[":unit_price"] == 1100


def test_an_update_returns_the_new_content() -> None:
    outcome = change("Mutation.updateOrder", UPDATED)

    assert outcome.error is None
    assert [outcome.value[name] for name in ("name", "quantity", "total", "version")] == ["Diavola", 3, 3300, 2]


def test_a_cancelled_order_leaves_the_index_of_open_orders() -> None:
    outcome = change("Mutation.cancelOrder", row(status="CANCELLED", version=2))

    request = outcome.requests["cancelOrder"]
    update = request["update"]
    values = plain(update["expressionValues"])
    assert plain(request["key"]) == {"user_id": "alice", "id": ID}
    assert update["expression"] == (
        "SET #status = :cancelled, #updated_at = :now, #version = #version + :one "
        "REMOVE #open_shard, #due_at, #lease_owner"
    )
    assert update["expressionNames"] == {f"#{name}": name for name in written(update["expression"])}
    assert values == {":cancelled": "CANCELLED", ":now": values[":now"], ":one": 1}
    assert outcome.value["status"] == outcome.value["orderStatus"] == "CANCELLED"


@pytest.mark.parametrize("field", ["Mutation.updateOrder", "Mutation.cancelOrder"])
def test_only_a_pending_row_is_changed(field: str) -> None:
    outcome = change(field, UPDATED)

    condition = outcome.requests[FUNCTIONS[field]]["condition"]
    assert condition["expression"] == "#status = :pending"
    assert condition["expressionNames"] == {"#status": "status"}
    assert plain(condition["expressionValues"]) == {":pending": "PENDING"}


def test_only_a_pending_failed_or_cancelled_row_is_deleted() -> None:
    outcome = change("Mutation.deleteOrder", row())

    request = outcome.requests["deleteOrder"]
    condition = request["condition"]
    assert plain(request["key"]) == {"user_id": "alice", "id": ID}
    assert condition["expression"] == "#status IN (:pending, :failed, :cancelled)"
    assert condition["expressionNames"] == {"#status": "status"}
    assert sorted(plain(condition["expressionValues"]).values()) == ["CANCELLED", "FAILED", "PENDING"]


def test_a_deletion_returns_the_id() -> None:
    outcome = change("Mutation.deleteOrder", row(status="FAILED"))

    assert outcome.error is None
    assert outcome.value == ID


@pytest.mark.parametrize("field", FUNCTIONS)
@pytest.mark.parametrize("status", ["PAYING", "PAID"])
def test_an_order_in_the_wrong_status_is_not_changeable_and_the_message_names_it(
    field: str, status: str, refuse: Refuse
) -> None:
    outcome = refuse(field, row(status=status))

    assert outcome.error_type == "OrderNotChangeable"
    assert outcome.message.startswith(f"order {ID} is {status}; this needs PENDING")


@pytest.mark.parametrize("field", FUNCTIONS)
def test_an_order_that_isnt_there_is_not_found(field: str, refuse: Refuse) -> None:
    outcome = refuse(field, None)

    assert outcome.error_type == "OrderNotFound"
    assert outcome.message == f"there is no order {ID} of yours"


def test_deleting_an_order_that_isnt_there_is_not_found_although_appsync_calls_it_a_success() -> None:
    outcome = change("Mutation.deleteOrder", None)

    assert outcome.error_type == "OrderNotFound"


@pytest.mark.parametrize("field", FUNCTIONS)
def test_an_order_that_was_posted_right_after_the_write_was_not_there_for_it(field: str, refuse: Refuse) -> None:
    outcome = refuse(field, row())

    assert outcome.error_type == "OrderNotFound"
    assert outcome.message == f"there was no order {ID} of yours a moment ago; there is one now"


def test_a_deletion_that_met_a_payment_is_refused_whatever_became_of_the_payment(refuse: Refuse) -> None:
    outcome = refuse("Mutation.deleteOrder", row(status="FAILED"))

    assert outcome.error_type == "OrderNotChangeable"


@pytest.mark.parametrize(("found", "error_type"), [(None, "OrderNotFound"), (row(status="PAID"), "OrderNotChangeable")])
def test_what_is_wrong_with_the_order_is_said_before_what_is_wrong_with_the_dish(found: Any, error_type: str) -> None:
    outcome = play("Mutation.updateOrder", {"input": UPDATE}, {"readOrder": found})

    assert outcome.error_type == error_type


def test_an_update_to_an_unknown_dish_changes_nothing() -> None:
    outcome = play("Mutation.updateOrder", {"input": UPDATE}, {"readOrder": row(), "readMenuItem": None})

    assert outcome.error_type == "UnknownMenuItem"


@pytest.mark.parametrize("field", FUNCTIONS)
def test_a_table_that_fails_fails_the_call(field: str) -> None:
    outcome = change(field, Failure("DynamoDB:InternalServerError", "try again"))

    assert (outcome.error_type, outcome.message) == ("DynamoDB:InternalServerError", "try again")


def written(expression: str) -> set[str]:
    """Return the attributes that an update expression sets."""
    return {word.strip(",")[1:] for word in expression.split() if word.startswith("#")}
