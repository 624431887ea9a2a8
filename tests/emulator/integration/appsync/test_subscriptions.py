"""Subscriptions over WebSockets: which subscriber gets which event of which mutation."""

import time
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from tests.emulator.support.deployed_api import Api, answering, create_api
from tests.emulator.support.graphql_calls import data_of, post
from tests.emulator.support.websocket_client import host_of, listening

SDL = """
type Note { id: String!  owner: String  text: String!  stars: Int  pinned: Boolean  meta: AWSJSON  next: Note }
input NoteInput { id: String!  owner: String  text: String!  stars: Int  pinned: Boolean  meta: AWSJSON }
type Query { note: Note }
type Mutation { say(input: NoteInput!): Note  fail(input: NoteInput!): Note  other(input: NoteInput!): Note }
type Subscription {
  onNote(owner: String, id: String, stars: Int, pinned: Boolean): Note @aws_subscribe(mutations: ["say", "fail"])
  onGuarded(owner: String!): Note @aws_subscribe(mutations: ["say"])
  onNothing: Note
}
schema { query: Query mutation: Mutation subscription: Subscription }
"""
ALL = "id owner text stars pinned meta"
SAY = f"mutation Say($input: NoteInput!) {{ say(input: $input) {{ {ALL} }} }}"
FAILING = """
import { util } from '@aws-appsync/utils';
export function request(ctx) { util.error('no', 'No'); }
export function response(ctx) { return null; }
"""
GUARDING = """
import { util } from '@aws-appsync/utils';
export function request(ctx) { if (ctx.args.owner !== ctx.identity.username) { util.unauthorized(); } return {}; }
export function response(ctx) { return null; }
"""


@pytest.fixture(scope="module")
def api(emulator: Any, pool: Any) -> Api:
    api = create_api(emulator, SDL, **pool.settings())
    api.resolver("Mutation.say", answering("ctx.args.input"))
    api.resolver("Mutation.fail", FAILING)
    api.resolver("Mutation.other", answering("ctx.args.input"))
    api.resolver("Subscription.onGuarded", GUARDING)
    return api


@pytest.fixture
def headers(api: Api, token: str) -> dict[str, str]:
    return {"host": host_of(api.url), "Authorization": token}


def say(api: Api, token: str, query: str = SAY, **note: Any) -> Any:
    return data_of(post(api.url, query, {"input": {"id": "1", "text": "hello", **note}}, token=token))


def test_a_subscriber_hears_what_a_mutation_selected(api: Api, token: str, headers: dict[str, str]) -> None:
    with listening(api.url, headers) as listener:
        assert listener.start(f"subscription {{ onNote {{ {ALL} }} }}") == {"id": "1", "type": "start_ack"}

        said = say(api, token, owner="ada", stars=3)
        heard = listener.hear()

    assert heard == {"id": "1", "type": "data", "payload": {"data": {"onNote": said["say"]}}}
    assert heard["payload"]["data"]["onNote"]["stars"] == 3


def test_only_the_mutations_selection_is_delivered(api: Api, token: str, headers: dict[str, str]) -> None:
    short = "mutation Say($input: NoteInput!) { say(input: $input) { id text } }"
    with listening(api.url, headers) as listener:
        listener.start("subscription { onNote { id text stars owner } }")

        say(api, token, short, owner="ada", stars=3)
        heard = listener.hear()

    assert heard["payload"] == {"data": {"onNote": {"id": "1", "text": "hello", "stars": None, "owner": None}}}


def test_a_required_field_that_the_mutation_did_not_select_takes_the_whole_with_it(
    api: Api, token: str, headers: dict[str, str]
) -> None:
    short = "mutation Say($input: NoteInput!) { say(input: $input) { id } }"
    with listening(api.url, headers) as listener:
        listener.start("subscription { onNote { id text } }")

        say(api, token, short)
        payload = listener.hear()["payload"]

    assert payload["data"] == {"onNote": None}
    assert [error["message"] for error in payload["errors"]] == [
        "Cannot return null for non-nullable type: 'String' within parent 'Note' (/onNote/text)"
    ]


def test_aliases_of_the_mutation_and_of_the_subscriber_do_not_meet(
    api: Api, token: str, headers: dict[str, str]
) -> None:
    aliased = "mutation Say($input: NoteInput!) { a: say(input: $input) { b: id  ...rest } }"
    with listening(api.url, headers) as listener:
        listener.start("subscription { mine: onNote { it: id  words: text meta } }")

        say(api, token, f"{aliased} fragment rest on Note {{ text: id  words: text meta }}", meta='{"a":[1]}')
        heard = listener.hear()

    assert heard["payload"]["data"] == {"mine": {"it": "1", "words": "hello", "meta": '{"a":[1]}'}}


@pytest.mark.parametrize(
    ("arguments", "variables", "heard"),
    [
        ("", {}, ["ada", "bob", None]),
        ('(owner: "ada")', {}, ["ada"]),
        ("(owner: null)", {}, [None]),
        ("(owner: $owner)", {"owner": "bob"}, ["bob"]),
        ("(owner: $owner)", {"owner": None}, [None]),
        ("(owner: $owner)", {}, ["ada", "bob", None]),
        ("(owner: $owner, stars: 3)", {"owner": "ada"}, []),
        ("(owner: $owner, stars: 1)", {"owner": "ada"}, ["ada"]),
        ("(pinned: true)", {}, []),
        ("(pinned: null)", {}, ["ada", "bob", None]),
    ],
)
def test_a_subscriber_hears_what_equals_each_argument_that_it_gave(
    api: Api, token: str, headers: dict[str, str], arguments: str, variables: dict[str, Any], heard: list[str | None]
) -> None:
    query = f"subscription On($owner: String) {{ onNote{arguments} {{ owner }} }}"
    with listening(api.url, headers) as listener:
        listener.start(query if "$owner" in arguments else query.replace("($owner: String)", ""), variables)
        listener.start('subscription { onNote(id: "last") { id } }', id_="end")

        for owner in ("ada", "bob", None):
            say(api, token, owner=owner, stars=1)
        say(api, token, id="last", owner="nobody", pinned=False)
        owners = []
        while (message := listener.hear())["id"] != "end":
            owners.append(message["payload"]["data"]["onNote"]["owner"])

    assert [owner for owner in owners if owner != "nobody"] == heard


def test_a_mutation_that_fails_or_that_nobody_waits_for_is_not_heard(
    api: Api, token: str, headers: dict[str, str]
) -> None:
    with listening(api.url, headers) as listener:
        listener.start("subscription { onNote { text } }")
        listener.start("subscription { onNothing { text } }", id_="2")

        for mutation in ("fail", "other"):
            query = f"mutation No($input: NoteInput!) {{ {mutation}(input: $input) {{ text }} }}"
            post(api.url, query, {"input": {"id": "1", "text": "no"}}, token=token)
        say(api, token, text="yes")

        assert listener.hear()["payload"]["data"]["onNote"] == {"text": "yes"}
        assert listener.hears_nothing()


def test_a_resolver_decides_who_may_subscribe_to_what(api: Api, token: str, headers: dict[str, str]) -> None:
    with listening(api.url, headers) as listener:
        allowed = listener.start('subscription { onGuarded(owner: "ada") { text } }', id_="mine")
        refused = listener.start('subscription { onGuarded(owner: "bob") { text } }', id_="theirs")

        say(api, token, owner="bob")
        say(api, token, owner="ada", text="mine")

        assert allowed == {"id": "mine", "type": "start_ack"}
        assert (refused["id"], refused["type"]) == ("theirs", "error")
        assert refused["payload"]["errors"] == [
            {"errorType": "Unauthorized", "message": "Not Authorized to access onGuarded on type Subscription"}
        ]
        assert listener.hear() == {
            "id": "mine",
            "type": "data",
            "payload": {"data": {"onGuarded": {"text": "mine"}}},
        }
        assert listener.hears_nothing()


def test_after_stop_a_subscriber_hears_no_more(api: Api, token: str, headers: dict[str, str]) -> None:
    with listening(api.url, headers) as listener:
        listener.start("subscription { onNote { text } }", id_="1")
        listener.start("subscription { onNote { text } }", id_="2")

        listener.say(type="stop", id="1")
        completed = listener.hear()
        say(api, token)

        assert completed == {"id": "1", "type": "complete"}
        assert listener.hear()["id"] == "2"
        assert listener.hears_nothing()


@pytest.mark.parametrize(
    ("query", "error_type", "message"),
    [
        ("{ note { id } }", "UnsupportedOperation", "query not supported through the realtime channel"),
        (
            'mutation { say(input: {id: "1", text: "no"}) { id } }',
            "UnsupportedOperation",
            "mutation not supported through the realtime channel",
        ),
        ("subscription { nothing }", "ValidationError", "Cannot query field 'nothing' on type 'Subscription'."),
        ("subscription {", "MalformedHttpRequestException", "Unable to parse GraphQL query."),
    ],
)
def test_what_cannot_be_subscribed_to_is_an_error_with_the_id(
    api: Api, headers: dict[str, str], query: str, error_type: str, message: str
) -> None:
    with listening(api.url, headers) as listener:
        refused = listener.start(query, id_="7")

        assert (refused["id"], refused["type"]) == ("7", "error")
        (error,) = refused["payload"]["errors"]
        assert error["errorType"] == error_type
        assert error["message"].startswith(message)


def test_an_id_names_one_subscription_of_a_connection(api: Api, headers: dict[str, str]) -> None:
    with listening(api.url, headers) as listener:
        listener.start("subscription { onNote { text } }", id_="1")

        again = listener.start("subscription { onNote { text } }", id_="1")

        assert (again["id"], again["payload"]["errors"][0]["errorType"]) == ("1", "DuplicatedOperationError")


def test_a_connection_has_at_most_200_subscriptions(api: Api, headers: dict[str, str]) -> None:
    with listening(api.url, headers) as listener:
        for number in range(200):
            assert listener.start("subscription { onNote { text } }", id_=str(number))["type"] == "start_ack"

        refused = listener.start("subscription { onNote { text } }", id_="one more")
        listener.say(type="stop", id="0")
        listener.hear()
        accepted = listener.start("subscription { onNote { text } }", id_="after one stopped")

        assert refused["payload"]["errors"][0]["errorType"] == "MaxSubscriptionsReachedError"
        assert accepted["type"] == "start_ack"


@pytest.mark.parametrize("text", ["meow", "[]", '{"type": "subscribe", "id": "1"}', '{"type": "stop"}', "{}"])
def test_a_message_that_the_protocol_does_not_have_is_an_error(api: Api, headers: dict[str, str], text: str) -> None:
    with listening(api.url, headers) as listener:
        listener.socket.send(text)
        answer = listener.hear()

        assert answer["type"] == "error"
        assert answer["payload"]["errors"][0]["errorType"] == "UnsupportedOperation"
        assert listener.start("subscription { onNote { text } }")["type"] == "start_ack"


def test_a_change_of_the_schema_ends_what_it_no_longer_has(emulator: Any, pool: Any, token: str) -> None:
    api = create_api(emulator, SDL, name="changing", **pool.settings())
    api.resolver("Mutation.say", answering("ctx.args.input"))
    with listening(api.url, {"host": host_of(api.url), "Authorization": token}) as listener:
        listener.start("subscription { onNote { stars } }", id_="1")
        listener.start("subscription { onNote { text } }", id_="2")

        api.schema(SDL.replace("  stars: Int ", "").replace(", stars: Int", ""))
        query = "mutation Say($input: NoteInput!) { say(input: $input) { id text } }"
        ended = None
        deadline = time.monotonic() + 15  # a change is served within 5 s
        while ended is None and time.monotonic() < deadline:
            time.sleep(0.1)
            say(api, token, query)
            messages = [listener.hear(), listener.hear()]
            ended = next((message for message in messages if message["type"] == "error"), None)

        assert ended is not None
        assert (ended["id"], ended["payload"]["errors"][0]["errorType"]) == ("1", "ValidationError")


def test_the_connections_of_an_api_that_is_deleted_are_closed(emulator: Any, pool: Any, token: str) -> None:
    api = create_api(emulator, SDL, name="doomed", **pool.settings())
    with listening(api.url, {"host": host_of(api.url), "Authorization": token}) as listener:
        listener.start("subscription { onNote { text } }")

        api.client.delete_graphql_api(apiId=api.api_id)

        with pytest.raises(ConnectionClosed) as closed:
            listener.hear(within_seconds=15)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1001
