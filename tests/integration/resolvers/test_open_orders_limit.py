"""postOrder with a limit on a customer's open orders."""

from typing import Any

import pytest

from environments.order_rules import FINAL_STATUSES, OPEN_STATUSES
from tests.integration.support.resolver_player import CONDITION_FAILED, Failure, Outcome, both, plain, play
from tests.integration.support.resolver_rows import DISH, ID, INPUT, row

LIMIT = 3
NEW = {
    "readPayment": both(None, None),
    "readMenuItem": DISH,
    "insertOrder": row(),
    "sendHint": {"statusCode": 200, "body": "{}"},
}
EARLIER, LATER = "01KAS0000000000000000000ZY", "01KAS00000000000000000010{:02}"


def post(others: Any, *, limit: int = LIMIT, **changes: Any) -> Outcome:
    """Post a valid order of a customer with these other orders; changes are of the answers."""
    answers = {**NEW, "limitOpenOrders": {"items": others} if isinstance(others, list) else others, **changes}
    return play("Mutation.postOrder", {"input": {**INPUT, "id": ID}}, answers, open_orders_limit=limit)


def others(*statuses: str) -> list[dict[str, str]]:
    """Return the rows of the customer's other orders as the count reads them, newest first."""
    return [{"id": LATER.format(99 - number), "status": status} for number, status in enumerate(statuses)]


def test_one_consistent_query_counts_the_customers_newest_hundred() -> None:
    outcome = post([])

    request = outcome.requests["limitOpenOrders"]
    assert outcome.error is None
    assert request["operation"] == "Query"
    assert request["query"]["expression"] == "#user_id = :user_id"
    assert plain(request["query"]["expressionValues"]) == {":user_id": "alice"}
    assert (request["limit"], request["scanIndexForward"], request["consistentRead"]) == (100, False, True)
    # Before the limit, so that all hundred are read; a filter would be applied after it, and hide the others' ids.
    assert "filter" not in request
    assert list(outcome.requests) == ["readPayment", "readMenuItem", "limitOpenOrders", "insertOrder", "sendHint"]


@pytest.mark.parametrize("status", OPEN_STATUSES)
def test_a_customer_with_as_many_open_orders_as_are_allowed_gets_no_other(status: str) -> None:
    outcome = post(others("PENDING", "PAID", status, "PAYING"))

    assert outcome.error_type == "TooManyOpenOrders"
    assert outcome.message == (
        "you have 3 orders that are PENDING or PAYING, at most 3 are allowed at a time:"
        " send this call again when one of them has ended"
    )
    assert "insertOrder" not in outcome.requests


@pytest.mark.parametrize("status", FINAL_STATUSES)
def test_an_order_that_has_ended_counts_no_more(status: str) -> None:
    outcome = post(others("PENDING", *[status] * 90, "PAYING"))

    assert outcome.error is None
    assert "insertOrder" in outcome.requests


def test_more_than_allowed_are_refused_as_well() -> None:
    outcome = post(others(*["PAYING"] * 5))

    assert outcome.message.startswith("you have 5 orders that are PENDING or PAYING, at most 3 are allowed")


def test_a_call_sent_again_returns_its_order_however_many_are_open() -> None:
    outcome = post(Failure("none", "asked for nothing"), readPayment=both(None, row()))

    assert outcome.value["id"] == ID
    assert list(outcome.requests) == ["readPayment"]


def test_a_call_that_is_sent_twice_at_once_returns_its_order_twice() -> None:
    lost = Failure(CONDITION_FAILED, result=row())

    outcome = post([*others("PENDING", "PENDING"), {"id": ID, "status": "PENDING"}], insertOrder=lost)

    assert outcome.error is None
    assert outcome.value["id"] == ID


def test_nothing_is_counted_while_it_is_unknown_whether_there_is_the_order() -> None:
    unread = Failure("DynamoDB:TransactionCanceledException")

    outcome = post(others(*["PAYING"] * 5), readPayment=unread, readOrder=row())

    assert outcome.value["id"] == ID
    assert list(outcome.requests) == ["readPayment", "readOrder"]


def test_an_id_below_all_that_is_counted_is_refused_because_its_order_would_never_count() -> None:
    ended = others(*["CANCELLED"] * 100)

    outcome = post(ended)

    assert outcome.error_type == "InvalidInput"
    assert outcome.message == f"id must be later than {ended[-1]['id']}, which 99 of your orders are, got {ID}"
    assert "insertOrder" not in outcome.requests


@pytest.mark.parametrize(
    "ended", [others(*["PAID"] * 99), [*others(*["PAID"] * 99), {"id": EARLIER, "status": "PAID"}]]
)
def test_an_id_among_what_is_counted_may_be_earlier_than_others(ended: list[dict[str, str]]) -> None:
    outcome = post(ended)

    assert outcome.error is None


def test_a_count_that_fails_stores_nothing() -> None:
    outcome = post(Failure("DynamoDB:ProvisionedThroughputExceededException"))

    assert outcome.error_type == "DynamoDB:ProvisionedThroughputExceededException"
    assert "insertOrder" not in outcome.requests


def test_without_a_limit_nothing_is_counted() -> None:
    outcome = post(others(*["PENDING"] * 100), limit=0)

    assert outcome.error is None
    assert "limitOpenOrders" not in outcome.requests
