"""Unreadable requests to a running server get AppSync's errors, and none is logged as a failure."""

import base64
import http.client
import json
import select
import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from tests.emulator.integration.appsync.test_realtime_callers import connected
from tests.emulator.support.deployed_api import Api, answering, create_api
from tests.emulator.support.websocket_client import Listener, host_of, listening
from tests.support.malformed_json import DEEP, NO_OBJECTS, NOT_JSON

SDL = """
type Note { id: String! }
type Query { note(id: ID, stars: Float, many: Int, at: AWSTimestamp, more: AWSJSON): Note }
type Mutation { say(id: String!): Note }
type Subscription { onNote(id: String): Note @aws_subscribe(mutations: ["say"]) }
schema { query: Query mutation: Mutation subscription: Subscription }
"""
UNREADABLE = {**NOT_JSON, **NO_OBJECTS}
QUERY = "query($id: ID, $stars: Float, $many: Int, $at: AWSTimestamp, $more: AWSJSON)"
FIELD = "{ note(id: $id, stars: $stars, many: $many, at: $at, more: $more) { id } }"


@pytest.fixture(scope="module")
def api(emulator: Any, pool: Any) -> Api:
    api = create_api(emulator, SDL, name="malformed", **pool.settings())
    api.resolver("Query.note", answering("ctx.args"))
    api.resolver("Mutation.say", answering("ctx.args"))
    return api


@pytest.fixture(autouse=True)
def no_failure(server_log: Path) -> Iterator[None]:
    """Assert that the test leaves no failure in the server's log."""
    before = len(server_log.read_bytes())
    yield
    assert "Traceback" not in server_log.read_bytes()[before:].decode()


def part(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def error_types(answer: httpx.Response) -> list[str]:
    return [error["errorType"] for error in answer.json()["errors"]]


@pytest.mark.parametrize("position", [0, 1, 2])
@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_a_token_with_a_part_that_cannot_be_read_is_a_401(api: Api, token: str, content: bytes, position: int) -> None:
    parts = token.split(".")
    parts[position] = part(content)

    answer = httpx.post(api.url, json={"query": "{ note { id } }"}, headers={"authorization": ".".join(parts)})

    assert (answer.status_code, error_types(answer)) == (401, ["UnauthorizedException"])


def test_a_token_that_comes_in_pieces_is_a_401(api: Api) -> None:
    host, _, port = host_of(api.url).partition(":")
    text = f"{part(b'{}')}.{part(DEEP.encode())}.x"
    head = f"POST /appsync/{api.api_id}/graphql HTTP/1.1\r\nHost: {host}:{port}\r\nAuthorization: {text}\r\n"

    with closing(socket.create_connection((host, int(port)), timeout=10)) as connection:
        connection.sendall(head.encode())
        select.select([connection], [], [], 0.3)  # so that the server reads only the first part
        connection.sendall(b"Content-Length: 2\r\nConnection: close\r\n\r\n{}")
        answer = connection.makefile("rb").readline().decode()

    assert int(answer.split()[1]) == 401


@pytest.mark.parametrize(
    "value", [b"\xe9", b"\xff.\xff.\xff", b"\t", b"AWS4-", b"AWS4-HMAC-SHA256 \xe9", b"Bearer \xc3\xa9"]
)
def test_an_authorization_of_any_bytes_is_refused(api: Api, value: bytes) -> None:
    with closing(http.client.HTTPConnection(host_of(api.url), timeout=10)) as connection:
        connection.request("POST", f"/appsync/{api.api_id}/graphql", b"{}", {"Authorization": value})
        answer = connection.getresponse()

        assert answer.status in (400, 401, 403)


@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_a_body_that_cannot_be_read_is_a_400(api: Api, token: str, body: bytes) -> None:
    answer = httpx.post(api.url, content=body, headers={"authorization": token})

    assert (answer.status_code, error_types(answer)) == (400, ["MalformedHttpRequestException"])


@pytest.mark.parametrize(
    "variables",
    [
        {"id": 10**300},
        {"id": [[]]},
        {"stars": 10**300},
        {"stars": "1e400"},
        {"many": 10**300},
        {"many": 1e300},
        {"at": -(10**300)},
        {"more": DEEP},
        {"more": '{"a":' * 400 + "1" + "}" * 400},
        {"more": "NaN"},
        {"more": '"\\ud800"'},
        {"more": "1" * 5_000},
        {"other": {"a": [{}]}},
        {"": {}},
    ],
    ids=lambda variables: f"{variables}"[:30],
)
def test_no_variable_is_a_failure_of_ours(api: Api, token: str, variables: dict[str, Any]) -> None:
    answer = httpx.post(
        api.url, json={"query": QUERY + FIELD, "variables": variables}, headers={"authorization": token}
    )

    assert answer.status_code == 200
    assert set(answer.json()) <= {"data", "errors"}


@pytest.mark.parametrize(
    "arguments",
    [
        f"many: {'1' * 5_000}",
        f"stars: {'1' * 5_000}",
        "stars: 1e400",
        f"id: {'1' * 5_000}",
        f"at: {'1' * 5_000}",
        f"more: {json.dumps(DEEP)}",
        f"more: {'1' * 5_000}",
        'id: "\\ud800"',
    ],
    ids=lambda arguments: arguments[:20],
)
def test_no_literal_is_a_failure_of_ours(api: Api, token: str, arguments: str) -> None:
    answer = httpx.post(api.url, json={"query": f"{{ note({arguments}) {{ id }} }}"}, headers={"authorization": token})

    assert answer.status_code in (200, 400)
    assert "InternalFailure" not in answer.text


def refused(open_: Callable[[], Any]) -> dict[str, Any]:
    """Return the only error of a refused handshake."""
    with open_() as socket:
        message = json.loads(socket.recv(timeout=10))
        socket.send("{}")
        with pytest.raises(ConnectionClosed):
            socket.recv(timeout=10)
    assert message["type"] == "connection_error"
    (error,) = message["payload"]["errors"]
    return dict(error)


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_a_handshake_that_cannot_be_read_is_refused(api: Api, content: bytes) -> None:
    text = part(content[:4_000])

    in_query = refused(lambda: connected(api.url, query=f"?header={text}&payload=e30="))
    in_protocol = refused(lambda: connected(api.url, protocols=["graphql-ws", f"header-{text}"]))

    assert (in_query["errorCode"], in_protocol["errorCode"]) == (400, 400)


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_a_handshake_with_a_token_that_cannot_be_read_is_refused(api: Api, token: str, content: bytes) -> None:
    headers = {"host": host_of(api.url), "Authorization": f"{token.split('.')[0]}.{part(content[:4_000])}.x"}
    text = part(json.dumps(headers).encode())

    error = refused(lambda: connected(api.url, query=f"?header={text}&payload=e30="))

    assert (error["errorCode"], error["errorType"]) == (401, "UnauthorizedException")


@pytest.fixture
def listener(api: Api, token: str) -> Iterator[Listener]:
    with listening(api.url, {"host": host_of(api.url), "Authorization": token}) as listener:
        yield listener
        # The connection still works after every message.
        assert listener.start("subscription { onNote { id } }", id_="after")["type"] == "start_ack"


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_a_message_that_cannot_be_read_is_an_error(listener: Listener, content: bytes) -> None:
    listener.socket.send(content.decode("utf-8", "replace") if content.isascii() else content)

    assert listener.hear()["type"] == "error"


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_a_subscription_that_cannot_be_read_is_its_own_error(listener: Listener, content: bytes) -> None:
    data, credentials = content.decode("utf-8", "replace"), {"Authorization": f"x.{part(content)}.x"}

    listener.say(id="1", type="start", payload={"data": data, "extensions": {"authorization": listener.headers}})
    unreadable = listener.hear()
    unknown = listener.start("subscription { onNote { id } }", id_="2", headers=credentials)

    assert (unreadable["id"], unreadable["payload"]["errors"][0]["errorType"]) == ("1", "MalformedHttpRequestException")
    assert (unknown["id"], unknown["payload"]["errors"][0]["errorType"]) == ("2", "UnauthorizedException")


@pytest.mark.parametrize(
    "payload",
    [None, 1, [], {}, {"data": {}}, {"data": None}, {"data": "{}", "extensions": 1}, {"data": "{}", "extensions": {}}],
    ids=repr,
)
def test_a_start_of_another_shape_is_an_error(listener: Listener, payload: Any) -> None:
    listener.say(id="1", type="start", payload=payload)

    assert listener.hear()["type"] == "error"
