"""Subscriptions over WebSockets: who hears what of which mutation."""

from typing import Any

import pytest

from tests.integration.appsync.calling import data_of, post
from tests.integration.appsync.deploying import Api, answering, create_api
from tests.integration.appsync.listening import host_of, listening

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
