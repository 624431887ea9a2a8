"""orders, order, restaurants, menu, publishOrder and onOrderChanged."""

from typing import Any

import pytest
from graphql import ObjectTypeDefinitionNode, parse
from orders.adapters.appsync_subscribers import publish_order_input
from orders.domain.row import order_from_row

from deployment.repository_paths import ROOT
from tests.integration.support.resolver_player import Failure, plain, play
from tests.integration.support.resolver_rows import DISH, ID, row

PRESENTED = {
    "id": ID,
    "userId": "alice",
    "name": "Margherita",
    "quantity": 2,
    "restaurantId": "trattoria-roma",
    "unitPrice": 950,
    "total": 1900,
    "currency": "EUR",
    "status": "PENDING",
    "orderStatus": "PENDING",
    "failureReason": None,
    "createdAt": "2026-01-01T00:00:00.000Z",
    "updatedAt": "2026-01-01T00:00:00.000Z",
    "changeableUntil": "2026-01-01T00:05:00.000Z",
    "version": 1,
}


@pytest.mark.parametrize("first", [{}, {"first": None}])
@pytest.mark.parametrize("after", [{}, {"after": None}])
def test_orders_are_the_callers_newest_first_and_fifty_by_default(
    first: dict[str, None], after: dict[str, None]
) -> None:
    outcome = play("Query.orders", {**first, **after}, {"listOrders": {"items": []}})

    request = outcome.requests["listOrders"]
    query = request.pop("query")
    assert request == {"operation": "Query", "limit": 50, "scanIndexForward": False, "consistentRead": True}
    assert (query["expression"], query["expressionNames"]) == ("#user_id = :user_id", {"#user_id": "user_id"})
    assert plain(query["expressionValues"]) == {":user_id": "alice"}


def test_the_next_page_starts_below_the_last_id_seen_whether_or_not_that_order_is_still_there() -> None:
    outcome = play("Query.orders", {"first": 10, "after": ID}, {"listOrders": {"items": []}})

    request = outcome.requests["listOrders"]
    query = request["query"]
    assert request["limit"] == 10
    assert query["expression"] == "#user_id = :user_id AND #id < :after"
    assert query["expressionNames"] == {"#user_id": "user_id", "#id": "id"}
    assert plain(query["expressionValues"]) == {":user_id": "alice", ":after": ID}


def test_a_list_of_orders_has_them_in_the_schemas_words() -> None:
    older = row(id="01KARZZZZZZZZZZZZZZZZZZZZZ")

    outcome = play("Query.orders", {}, {"listOrders": {"items": [row(), older], "nextToken": "ignored"}})

    assert outcome.value == [PRESENTED, {**PRESENTED, "id": older["id"]}]


def test_no_orders_are_an_empty_list() -> None:
    outcome = play("Query.orders", {}, {"listOrders": {"items": []}})

    assert outcome.value == []


def test_an_order_is_read_consistently_by_the_callers_key() -> None:
    outcome = play("Query.order", {"id": ID}, {"readOrder": row()}, sub="bob")

    request = outcome.requests["readOrder"]
    assert plain(request.pop("key")) == {"user_id": "bob", "id": ID}
    assert request == {"operation": "GetItem", "consistentRead": True}


def test_an_order_is_presented_in_the_schemas_words() -> None:
    outcome = play("Query.order", {"id": ID}, {"readOrder": row()})

    assert outcome.value == PRESENTED


def test_an_order_that_isnt_there_is_null() -> None:
    outcome = play("Query.order", {"id": ID}, {"readOrder": None})

    assert outcome.error is None
    assert outcome.value is None


def test_every_field_of_an_order_is_presented() -> None:
    document = parse((ROOT / "schema.graphql").read_text(encoding="utf-8"))
    types = [part for part in document.definitions if isinstance(part, ObjectTypeDefinitionNode)]
    (order,) = [part for part in types if part.name.value == "Order"]

    outcome = play("Query.order", {"id": ID}, {"readOrder": row()})

    assert set(outcome.value) == {field.name.value for field in order.fields}


def test_a_failed_order_says_why() -> None:
    outcome = play("Query.order", {"id": ID}, {"readOrder": row(status="FAILED", failure_reason="CARD_DECLINED")})

    assert (outcome.value["status"], outcome.value["failureReason"]) == ("FAILED", "CARD_DECLINED")


@pytest.mark.parametrize("status", ["PAYING", "PAID", "FAILED", "CANCELLED"])
def test_past_pending_no_time_to_change_is_promised(status: str) -> None:
    outcome = play("Query.order", {"id": ID}, {"readOrder": row(status=status)})

    assert outcome.value["changeableUntil"] is None


def test_without_a_change_window_no_time_to_change_is_promised() -> None:
    found = row(changeable_until="2026-01-01T00:00:00.000Z")

    outcome = play("Query.order", {"id": ID}, {"readOrder": found})

    assert outcome.value["status"] == "PENDING"
    assert outcome.value["changeableUntil"] is None


def test_restaurants_live_under_the_reserved_key() -> None:
    found = {"restaurant_id": "#restaurants", "name": "trattoria-roma", "display_name": "Trattoria Roma"}

    outcome = play("Query.restaurants", {}, {"listMenu": {"items": [found]}})

    assert plain(outcome.requests["listMenu"]["query"]["expressionValues"]) == {":restaurant_id": "#restaurants"}
    assert outcome.value == [{"id": "trattoria-roma", "name": "Trattoria Roma"}]


def test_a_menu_has_what_is_sold_out_too() -> None:
    sold_out = {**DISH, "name": "Tiramisù", "available": False}

    outcome = play("Query.menu", {"restaurantId": "trattoria-roma"}, {"listMenu": {"items": [DISH, sold_out]}})

    query = outcome.requests["listMenu"]["query"]
    presented: dict[str, Any] = {"restaurantId": "trattoria-roma", "unitPrice": 950, "currency": "EUR"}
    assert query["expression"] == "#restaurant_id = :restaurant_id"
    assert query["expressionNames"] == {"#restaurant_id": "restaurant_id"}
    assert plain(query["expressionValues"]) == {":restaurant_id": "trattoria-roma"}
    assert outcome.value == [
        {**presented, "name": "Margherita", "available": True},
        {**presented, "name": "Tiramisù", "available": False},
    ]


def test_an_unknown_restaurants_menu_is_empty() -> None:
    outcome = play("Query.menu", {"restaurantId": "nowhere"}, {"listMenu": {"items": []}})

    assert outcome.value == []


@pytest.mark.parametrize(
    ("field", "args", "function"),
    [
        ("Query.orders", {}, "listOrders"),
        ("Query.order", {"id": ID}, "readOrder"),
        ("Query.restaurants", {}, "listMenu"),
        ("Query.menu", {"restaurantId": "trattoria-roma"}, "listMenu"),
    ],
)
def test_a_table_that_fails_fails_the_call(field: str, args: dict[str, str], function: str) -> None:
    outcome = play(field, args, {function: Failure("DynamoDB:InternalServerError", "try again")})

    assert (outcome.error_type, outcome.message) == ("DynamoDB:InternalServerError", "try again")


def test_publish_order_says_what_it_is_told_and_fills_the_second_name_of_the_status() -> None:
    told = {name: value for name, value in PRESENTED.items() if name != "orderStatus"} | {"status": "PAID"}

    outcome = play("Mutation.publishOrder", {"input": told})

    assert outcome.value == {**told, "orderStatus": "PAID"}


@pytest.mark.parametrize("changes", [{"status": "PAYING"}, {"status": "FAILED", "failure_reason": "CARD_DECLINED"}])
def test_a_subscriber_hears_what_a_query_would_answer(changes: dict[str, str]) -> None:
    changed = row(version=2, **changes)

    heard = play("Mutation.publishOrder", {"input": publish_order_input(order_from_row(changed))})

    assert heard.value == play("Query.order", {"id": ID}, {"readOrder": changed}).value


def test_a_customer_may_subscribe_to_their_own_orders() -> None:
    outcome = play("Subscription.onOrderChanged", {"userId": "alice"}, sub="alice")

    assert (outcome.error_type, outcome.value) == (None, None)


@pytest.mark.parametrize("args", [{"userId": "alice"}, {"userId": "alice", "id": ID}, {"userId": "alice", "id": None}])
def test_a_subscribers_filter_says_what_the_arguments_say(args: dict[str, Any]) -> None:
    outcome = play("Subscription.onOrderChanged", args, sub="alice")

    wanted = [{"fieldName": name, "operator": "eq", "value": value} for name, value in args.items() if value]
    assert outcome.subscription_filter == {"filterGroup": [{"filters": wanted}]}


@pytest.mark.parametrize("user_id", ["bob", "", "ALICE", "alice "])
def test_nobody_may_subscribe_to_anothers_orders(user_id: str) -> None:
    outcome = play("Subscription.onOrderChanged", {"userId": user_id, "id": ID}, sub="alice")

    assert outcome.error_type == "Unauthorized"
    assert (outcome.value, outcome.subscription_filter) == (None, None)
