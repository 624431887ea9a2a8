"""Requests that AppSync refuses to execute, and its limits."""

import time
from typing import Any

import httpx
import pytest

from tests.emulator.support.deployed_api import Api, answering, create_api
from tests.emulator.support.graphql_calls import data_of, error_of, post

SDL = """
type Node { id: String! next: Node many: [Node!]! }
type Query { node: Node  must: String!  say(word: String!, at: AWSDateTime, on: [Int!]): String }
schema { query: Query }
"""
NODES = answering("{ id: 'n', next: { id: 'm', next: { id: 'o' } }, many: [{ id: 'p' }] }")


@pytest.fixture(scope="module")
def api(emulator: Any, pool: Any) -> Api:
    api = create_api(emulator, SDL, **pool.settings())
    api.resolver("Query.node", NODES)
    return api


@pytest.fixture(scope="module")
def limited(emulator: Any, pool: Any) -> Api:
    api = create_api(
        emulator, SDL, introspectionConfig="DISABLED", queryDepthLimit=3, resolverCountLimit=2, **pool.settings()
    )
    api.resolver("Query.node", NODES)
    return api


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "Request body is empty."),
        (b"meow", "Unable to parse GraphQL query."),
        (b"{}", "Unable to parse GraphQL query."),
        (b"[]", "Unable to parse GraphQL query."),
        (b'{"query": 1}', "Unable to parse GraphQL query."),
        (b'{"query": "{ node {"}', "Unable to parse GraphQL query."),
        (b'{"query": "{ node { id } }", "variables": [1]}', "Variables must be an object."),
        (b'{"query": "{ node { id } }", "operationName": 1}', "Operation name must be a string."),
    ],
)
def test_a_malformed_request_is_a_400(api: Api, token: str, body: bytes, message: str) -> None:
    answer = httpx.post(api.url, content=body, headers={"authorization": token})

    assert answer.status_code == 400
    assert answer.json() == {"errors": [{"errorType": "MalformedHttpRequestException", "message": message}]}


def test_a_body_of_more_than_a_quarter_of_a_megabyte_is_refused(api: Api, token: str) -> None:
    answer = httpx.post(api.url, content=b" " * (256 * 1024 + 1), headers={"authorization": token})

    assert answer.status_code == 413


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_other_methods_than_post_are_a_405(api: Api, token: str, method: str) -> None:
    assert httpx.request(method, api.url, headers={"authorization": token}).status_code == 405


def test_an_unknown_api_is_a_404(api: Api, token: str) -> None:
    answer = post(api.url.replace(api.api_id, "x" * 26), "{ node { id } }", token=token)

    assert (answer.status_code, answer.json()["errors"][0]["errorType"]) == (404, "NotFoundException")


@pytest.mark.parametrize(("length", "asks"), [(64, True), (65, False), (60_000, False)])
def test_nobody_is_asked_about_an_api_whose_id_is_none(emulator: Any, length: int, *, asks: bool) -> None:
    answer = post(f"{emulator.endpoint_url}/appsync/{'a' * length}/graphql", "{ node { id } }", token="any")

    message = answer.json()["errors"][0]["message"]
    assert message.startswith("GraphQL API" if asks else "Nothing is served")


def test_an_unknown_field_is_a_validation_error_at_its_place(api: Api, token: str) -> None:
    answer = post(api.url, "{\n  nothing }", token=token)

    assert answer.json()["data"] is None
    assert error_of(answer) == {
        "path": None,
        "data": None,
        "errorType": "ValidationError",
        "errorInfo": None,
        "locations": [{"line": 2, "column": 3, "sourceName": None}],
        "message": "Cannot query field 'nothing' on type 'Query'.",
    }


@pytest.mark.parametrize(
    "variables", [{}, {"w": None}, {"w": 1}, {"w": "x", "at": "yesterday"}, {"w": "x", "on": [None]}]
)
def test_a_variable_of_the_wrong_type_is_a_validation_error(api: Api, token: str, variables: dict[str, Any]) -> None:
    query = "query($w: String!, $at: AWSDateTime, $on: [Int!]) { say(word: $w, at: $at, on: $on) }"

    answer = post(api.url, query, variables, token=token)

    assert (answer.json()["data"], error_of(answer)["errorType"]) == (None, "ValidationError")


def test_null_at_the_top_where_the_schema_forbids_it_nulls_the_data(api: Api, token: str) -> None:
    answer = post(api.url, "{ must }", token=token)

    assert answer.json()["data"] is None
    assert (
        error_of(answer)["message"]
        == "Cannot return null for non-nullable type: 'String' within parent 'Query' (/must)"
    )


def test_fields_below_the_depth_limit_fail_and_the_others_dont(limited: Api, token: str) -> None:
    answer = post(limited.url, "{ node { id next { id next { id } } many { id } } }", token=token)

    assert answer.json()["data"] == {"node": {"id": "n", "next": {"id": "m", "next": None}, "many": [{"id": "p"}]}}
    assert (error_of(answer)["errorType"], error_of(answer)["path"]) == (
        "QueryDepthLimitReached",
        ["node", "next", "next", "id"],
    )


def test_resolvers_beyond_the_limit_fail_and_the_others_dont(limited: Api, token: str) -> None:
    answer = post(limited.url, "{ a: node { id } b: node { id } c: node { id } }", token=token)

    assert answer.json()["data"] == {"a": {"id": "n"}, "b": {"id": "n"}, "c": None}
    assert error_of(answer)["errorType"] == "ResolverExecutionLimitReached"


def test_introspection_can_be_switched_off(api: Api, limited: Api, token: str) -> None:
    query = "{ __schema { queryType { name } } __typename }"

    assert data_of(post(api.url, query, token=token))["__schema"] == {"queryType": {"name": "Query"}}
    assert {e["errorType"] for e in post(limited.url, query, token=token).json()["errors"]} == {"ValidationError"}
    assert data_of(post(limited.url, "{ __typename }", token=token)) == {"__typename": "Query"}


def test_a_change_is_served_within_five_seconds(emulator: Any, pool: Any, token: str) -> None:
    api = create_api(emulator, "type Query { old: String } schema { query: Query }", **pool.settings())
    first = data_of(post(api.url, "{ old }", token=token))
    api.schema("type Query { old: String new: String } schema { query: Query }")
    api.resolver("Query.old", answering("'changed'"))
    deadline = time.monotonic() + 5

    while "errors" in (body := post(api.url, "{ old new }", token=token).json()) and time.monotonic() < deadline:
        time.sleep(0.1)

    assert first == {"old": None}
    assert body == {"data": {"old": "changed", "new": None}}
    assert time.monotonic() < deadline


def test_a_subscription_over_http_is_refused_by_name(emulator: Any, pool: Any, token: str) -> None:
    sdl = "type Query { a: String } type Subscription { b: String } schema { query: Query subscription: Subscription }"
    api = create_api(emulator, sdl, **pool.settings())

    answer = post(api.url, "subscription { b }", token=token)

    assert (answer.status_code, answer.json()["errors"][0]["errorType"]) == (400, "UnsupportedOperation")
