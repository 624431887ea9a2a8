"""Resolvers over HTTP: their input, and the caller's answer."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.emulator.support.deployed_api import Api, answering, create_api
from tests.emulator.support.graphql_calls import data_of, error_of, post

SDL = """
enum Colour { RED GREEN }
input Filter { text: String = "any"  limit: Int  colour: Colour }
type Thing { id: String!  colour: Colour  at: AWSDateTime  parts: [Thing!]  must: String! }
type Query {
  echo(first: Int = 50, after: String, filter: Filter): AWSJSON
  who: AWSJSON
  info(x: Int): AWSJSON
  thing(mode: String!): Thing
  piped(stop: String): AWSJSON
  bare: String
}
type Mutation { append(word: String!): String! }
schema { query: Query mutation: Mutation }
"""
THING = """
import { util, runtime } from '@aws-appsync/utils';
const thing = { id: 'x', colour: 'RED', at: '2026-01-01T00:00:00.000Z', must: 'm', secret: 's' };
export function request(ctx) {
  const mode = ctx.args.mode;
  if (mode === 'error') util.error('no such thing', 'ThingNotFound', thing, { tried: 1 });
  if (mode === 'unauthorized') util.unauthorized();
  if (mode === 'early') runtime.earlyReturn(thing);
  if (mode === 'append') util.appendError('careful', 'Soft', thing);
  if (mode.startsWith('say ')) util.error(mode);
  if (mode === 'broken') return ctx.args.missing.name;
  return { payload: mode === 'date' ? { ...thing, at: 'yesterday' } : mode === 'null' ? { id: 'x' } : thing };
}
export function response(ctx) { return { ...ctx.result, id: 'from response' } }
"""
BEFORE = """
import { runtime } from '@aws-appsync/utils';
export function request(ctx) {
  ctx.stash.trail = ['before'];
  if (ctx.args.stop === 'before') runtime.earlyReturn({ early: 'before' });
  return { from: 'before' };
}
export function response(ctx) { return { prev: ctx.prev.result, result: ctx.result, trail: ctx.stash.trail } }
"""
STEP = """
import { runtime } from '@aws-appsync/utils';
export function request(ctx) {
  ctx.stash.trail.push('NAME request');
  if (ctx.args.stop === 'NAME') runtime.earlyReturn({ early: 'NAME' });
  if (ctx.args.stop === 'NAME END') runtime.earlyReturn({ early: 'NAME' }, { skipTo: 'END' });
  return { payload: { from: 'NAME', after: ctx.prev.result.from } };
}
export function response(ctx) { ctx.stash.trail.push('NAME response'); return ctx.result }
"""


@pytest.fixture(scope="module")
def api(emulator: Any, pool: Any) -> Api:
    api = create_api(emulator, SDL, **pool.settings())
    api.resolver("Query.echo")
    api.resolver("Query.who", answering("ctx.identity"))
    api.resolver("Query.info", answering("{ info: ctx.info, mark: ctx.request.headers['x-mark'], source: ctx.source }"))
    api.resolver("Query.thing", THING)
    for name in ("one", "two"):
        api.function(name, STEP.replace("NAME", name))
    api.pipeline("Query.piped", BEFORE, ["one", "two"])
    return api


def test_schema_defaults_are_not_passed_to_resolvers(api: Api, token: str) -> None:
    answer = post(api.url, "{ echo(filter: {limit: 1, colour: RED}) }", token=token)

    assert data_of(answer)["echo"] == '{"filter":{"limit":1,"colour":"RED"}}'


def test_a_declared_but_unset_variable_arrives_as_null(api: Api, token: str) -> None:
    query = 'query($first: Int, $after: String = "a", $f: Filter) { echo(first: $first, after: $after, filter: $f) }'

    answer = post(api.url, query, {"f": {"limit": 2}}, token=token)

    assert data_of(answer)["echo"] == '{"first":null,"after":"a","filter":{"limit":2}}'


def test_the_identity_of_a_user_is_the_one_of_the_token(api: Api, pool: Any, token: str) -> None:
    identity = json.loads(data_of(post(api.url, "{ who }", token=token))["who"])

    assert identity["username"] == "ada"
    assert identity["sub"] == identity["claims"]["sub"]
    assert identity["issuer"] == f"https://cognito-idp.us-east-1.amazonaws.com/{pool.user_pool_id}"
    assert identity["sourceIp"] == ["127.0.0.1"]
    assert identity["defaultAuthStrategy"] == "ALLOW"


def test_a_field_without_resolver_is_null(api: Api, token: str) -> None:
    assert data_of(post(api.url, "{ bare }", token=token)) == {"bare": None}


def test_util_error_nulls_the_field_and_says_type_info_and_selected_data(api: Api, token: str) -> None:
    answer = post(api.url, '{ thing(mode: "error") { id } echo }', token=token)

    assert answer.status_code == 200
    assert answer.json() == {
        "data": {"thing": None, "echo": "{}"},
        "errors": [
            {
                "path": ["thing"],
                "data": {"id": "x"},
                "errorType": "ThingNotFound",
                "errorInfo": {"tried": 1},
                "locations": [{"line": 1, "column": 3, "sourceName": None}],
                "message": "no such thing",
            }
        ],
    }


def test_an_appended_error_leaves_the_value(api: Api, token: str) -> None:
    answer = post(api.url, '{ thing(mode: "append") { id } }', token=token)

    assert answer.json()["data"] == {"thing": {"id": "from response"}}
    assert [error["errorType"] for error in answer.json()["errors"]] == ["Soft"]


def test_util_unauthorized_names_field_and_type(api: Api, token: str) -> None:
    error = error_of(post(api.url, '{ t: thing(mode: "unauthorized") { id } }', token=token))

    assert (error["errorType"], error["message"]) == ("Unauthorized", "Not Authorized to access thing on type Query")
    assert error["path"] == ["t"]


def test_an_early_return_skips_source_and_response(api: Api, token: str) -> None:
    assert data_of(post(api.url, '{ thing(mode: "early") { id } }', token=token)) == {"thing": {"id": "x"}}


def test_a_failing_handler_is_a_runtime_error_of_type_code(api: Api, token: str) -> None:
    error = error_of(post(api.url, '{ thing(mode: "broken") { id } }', token=token))

    assert (error["errorType"], error["message"]) == ("Code", "Runtime Error")


def test_a_value_that_is_no_date_is_an_error_at_its_path(api: Api, token: str) -> None:
    answer = post(api.url, '{ thing(mode: "date") { id at } }', token=token)

    assert answer.json()["data"] == {"thing": {"id": "from response", "at": None}}
    assert error_of(answer)["message"].startswith("Can't serialize value (/thing/at) : Unable to serialize `yesterday`")


def test_null_where_the_schema_forbids_it_nulls_the_parent(api: Api, token: str) -> None:
    answer = post(api.url, '{ thing(mode: "null") { id must } }', token=token)

    assert answer.json()["data"] == {"thing": None}
    assert error_of(answer)["message"] == (
        "Cannot return null for non-nullable type: 'String' within parent 'Thing' (/thing/must)"
    )


@pytest.mark.parametrize(
    ("stop", "expected"),
    [
        (
            None,
            ({"from": "two", "after": "one"}, ["before", "one request", "one response", "two request", "two response"]),
        ),
        ("before", ({"early": "before"}, ["before"])),
        ("one", ({"from": "two"}, ["before", "one request", "two request", "two response"])),
        ("two", ({"early": "two"}, ["before", "one request", "one response", "two request"])),
        ("one END", ({"early": "one"}, ["before", "one request"])),
    ],
)
def test_a_pipeline_goes_on_where_an_early_return_says(
    api: Api, token: str, stop: str | None, expected: tuple[dict[str, str], list[str]]
) -> None:
    answer = json.loads(
        data_of(post(api.url, "query($s: String) { piped(stop: $s) }", {"s": stop}, token=token))["piped"]
    )

    assert (answer["prev"], answer["trail"]) == expected
    assert answer["result"] == expected[0]


def test_info_describes_field_variables_and_selection(api: Api, token: str) -> None:
    query = "query($x: Int) { a: info(x: $x) }"
    headers = {"authorization": token, "X-Mark": "m"}

    answer = httpx.post(api.url, json={"query": query, "variables": {"x": 1}}, headers=headers)

    assert json.loads(data_of(answer)["a"]) == {
        "info": {
            "fieldName": "info",
            "parentTypeName": "Query",
            "variables": {"x": 1},
            "selectionSetList": [],
            "selectionSetGraphQL": "",
        },
        "mark": "m",
        "source": None,
    }


def test_text_of_a_client_obeys_no_terminal_in_the_log(api: Api, token: str, server_log: Path) -> None:
    before = len(server_log.read_bytes())

    query = "query($mode: String!) { thing(mode: $mode) { id } }"
    post(api.url, query, {"mode": "say \u202ered\x1b[31m\nERROR forged"}, token=token)

    logged = server_log.read_bytes()[before:].decode()
    assert "say \\u202ered\\x1b[31m\\nERROR forged\n" in logged
