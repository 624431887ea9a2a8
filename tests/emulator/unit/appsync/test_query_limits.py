"""Limits of queries, variables and answers. A refusal names the value and the limit in one line."""

import asyncio
import gc
import json
from typing import Any

import pytest
from graphql import get_introspection_query

from emulator.appsync import request_limits
from emulator.appsync.errors import RequestRefused
from emulator.appsync.event_loop_turns import LongWork
from emulator.appsync.execution import Executor
from emulator.appsync.query_cache import QueryCache, _parsed
from emulator.appsync.realtime.hub import Hub
from emulator.appsync.scalars import NAMES
from emulator.appsync.schema import build
from emulator.appsync.sources.data_source import SourceAnswer
from tests.emulator.support.data_plane import THROUGH, FakeSource, ask, deployment
from tests.emulator.support.hostile_queries import DEPLOYED, SDL, many, nested
from tests.emulator.support.in_process_websocket import Client, run_scenario

AT_ONCE = deployment(SDL, {"Query.node": THROUGH, "Query.nodes": THROUGH})


def query_cache() -> QueryCache:
    return QueryCache(build(SDL)[0], introspection=True)


def refusal_of(query: str, variables: dict[str, Any] | None = None) -> tuple[int, str, str]:
    with pytest.raises(RequestRefused) as refused:
        ask(DEPLOYED, query, variables)
    return refused.value.status, refused.value.error_type, refused.value.message


@pytest.mark.parametrize(
    "query",
    [
        "{" + "__typename " * 1500 + "}",
        "{ say(on: [" + "1 " * 1500 + "]) }",
        "#\n" * 1501 + "{ __typename }",
        "{ __typename }" + "#\n" * 1501,
    ],
    ids=["fields", "values", "comments before", "comments after"],
)
def test_a_query_of_too_many_tokens_is_refused(query: str) -> None:
    message = "The query has more than 1500 tokens; at most that many are allowed."
    assert refusal_of(query) == (400, "MalformedHttpRequestException", message)


def test_a_query_of_as_many_tokens_as_are_allowed_is_executed() -> None:
    assert ask(DEPLOYED, "{" + "__typename " * 1498 + "}") == {"data": {"__typename": "Query"}}


def test_a_query_of_too_many_characters_is_refused_before_it_is_parsed() -> None:
    query = "{ __typename }" + " " * 50_000

    message = "The query has 50014 characters; at most 50000 are allowed."
    assert refusal_of(query) == (400, "MalformedHttpRequestException", message)


def test_a_query_of_too_many_comments_is_refused_before_it_is_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("emulator.appsync.query_cache.parse", None)

    assert refusal_of("#\n" * 1501 + "{ __typename }")[2].startswith("The query has more than 1500 tokens")


def test_introspection_as_tools_ask_for_it_is_far_below_the_limits() -> None:
    query = get_introspection_query(
        descriptions=True, specified_by_url=True, directive_is_repeatable=True, input_value_deprecation=True
    )

    answer = ask(DEPLOYED, query)

    assert "errors" not in answer
    assert {*NAMES} < {type_["name"] for type_ in answer["data"]["__schema"]["types"]}


@pytest.mark.parametrize(("levels", "errors"), [(75, []), (76, ["The fields are nested in more than 75 levels."])])
def test_fields_may_be_nested_as_deeply_as_an_api_may_allow(levels: int, errors: list[str]) -> None:
    tree: dict[str, Any] = {"id": "leaf"}
    for _ in range(levels - 2):
        tree = {"id": "n", "nodes": [tree]}
    query = "{ node " + "{ nodes " * (levels - 2) + "{ id }" + "}" * (levels - 1)

    answer = ask(AT_ONCE, query, source=FakeSource(SourceAnswer(result=tree)))

    assert [error["message"] for error in answer.get("errors", [])] == errors
    assert json.dumps(answer).count("leaf") == (not errors)


def test_levels_are_counted_through_fragments_that_are_known_already() -> None:
    chain = many(40, lambda i: f"fragment F{i} on Node {{ next {{ {f'...F{i + 1}' if i < 39 else 'id'} }} }}")
    deep = "{ next " * 40 + "{ ...F0 }" + "}" * 40

    answer = ask(AT_ONCE, "{ a: node { ...F0 } b: node " + deep + "} " + chain)

    assert [error["message"] for error in answer["errors"]] == ["The fields are nested in more than 75 levels."]


@pytest.mark.parametrize(
    ("variables", "why"),
    [
        ({"j": [[1] * 100] * 50}, "more than 5000 values, at most that many are allowed"),
        ({"j": nested(75)}, "nested in more than 75 levels, at most that many are allowed"),
    ],
)
def test_variables_with_too_much_in_them_are_refused(variables: dict[str, Any], why: str) -> None:
    said = refusal_of("query($j: AWSJSON) { json(json: $j) }", variables)
    in_json = ask(DEPLOYED, "query($j: AWSJSON) { json(json: $j) }", {"j": json.dumps(variables)})

    assert said == (400, "BadRequestException", f"The variables have {why}.")
    assert in_json["errors"][0]["message"].endswith(f"An AWSJSON has {why}.")


def test_at_most_twenty_errors_of_a_query_and_of_its_variables_are_told() -> None:
    of_query = ask(DEPLOYED, "{" + many(100, lambda i: f"absent{i}") + "}")
    of_variables = ask(DEPLOYED, "query($on: [Int!]) { say(on: $on) }", {"on": ["1"] * 100})

    # The last error says that there are more.
    assert (len(of_query["errors"]), len(of_variables["errors"])) == (21, 21)


@pytest.mark.parametrize(
    ("query", "what"),
    [
        ("{ nodes {" + many(400, lambda i: f"a{i}: __typename") + "} }", "more than 50000 fields"),
        ("{ nodes { text a: text } }", "more than 5000000 characters"),
        ("{ nodes {" + "long" * 5000 + ": id } }", "more than 5000000 characters"),
        ("{ nodes {" + many(8, lambda i: f"a{i}: all") + "} }", "more than 2000 errors"),
    ],
    ids=["fields", "texts", "names", "errors"],
)
def test_an_answer_that_would_be_too_large_is_given_up(query: str, what: str) -> None:
    source = FakeSource(SourceAnswer(result=[{"id": "1", "text": "x" * 10_000, "all": "no number"}] * 300))

    with pytest.raises(RequestRefused) as refused:
        ask(AT_ONCE, query, source=source)

    assert refused.value.error_type == "ResponseSizeLimitReached"
    assert refused.value.message == f"The answer would have {what}; select less."


@pytest.mark.parametrize(
    ("query", "value", "what"),
    [
        ("nodes {" + many(101, lambda i: f"a{i}: id") + "}", {"nodes": [{"id": "1"}] * 50}, "more than 5000 fields"),
        ("a: text b: text", {"text": "x" * 130_000}, "more than 245760 characters"),
    ],
    ids=["fields", "characters"],
)
def test_a_subscription_that_asks_for_too_much_of_a_publication_ends(
    query: str, value: dict[str, Any], what: str
) -> None:
    async def scenario(client: Client, hub: Hub, executor: Executor) -> None:
        client.start(f"subscription {{ onNode {{ {query} }} }}")
        await client.until(lambda c: c.heard("start_ack"))
        hub.publish(executor, "make", value)
        await client.until(lambda c: c.heard("error"))
        hub.publish(executor, "make", {})

    client = run_scenario(DEPLOYED, scenario)

    (error,) = client.heard("error")
    expected = {"errorType": "ResponseSizeLimitReached", "message": f"The answer would have {what}; select less."}
    assert error["payload"]["errors"] == [expected]
    assert client.heard("data") == []


def test_a_publication_above_240_kilobytes_reaches_nobody_and_subscriptions_go_on() -> None:
    async def scenario(client: Client, hub: Hub, executor: Executor) -> None:
        client.start("subscription { onNode { text } }")
        await client.until(lambda c: c.heard("start_ack"))
        hub.publish(executor, "make", {"text": "x" * 240 * 1024})
        hub.publish(executor, "make", {"text": "after"})
        await client.until(lambda c: c.heard("data") or c.heard("error"))

    client = run_scenario(DEPLOYED, scenario)

    assert [message["payload"] for message in client.heard("data")] == [{"data": {"onNode": {"text": "after"}}}]
    assert client.heard("error") == []


def test_errors_are_told_in_the_order_of_the_query() -> None:
    raising = "export function HANDLER(ctx) { util.error(ctx.info.fieldName) }"
    begin = "import { util } from '@aws-appsync/utils';\n"
    late = begin + "export function request() { return {} }\n" + raising.replace("HANDLER", "response")
    sdl = "type Query { late: Int early: Int } schema { query: Query }"
    api = deployment(sdl, {"Query.late": late, "Query.early": begin + raising.replace("HANDLER", "request")})

    answer = ask(api, "{ late early again: late }")

    assert [error["path"] for error in answer["errors"]] == [["late"], ["early"], ["again"]]


def test_resolvers_that_are_left_when_an_answer_is_too_large_do_not_run() -> None:
    source = FakeSource(SourceAnswer(result={"text": "x" * 200_000}))

    with pytest.raises(RequestRefused):
        ask(AT_ONCE, "{" + many(200, lambda i: f"a{i}: node {{ text }}") + "}", source=source)

    assert len(source.requests) < 150


def test_the_place_of_an_error_is_its_line_and_column() -> None:
    answer = ask(DEPLOYED, "{\nabsent\r\n  absent\r absent }")

    places = [error["locations"][0] for error in answer["errors"]]
    assert [(place["line"], place["column"]) for place in places] == [(2, 1), (3, 3), (4, 2)]


def test_what_is_remembered_of_queries_is_bounded_by_their_number_and_their_length() -> None:
    async def scenario() -> tuple[int, int]:
        short, long, turns = query_cache(), query_cache(), LongWork().turns("ada")
        for number in range(300):
            await short.get(f"{{ a{number}: __typename }}", turns)
        for number in range(20):
            await long.get(f"{{ a{number}: __typename }}" + " " * 7_000, turns)
        return len(short._known), len(long._known)

    assert asyncio.run(scenario()) == (256, 14)


def test_a_query_that_is_used_is_remembered_while_others_come_and_go() -> None:
    async def scenario() -> bool:
        kept, turns = query_cache(), LongWork().turns("ada")
        used = await kept.get("{ __typename }", turns)
        for number in range(300):
            await kept.get(f"{{ a{number}: __typename }}", turns)
            await kept.get("{ __typename }", turns)
        return await kept.get("{ __typename }", turns) is used

    assert asyncio.run(scenario())


def test_a_query_that_is_forgotten_leaves_nothing_for_the_collector() -> None:
    query = "{" + many(100, lambda i: f"a{i}: node {{ id }}") + "}"
    gc.collect()
    gc.disable()  # the garbage collector must not run before it is due
    try:
        _parsed(query)

        garbage = gc.collect()
    finally:
        gc.enable()

    assert garbage < 100  # it has 500 tokens


def test_a_query_is_read_once() -> None:
    async def scenario() -> bool:
        kept, turns = query_cache(), LongWork().turns("ada")
        return await kept.get("{ __typename }", turns) is await kept.get("{ __typename }", turns)

    assert asyncio.run(scenario())
    assert request_limits.TOKENS_MAX == 1500
