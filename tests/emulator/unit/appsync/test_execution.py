"""Executing operations: authorization, limits, order, errors."""

import asyncio
import json

import pytest

from emulator.appsync import graphql_request
from emulator.appsync.deployment import Resolver, ResolverStep
from emulator.appsync.errors import RequestRefused
from emulator.appsync.sources.data_source import SourceAnswer, SourceError
from emulator.asgi import Message
from tests.emulator.support.data_plane import SIGNED, THROUGH, FakeIdentity, FakeSource, ask, deployment, step

SDL = """
type Order @aws_cognito_user_pools @aws_iam { id: String! }
type Query { say(word: String): AWSJSON  order: Order @aws_cognito_user_pools @aws_iam  nested: Nested }
type Nested { deeper: Nested  many: [Nested]  id: String }
type Mutation { say(word: String): AWSJSON  publish: Order @aws_iam }
schema { query: Query mutation: Mutation }
"""
RESOLVERS = {"Query.say": THROUGH, "Mutation.say": THROUGH, "Mutation.publish": THROUGH, "Query.order": THROUGH}
DEPLOYED = deployment(SDL, RESOLVERS)


def test_a_queries_fields_resolve_side_by_side() -> None:
    source = FakeSource()

    ask(DEPLOYED, "{ a: say b: say c: say }", source=source)

    assert source.most_at_once == 3


def test_a_mutations_fields_resolve_in_turn() -> None:
    source = FakeSource()

    ask(DEPLOYED, 'mutation { a: say(word: "1") b: say(word: "2") c: say(word: "3") }', source=source)

    assert (source.most_at_once, source.requests) == (1, [{"word": "1"}, {"word": "2"}, {"word": "3"}])


def test_a_signed_caller_needs_the_right_to_the_top_level_field_only() -> None:
    identity = FakeIdentity(allowed={"arn:api/types/Mutation/fields/publish"})
    source = FakeSource(SourceAnswer(result={"id": "1"}))

    answer = ask(DEPLOYED, "mutation { publish { id } }", caller=SIGNED, identity=identity, source=source)

    assert answer == {"data": {"publish": {"id": "1"}}}
    assert identity.asked == [(SIGNED.arn, "appsync:GraphQL", "arn:api/types/Mutation/fields/publish")]


def test_a_signed_caller_without_the_right_to_a_field_is_refused_before_anything_is_asked() -> None:
    identity = FakeIdentity(allowed={"arn:api/types/Query/fields/order"})
    source = FakeSource()

    with pytest.raises(RequestRefused) as refused:
        ask(DEPLOYED, "{ __typename order { id } say }", caller=SIGNED, source=source, identity=identity)

    assert (refused.value.status, refused.value.error_type) == (401, "UnauthorizedException")
    assert refused.value.message == "Permission denied"
    assert source.requests == []


def test_a_user_does_not_reach_a_field_for_iam() -> None:
    source = FakeSource()

    answer = ask(DEPLOYED, "mutation { publish { id } }", source=source)

    assert answer["errors"][0]["message"] == "Not Authorized to access publish on type Mutation"
    assert source.requests == []


@pytest.mark.parametrize(
    ("query", "reached"),
    [
        ("{ nested { id } }", False),
        ("{ nested { deeper { id } } }", False),
        ("{ nested { many { id } } }", False),
        ("{ nested { deeper { many { id } } } }", True),
        ("{ ...F } fragment F on Query { nested { ... on Nested { deeper { deeper { id } } } } }", True),
    ],
)
def test_the_depth_limit_counts_fields_and_no_list_positions(query: str, reached: bool) -> None:
    tree = {"id": "1", "many": [{"id": "2"}], "deeper": {"id": "3", "many": [{"id": "4"}], "deeper": {"id": "5"}}}
    limited = deployment(SDL, {"Query.nested": THROUGH}, query_depth_limit=3)

    answer = ask(limited, query, source=FakeSource(SourceAnswer(result=tree)))

    assert [error["errorType"] for error in answer.get("errors", [])] == ["QueryDepthLimitReached"] * reached


def test_resolvers_beyond_the_limit_do_not_run() -> None:
    source = FakeSource()

    answer = ask(deployment(SDL, RESOLVERS, resolver_count_limit=2), "{ a: say b: say c: say }", source=source)

    assert len(source.requests) == 2
    assert [(error["path"], error["errorType"]) for error in answer["errors"]] == [
        (["c"], "ResolverExecutionLimitReached")
    ]


@pytest.mark.parametrize("type_", ["AWSJSON", "AWSJSON!"])
@pytest.mark.parametrize(
    ("third", "error_type"), [("say", "ResolverExecutionLimitReached"), ("refused", "Unauthorized")]
)
def test_what_a_mutation_did_before_a_field_that_is_refused_is_done(type_: str, third: str, error_type: str) -> None:
    sdl = f"type Query {{ q: Int }}\ntype Mutation {{ say: {type_}  refused: {type_} @aws_iam }}"
    resolvers = {"Mutation.say": THROUGH, "Mutation.refused": THROUGH}
    source = FakeSource(SourceAnswer(result="done"))

    answer = ask(
        deployment(sdl, resolvers, resolver_count_limit=2), f"mutation {{ a: say b: say c: {third} }}", source=source
    )

    assert len(source.requests) == 2
    assert [error["errorType"] for error in answer["errors"]] == [error_type]
    assert answer["data"] == (None if type_ == "AWSJSON!" else {"a": '"done"', "b": '"done"', "c": None})


def test_an_error_of_the_data_source_reaches_the_handler_with_its_result() -> None:
    code = "export function request() { }\nexport function response(ctx) { return [ctx.error, ctx.result] }"
    source = FakeSource(SourceAnswer(result=1, error=SourceError(message="no", type="T")))

    answer = ask(deployment(SDL, {"Query.say": code}), "{ say }", source=source)

    assert answer == {"data": {"say": '[{"message":"no","type":"T"},1]'}}


def test_an_error_in_a_pipeline_ends_it() -> None:
    failing = "import { util } from '@aws-appsync/utils';\nexport function request() { util.error('no', 'Stop') }"
    functions = {"1": step(failing, name="first"), "2": step(THROUGH, name="second")}
    resolver = Resolver(step=step(THROUGH), is_pipeline=True, function_ids=("1", "2"))
    source = FakeSource()

    answer = ask(deployment(SDL, {"Query.say": resolver}, functions=functions), "{ say }", source=source)

    assert [error["errorType"] for error in answer["errors"]] == ["Stop"]
    assert source.requests == []


@pytest.mark.parametrize(
    ("unsupported", "named"),
    [
        (ResolverStep(name="Query.say", code=None, runtime=None, data_source="source"), "mapping templates"),
        (step(THROUGH, extras=("cachingConfig",)), "cachingConfig"),
    ],
)
def test_resolvers_that_are_not_supported_are_refused_by_name(unsupported: ResolverStep, named: str) -> None:
    answer = ask(deployment(SDL, {"Query.say": Resolver(step=unsupported)}), "{ say }")

    assert answer["data"] == {"say": None}
    assert answer["errors"][0]["errorType"] == "NotSupported"
    assert named in answer["errors"][0]["message"]


def test_a_failure_of_the_data_plane_is_an_internal_one_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    class Broken:
        async def invoke(self, _request: object) -> SourceAnswer:
            raise KeyError("bug")

    answer = ask(DEPLOYED, "{ say }", source=Broken())

    assert answer["errors"][0]["errorType"] == "InternalFailure"
    assert "KeyError: 'bug'" in caplog.text


def test_what_a_handler_raises_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    ask(deployment(SDL, {"Query.say": "export function request(ctx) { return ctx.args.a.b }"}), "{ say }")

    assert [record.levelname for record in caplog.records if record.name == "emulator.appsync"] == ["ERROR", "ERROR"]
    assert "cannot read property 'b' of undefined" in caplog.text


def test_the_data_of_an_error_is_what_the_query_selects_of_it() -> None:
    sdl = "type A { id: String n: Int a: [A] } type Query { get: A } schema { query: Query }"
    raising = "export function request() { util.error('no', 'T', { id: '1', secret: 's', a: [{ id: '2', n: 3 }] }) }"

    answer = ask(deployment(sdl, {"Query.get": raising}), "{ get { x: id n a { n } } }")

    assert answer["errors"][0]["data"] == {"x": "1", "a": [{"n": 3}]}


def test_the_operation_is_chosen_by_name() -> None:
    query = 'query A { a: say(word: "1") } query B { b: say(word: "2") }'

    assert ask(DEPLOYED, query, operation_name="B") == {"data": {"b": '{"word":"2"}'}}
    with pytest.raises(RequestRefused, match="Unknown operation named 'C'"):
        ask(DEPLOYED, query, operation_name="C")
    with pytest.raises(RequestRefused, match="Must provide operation name"):
        ask(DEPLOYED, query)


@pytest.mark.parametrize("query", ["{", "", "query", "{ say }" + " { say }" * 20_000])
def test_what_cannot_be_parsed_is_malformed(query: str) -> None:
    with pytest.raises(RequestRefused) as refused:
        ask(DEPLOYED, query)

    assert (refused.value.status, refused.value.error_type) == (400, "MalformedHttpRequestException")


def test_a_query_that_validation_stumbles_over_is_not_valid() -> None:
    sdl = "type Query { a: Int } type Subscription { b: Int } schema { query: Query subscription: Subscription }"
    query = "query Q { a } subscription S($s: Boolean!) { b @skip(if: $s) }"

    answer = ask(deployment(sdl, {}), query, operation_name="Q")

    assert answer["data"] is None
    assert [error["errorType"] for error in answer["errors"]] == ["ValidationError"]


def test_an_answer_may_hold_text_that_has_no_utf_8() -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(graphql_request.answer(send, 200, graphql_request.encoded({"data": {"say": "\ud800"}})))

    assert json.loads(sent[1]["body"]) == {"data": {"say": "\ud800"}}


def test_the_selection_is_listed_under_aliases_with_fragments_opened() -> None:
    sdl = "type A { id: String a: A } type Query { get: A } schema { query: Query }"
    code = "export function request(ctx) { return { id: JSON.stringify(ctx.info.selectionSetList) } }\n"
    through = "export function response(ctx) { return ctx.result }"

    query = "{ get { id x: a { ...F } } } fragment F on A { y: id }"
    answer = ask(deployment(sdl, {"Query.get": code + through}), query)

    assert answer["data"]["get"]["id"] == '["id","x","x/y"]'
