"""Input that is refused before any data source is called, and input that is accepted."""

import json
from typing import Any

import pytest

from tests.integration.support.resolver_player import Outcome, play
from tests.integration.support.resolver_rows import DISH, ID, INPUT, row

FIELDS_WITH_AN_ID = ["Query.order", "Mutation.cancelOrder", "Mutation.deleteOrder"]
FIELDS_WITH_AN_INPUT = ["Mutation.updateOrder", "Mutation.postOrder"]


def post(**changes: Any) -> Outcome:
    """Post a valid order with changes. No data source may be called, because none would answer."""
    return play("Mutation.postOrder", {"input": {**INPUT, **changes}})


@pytest.mark.parametrize("field", FIELDS_WITH_AN_ID + FIELDS_WITH_AN_INPUT)
@pytest.mark.parametrize(
    "id_",
    [
        "",
        "7",
        ID[:-1],
        ID + "0",
        ID + "\n",
        "8" + ID[1:],
        ID[:-1] + "I",
        ID[:-1] + "L",
        ID[:-1] + "O",
        ID[:-1] + "U",
        ID.lower(),
        "0190163d-8694-739b-aea5-966c26f8ad91",
    ],
)
def test_an_id_that_is_no_ulid_is_refused_everywhere(field: str, id_: str) -> None:
    args: dict[str, Any] = {"input": {**INPUT, "id": id_}} if field in FIELDS_WITH_AN_INPUT else {"id": id_}

    outcome = play(field, args)

    assert outcome.error_type == "InvalidInput"
    assert outcome.message.startswith("id must be a ULID in upper case (26 of 0-9 and A-Z without I, L, O and U")


def test_a_lower_case_ulid_is_shown_and_the_message_says_upper_case() -> None:
    outcome = play("Query.order", {"id": ID.lower()})

    assert "in upper case" in outcome.message
    assert outcome.message.endswith(f'got "{ID.lower()}"')


@pytest.mark.parametrize("quantity", [-6, 0, 101, 2**31 - 1])
def test_a_quantity_outside_1_to_100_is_refused(quantity: int) -> None:
    outcome = post(quantity=quantity)

    assert outcome.error_type == "InvalidInput"
    assert outcome.message == f"quantity must be a number from 1 to 100, got {quantity}"


@pytest.mark.parametrize("field", FIELDS_WITH_AN_INPUT)
@pytest.mark.parametrize("price", [-1, -(2**31), 2**31])
def test_a_price_that_no_dish_can_have_is_refused(field: str, price: int) -> None:
    outcome = play(field, {"input": {**INPUT, "id": ID, "expectedUnitPrice": price}})

    assert outcome.error_type == "InvalidInput"
    assert outcome.message == f"expectedUnitPrice must be a number from 0 to 2147483647, got {price}"


@pytest.mark.parametrize("field", FIELDS_WITH_AN_INPUT)
@pytest.mark.parametrize("currency", ["", "eur", "EU", "EURO", "EUR\n", " EUR", "€", "ÄÖÜ", "978"])
def test_a_currency_that_no_code_can_be_is_refused(field: str, currency: str) -> None:
    outcome = play(field, {"input": {**INPUT, "id": ID, "expectedCurrency": currency}})

    assert outcome.error_type == "InvalidInput"
    assert outcome.message == (
        "expectedCurrency must be three upper-case letters, a currency code of ISO 4217, got "
        + json.dumps(currency, ensure_ascii=False)
    )


@pytest.mark.parametrize("first", [-1, 0, 101])
def test_a_page_outside_1_to_100_is_refused(first: int) -> None:
    outcome = play("Query.orders", {"first": first})

    assert outcome.error_type == "InvalidInput"
    assert outcome.message == f"first must be a number from 1 to 100, got {first}"


@pytest.mark.parametrize("after", ["", "yesterday", ID.lower()])
def test_after_must_be_an_id(after: str) -> None:
    outcome = play("Query.orders", {"after": after})

    assert outcome.error_type == "InvalidInput"
    assert outcome.message.startswith("after must be a ULID in upper case")


@pytest.mark.parametrize("argument", ["name", "restaurantId"])
@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\u00a0", "x" * 101, "x" * 100 + "\n", "🍕" * 101, "\ud83c"])
def test_a_text_that_is_blank_or_too_long_is_refused(argument: str, text: str) -> None:
    outcome = post(**{argument: text})

    assert outcome.error_type == "InvalidInput"
    assert outcome.message.startswith(f"{argument} must be 1 to 100 characters and not blank, got ")


@pytest.mark.parametrize(
    "text", ["x", "x" * 100, "🍕" * 100, 'Spaghetti "alla" Carbonara', "カルボナーラ", "two\nlines"]
)
def test_characters_are_counted_as_people_count_them(text: str) -> None:
    answers = {"readMenuItem": {**DISH, "name": text}, "insertOrder": row(name=text), "sendHint": {"statusCode": 200}}

    outcome = play("Mutation.postOrder", {"input": {**INPUT, "name": text}}, answers)

    assert outcome.error is None
    assert outcome.value["name"] == text


def test_a_long_name_is_not_echoed_whole() -> None:
    outcome = post(name="x" * 10_000)

    assert outcome.message == f'name must be 1 to 100 characters and not blank, got "{"x" * 40}…"'


def test_a_long_name_is_not_cut_in_the_middle_of_a_character() -> None:
    outcome = post(name="x" * 39 + "🍕" * 200)

    assert outcome.message.endswith(f'got "{"x" * 39}…"')


@pytest.mark.parametrize("field", ["Mutation.postOrder", "Mutation.updateOrder", "Query.menu"])
def test_the_reserved_key_is_no_restaurant(field: str) -> None:
    restaurant = {"restaurantId": "#restaurants"}
    args: dict[str, Any] = restaurant if field == "Query.menu" else {"input": {**INPUT, "id": ID, **restaurant}}

    outcome = play(field, args)

    assert outcome.error_type == "InvalidInput"
    assert outcome.message == 'restaurantId must be anything but "#restaurants", which is reserved, got "#restaurants"'


@pytest.mark.parametrize("method", ["", "visa", "pm-card", "pm_ä", "pm_" + "x" * 61, "pm_x y", "pm_visa\n", "PM_visa"])
def test_a_malformed_payment_method_is_refused(method: str) -> None:
    outcome = post(paymentMethod=method)

    assert outcome.error_type == "InvalidInput"
    assert outcome.message == 'paymentMethod must be "pm_" and at most 60 letters, digits or "_", got another text'


@pytest.mark.parametrize("method", ["pm_card_visa", "pm_sim_error_once", "pm_" + "x" * 60, "pm_Z9"])
def test_a_well_formed_payment_method_is_stored(method: str) -> None:
    answers = {"readMenuItem": DISH, "insertOrder": row(), "sendHint": {"statusCode": 200}}

    outcome = play("Mutation.postOrder", {"input": {**INPUT, "paymentMethod": method}}, answers)

    assert outcome.error is None
    assert outcome.requests["insertOrder"]["attributeValues"]["payment_method"] == {"S": method}
