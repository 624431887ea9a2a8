"""Unusual subscriptions get an answer each, and the connection's other subscriptions go on."""

import json
from typing import Any

import pytest

from emulator.appsync.execution import Executor
from emulator.appsync.realtime.hub import Hub
from tests.emulator.support.data_plane import THROUGH, ask, deployment
from tests.emulator.support.in_process_websocket import Client, run_scenario

SDL = """
type Note { id: String!  text: String }
type Query { note: Note }
type Mutation { say(id: String!, text: String): Note }
type Subscription { onNote(id: String): Note @aws_subscribe(mutations: ["say"]) }
schema { query: Query mutation: Mutation subscription: Subscription }
"""
GUARDED = """
import { util } from '@aws-appsync/utils';
export function request(ctx) { if (ctx.args.id === 'victim') { util.unauthorized(); } return {}; }
export function response(ctx) { return null; }
"""
FILTERING = """
import { extensions } from '@aws-appsync/utils';
export function request(ctx) { return {}; }
export function response(ctx) {
  const mine = { fieldName: 'id', operator: 'eq', value: 'mine' };
  extensions.setSubscriptionFilter({ filterGroup: [{ filters: [mine] }] });
  return null;
}
"""
DEPLOYED = deployment(SDL, {"Mutation.say": THROUGH, "Subscription.onNote": GUARDED})
INTERNAL = {"errorType": "InternalFailure", "message": "Internal failure of the local AppSync, see its log."}
NOT_EXECUTED = {
    "errorType": "ValidationError",
    "message": "The field of a subscription can be neither skipped nor left out.",
}


def beside_another(data: str, *, outage: bool = False) -> tuple[dict[str, Any], Client]:
    """Start a subscription beside another one; return the answer to it, and the client.

    The client has then received an event of the other subscription.
    """
    answers: list[dict[str, Any]] = []
    outages: list[bool] = []

    async def scenario(client: Client, hub: Hub, executor: Executor) -> None:
        client.say(type="connection_init")
        client.start("subscription { onNote { id } }", id_="other")
        await client.until(lambda c: c.heard("start_ack"))
        outages.append(outage)
        client.start_with(data, id_="odd")
        await client.until(lambda c: [m for m in c.sent if m.get("id") == "odd"])
        answers.extend(message for message in client.sent if message.get("id") == "odd")
        hub.publish(executor, "say", {"id": "victim", "text": "secret"})
        await client.until(lambda c: [m for m in c.heard("data") if m["id"] == "other"])

    client = run_scenario(DEPLOYED, scenario, outage=lambda: any(outages))
    return answers[0], client


def heard_by(client: Client, id_: str) -> list[Any]:
    return [message["payload"] for message in client.heard("data") if message["id"] == id_]


@pytest.mark.parametrize(
    "query",
    [
        'subscription { onNote(id: "victim") @skip(if: true) { text } }',
        'subscription { onNote(id: "victim") @include(if: false) { text } }',
        'subscription { ... @skip(if: true) { onNote(id: "victim") { text } } }',
        "subscription { ...F @include(if: false) } fragment F on Subscription { onNote { text } }",
    ],
)
def test_nobody_leaves_the_resolver_out_that_decides_who_may_subscribe(query: str) -> None:
    answer, client = beside_another(json.dumps({"query": query}))

    assert (answer["type"], answer["payload"]["errors"]) == ("error", [NOT_EXECUTED])
    assert heard_by(client, "odd") == []


def test_the_filter_is_that_of_the_field_that_is_executed() -> None:
    query = 'subscription { a: onNote @skip(if: true) { text }  b: onNote(id: "mine") { text } }'

    answer, client = beside_another(json.dumps({"query": query}))

    assert answer["type"] == "start_ack"
    assert heard_by(client, "odd") == []


def test_a_subscriber_hears_only_what_the_resolvers_filter_lets_through() -> None:
    async def scenario(client: Client, hub: Hub, executor: Executor) -> None:
        client.start("subscription { onNote { id } }")
        await client.until(lambda c: c.heard("start_ack"))
        for id_ in ("victim", "mine"):
            hub.publish(executor, "say", {"id": id_})
        await client.until(lambda c: c.heard("data"))

    client = run_scenario(deployment(SDL, {"Subscription.onNote": FILTERING}), scenario)

    assert heard_by(client, "1") == [{"data": {"onNote": {"id": "mine"}}}]


@pytest.mark.parametrize("place", ["Query.note", "Mutation.say"])
def test_only_a_subscription_has_a_filter(place: str) -> None:
    query = {"Query.note": "{ note { id } }", "Mutation.say": 'mutation { say(id: "1") { id } }'}[place]

    (error,) = ask(deployment(SDL, {place: FILTERING}), query)["errors"]

    assert error["errorType"] == "NotSupported"


def test_the_same_field_may_be_selected_in_parts() -> None:
    answer, client = beside_another(json.dumps({"query": "subscription { onNote { id } onNote { text } }"}))

    assert answer["type"] == "start_ack"
    assert heard_by(client, "odd") == [{"data": {"onNote": {"id": "victim", "text": "secret"}}}]


def test_a_variable_may_not_decide_whether_the_field_is_executed() -> None:
    query = "subscription S($s: Boolean!) { onNote @skip(if: $s) { id } }"

    answer, _client = beside_another(json.dumps({"query": query, "variables": {"s": False}}))

    assert (answer["type"], answer["payload"]["errors"][0]["errorType"]) == ("error", "ValidationError")


def test_a_publication_that_has_no_utf_8_is_told_as_json_can() -> None:
    async def scenario(client: Client, hub: Hub, executor: Executor) -> None:
        client.start("subscription { onNote { text } }")
        await client.until(lambda c: c.heard("start_ack"))
        hub.publish(executor, "say", {"id": "1", "text": "\ud800"})
        await client.until(lambda c: c.heard("data"))

    client = run_scenario(DEPLOYED, scenario)

    assert heard_by(client, "1") == [{"data": {"onNote": {"text": "\ud800"}}}]


def test_a_failure_of_ours_is_an_error_of_the_one_subscription() -> None:
    answer, client = beside_another(json.dumps({"query": "subscription { onNote { id } }"}), outage=True)

    assert answer == {"id": "odd", "type": "error", "payload": {"errors": [INTERNAL]}}
    assert client.closed is None


def test_whoever_connects_to_an_api_that_cannot_be_read_is_told() -> None:
    async def scenario(client: Client, _hub: Hub, _executor: Executor) -> None:
        client.say(type="connection_init")
        await client.until(lambda c: c.closed)

    client = run_scenario(DEPLOYED, scenario, outage=lambda: True)

    assert client.sent == [{"type": "connection_error", "payload": {"errors": [INTERNAL | {"errorCode": 500}]}}]
    assert client.closed is not None
    assert client.closed["code"] == 1008
