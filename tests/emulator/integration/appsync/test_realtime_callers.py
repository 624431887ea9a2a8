"""Callers of the real-time endpoint: which credentials it accepts, and where they are sent."""

import base64
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect
from websockets.sync.connection import Connection
from websockets.typing import Subprotocol

from tests.emulator.support.deployed_api import Api, answering, create_api
from tests.emulator.support.graphql_calls import data_of, post, signed_post
from tests.emulator.support.websocket_client import PROTOCOL, Listener, encoded, host_of, listening

SDL = """
type Note @aws_cognito_user_pools @aws_iam { id: String!  secret: String @aws_iam }
type Query { note: Note }
type Mutation { say(id: String!): Note @aws_cognito_user_pools @aws_iam }
type Subscription {
  onNote: Note @aws_subscribe(mutations: ["say"]) @aws_cognito_user_pools @aws_iam
  onSecret: Note @aws_subscribe(mutations: ["say"]) @aws_iam
}
schema { query: Query mutation: Mutation subscription: Subscription }
"""
KEYED = """
type Query { note: String }
type Note { id: String! }
type Mutation { say(id: String!): Note }
type Subscription { onNote: Note @aws_subscribe(mutations: ["say"]) }
schema { query: Query mutation: Mutation subscription: Subscription }
"""
ON_NOTE = "subscription { onNote { id } }"
SAY = 'mutation { say(id: "1") { id secret } }'
SECRETS = answering("{ id: ctx.args.id, secret: 's' }")


@pytest.fixture(scope="module")
def api(emulator: Any, pool: Any) -> Api:
    api = create_api(emulator, SDL, **pool.settings())
    api.resolver("Mutation.say", SECRETS)
    return api


@pytest.fixture
def administrator(emulator: Any) -> Credentials:
    return Credentials(emulator.access_key_id, emulator.secret_access_key)


@contextmanager
def connected(url: str, *, query: str = "", protocols: list[str] | None = None) -> Iterator[Connection]:
    names = [PROTOCOL] if protocols is None else [Subprotocol(name) for name in protocols]
    address = f"{url.replace('http', 'ws', 1)}/realtime{query}"
    with connect(address, subprotocols=names or None, proxy=None, close_timeout=1) as socket:
        yield socket


def signed(url: str, body: str, credentials: Credentials, *, service: str = "appsync") -> dict[str, str]:
    """Return the headers of a signed POST, as an AWS client sends them in its messages."""
    given = {
        "accept": "application/json, text/javascript",
        "content-encoding": "amz-1.0",
        "content-type": "application/json; charset=UTF-8",
    }
    request = AWSRequest("POST", url, headers=given, data=body)
    SigV4Auth(credentials, service, "us-east-1").add_auth(request)
    return {**dict(request.headers.items()), "host": host_of(url)}


def refused(socket: Connection) -> tuple[int, str, str]:
    """Return the error with which the connection is refused, and assert that it is closed."""
    message = json.loads(socket.recv(timeout=10))
    assert message["type"] == "connection_error"
    (error,) = message["payload"]["errors"]
    socket.send('{"type": "connection_init"}')
    with pytest.raises(ConnectionClosed):
        socket.recv(timeout=10)
    return error["errorCode"], error["errorType"], error["message"]


@pytest.mark.parametrize("use", ["IdToken", "AccessToken"])
def test_a_token_in_the_query_opens_the_connection(api: Api, pool: Any, use: str) -> None:
    headers = {"host": host_of(api.url), "Authorization": pool.sign_in("ada")[use]}

    with listening(api.url, headers, begun=False) as listener:
        assert listener.begin() == {"type": "connection_ack", "payload": {"connectionTimeoutMs": 300_000}}
        assert listener.start(ON_NOTE)["type"] == "start_ack"


def test_credentials_may_travel_in_the_sub_protocols(api: Api, token: str) -> None:
    headers = {"host": host_of(api.url), "Authorization": token}
    text = base64.urlsafe_b64encode(json.dumps(headers).encode()).decode().rstrip("=")

    with connected(api.url, protocols=["graphql-ws", f"header-{text}"]) as socket:
        assert socket.subprotocol == "graphql-ws"
        assert Listener(socket, headers).begin()["type"] == "connection_ack"


def test_connections_are_not_compressed_though_the_client_offers_it(api: Api, token: str) -> None:
    with listening(api.url, {"host": host_of(api.url), "Authorization": token}) as listener:
        request, response = listener.socket.request, listener.socket.response

        assert request is not None
        assert response is not None
        assert "permessage-deflate" in request.headers["Sec-WebSocket-Extensions"]
        assert "Sec-WebSocket-Extensions" not in response.headers


def test_keep_alive_follows_the_acknowledgement(api: Api, token: str) -> None:
    with listening(api.url, {"host": host_of(api.url), "Authorization": token}, begun=False) as listener:
        listener.say(type="connection_init")

        said = [json.loads(listener.socket.recv(timeout=10))["type"] for _ in range(2)]

        assert said == ["connection_ack", "ka"]


def test_a_client_may_start_without_connection_init(api: Api, token: str) -> None:
    with listening(api.url, {"host": host_of(api.url), "Authorization": token}, begun=False) as listener:
        assert listener.start(ON_NOTE)["type"] == "start_ack"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, (401, "UnauthorizedException", "Valid authorization header not provided.")),
        ({"Authorization": "nonsense"}, (401, "UnauthorizedException", "Unable to parse JWT token.")),
        ({"x-api-key": "da2-x"}, (401, "UnauthorizedException", "Valid authorization header not provided.")),
    ],
)
def test_whoever_is_not_known_is_told_and_disconnected(
    api: Api, headers: dict[str, str], expected: tuple[int, str, str]
) -> None:
    header = encoded({"host": host_of(api.url), **headers})

    with connected(api.url, query=f"?header={header}&payload=e30=") as socket:
        assert refused(socket) == expected


def test_a_handshake_needs_headers_payload_host_and_sub_protocol(api: Api, token: str) -> None:
    whole = {"host": host_of(api.url), "Authorization": token}
    header, elsewhere = encoded(whole), encoded({**whole, "host": "example.com"})
    asked = {
        "Required headers are missing.": ("", None),
        "The payload must be {} in base64.": (f"?header={header}&payload={encoded({'a': 1})}", None),
        f"The header must name the host {host_of(api.url)}, got example.com.": (
            f"?header={elsewhere}&payload=e30=",
            None,
        ),
        "NoProtocolError": (f"?header={header}&payload=e30=", []),
        "SubProtocolNotSupportedError": (f"?header={header}&payload=e30=", ["graphql-transport-ws"]),
    }
    for message, (query, protocols) in asked.items():
        with connected(api.url, query=query, protocols=protocols) as socket:
            assert refused(socket)[::2] == (400, message)


def test_an_unknown_api_is_not_found(api: Api, token: str) -> None:
    url = api.url.replace(api.api_id, "x" * 26)

    with connected(url, query=f"?header={encoded({'host': host_of(url), 'Authorization': token})}&payload=e30=") as s:
        assert refused(s)[:2] == (404, "NotFoundException")


def test_web_pages_of_other_sites_do_not_connect(api: Api, token: str) -> None:
    header = encoded({"host": host_of(api.url), "Authorization": token})
    address = f"{api.url.replace('http', 'ws', 1)}/realtime?header={header}&payload=e30="

    with pytest.raises(InvalidStatus) as answer:
        connect(address, subprotocols=[PROTOCOL], proxy=None, additional_headers={"origin": "http://evil.example"})

    assert answer.value.response.status_code == 403


@pytest.mark.parametrize("path", ["own", "/graphql"])
def test_a_signature_opens_the_connection_and_each_subscription(
    api: Api, administrator: Credentials, path: str, token: str
) -> None:
    url = api.url if path == "own" else f"http://{host_of(api.url)}{path}"
    body = json.dumps({"query": "subscription { onSecret { id secret } }", "variables": {}})
    with listening(api.url, signed(f"{url}/connect", "{}", administrator)) as listener:
        listener.say(
            id="1",
            type="start",
            payload={"data": body, "extensions": {"authorization": signed(url, body, administrator)}},
        )
        started = listener.hear()

        signed_post(api.url, SAY, (administrator.access_key, administrator.secret_key, None))
        heard = listener.hear()

    assert started["type"] == "start_ack"
    assert heard["payload"] == {"data": {"onSecret": {"id": "1", "secret": "s"}}}


def test_a_signature_covers_what_is_subscribed_to(api: Api, administrator: Credentials) -> None:
    other = signed(api.url, json.dumps({"query": ON_NOTE}), administrator)
    with listening(api.url, signed(f"{api.url}/connect", "{}", administrator)) as listener:
        answer = listener.start("subscription { onSecret { id } }", headers=other)

    assert answer["payload"]["errors"][0]["errorType"] == "BadRequestException"
    assert answer["payload"]["errors"][0]["message"].startswith("The request signature we calculated does not match")


@pytest.mark.parametrize("suffix", ["", "/realtime"])
def test_a_signature_for_another_path_does_not_connect(api: Api, administrator: Credentials, suffix: str) -> None:
    header = encoded(signed(f"{api.url}{suffix}", "{}", administrator))

    with connected(api.url, query=f"?header={header}&payload=e30=") as socket:
        assert refused(socket)[:2] == (400, "BadRequestException")


def test_each_subscription_brings_its_own_credentials(api: Api, token: str, other_pool: Any) -> None:
    host = {"host": host_of(api.url)}
    with listening(api.url, {**host, "Authorization": token}) as listener:
        without = listener.start(ON_NOTE, headers=host)
        foreign = listener.start(ON_NOTE, headers={**host, "Authorization": other_pool.sign_in("ada")["IdToken"]})
        with_token = listener.start(ON_NOTE)

    assert without["payload"]["errors"] == [
        {"errorType": "UnauthorizedException", "message": "Valid authorization header not provided."}
    ]
    assert foreign["payload"]["errors"][0]["errorType"] == "UnauthorizedException"
    assert with_token["type"] == "start_ack"


def test_directives_hold_for_subscriptions_and_for_what_they_deliver(
    api: Api, token: str, administrator: Credentials
) -> None:
    with listening(api.url, {"host": host_of(api.url), "Authorization": token}) as listener:
        forbidden = listener.start("subscription { onSecret { id } }")
        listener.start("subscription { onNote { id secret } }", id_="2")

        signed_post(api.url, SAY, (administrator.access_key, administrator.secret_key, None))
        payload = listener.hear()["payload"]

    assert forbidden["payload"]["errors"] == [
        {"errorType": "Unauthorized", "message": "Not Authorized to access onSecret on type Subscription"}
    ]
    assert payload["data"] == {"onNote": {"id": "1", "secret": None}}
    assert [error["message"] for error in payload["errors"]] == ["Not Authorized to access secret on type Note"]


def test_an_api_key_works_where_the_api_has_them(emulator: Any) -> None:
    keyed = create_api(emulator, KEYED, name="keyed", authenticationType="API_KEY")
    keyed.resolver("Mutation.say")
    key = emulator.client("appsync").create_api_key(apiId=keyed.api_id)["apiKey"]["id"]

    with listening(keyed.url, {"host": host_of(keyed.url), "x-api-key": key}) as listener:
        assert listener.start(ON_NOTE)["type"] == "start_ack"
    with connected(
        keyed.url, query=f"?header={encoded({'host': host_of(keyed.url), 'x-api-key': 'da2-x'})}&payload=e30="
    ) as socket:
        assert refused(socket)[:2] == (401, "UnauthorizedException")


def test_a_subscription_ends_with_its_token(emulator: Any, api: Api, pool: Any) -> None:
    cognito = emulator.client("cognito-idp")
    client_id = pool.client_id
    names = {"UserPoolId": pool.user_pool_id, "ClientId": client_id}
    flows = {"ExplicitAuthFlows": ["ALLOW_ADMIN_USER_PASSWORD_AUTH"]}
    cognito.update_user_pool_client(**names, **flows, IdTokenValidity=2, TokenValidityUnits={"IdToken": "seconds"})
    try:
        short = pool.sign_in("ada")["IdToken"]
    finally:
        cognito.update_user_pool_client(**names, **flows, IdTokenValidity=1, TokenValidityUnits={})
    lasting = pool.sign_in("ada")["IdToken"]
    host = {"host": host_of(api.url)}
    with listening(api.url, {**host, "Authorization": lasting}) as listener:
        began = time.monotonic()
        assert listener.start(ON_NOTE, id_="short", headers={**host, "Authorization": short})["type"] == "start_ack"
        listener.start(ON_NOTE, id_="lasting")

        ended = listener.hear()
        data_of(post(api.url, 'mutation { say(id: "1") { id } }', token=lasting))
        heard = listener.hear()

    assert time.monotonic() - began < 5
    assert ended == {
        "id": "short",
        "type": "error",
        "payload": {"errors": [{"errorType": "UnauthorizedException", "message": "Token has expired."}]},
    }
    assert (heard["id"], heard["type"]) == ("lasting", "data")
