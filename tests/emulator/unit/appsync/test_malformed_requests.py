"""Unreadable input to AppSync: 401 for a token, 400 for a request, and never an internal error."""

import asyncio
import base64
import json
from contextlib import suppress
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import KeySet, RSAKey

from emulator.appsync import graphql_request
from emulator.appsync.auth.authentication import Authentication
from emulator.appsync.auth.callers import token_caller
from emulator.appsync.auth.key_sets import KeySets
from emulator.appsync.auth.signatures import SignedRequest
from emulator.appsync.auth.web_tokens import WebToken
from emulator.appsync.deployment import AcceptedUserPool
from emulator.appsync.errors import RequestRefused
from emulator.appsync.realtime import protocol
from emulator.appsync.realtime.protocol import NotUnderstood
from emulator.appsync.realtime.realtime_authentication import handshake_headers
from emulator.asgi import Scope
from tests.emulator.support.data_plane import FakeIdentity, deployment
from tests.support.malformed_json import NO_OBJECTS, NOT_JSON

NOW = 1_000_000.0
KEY = RSAKey.generate_key(2048, {"kid": "own"})
POOL = AcceptedUserPool(user_pool_id="us-east-1_abc", region="us-east-1", app_id_client_regex=None)
HEADER = {"alg": "RS256", "kid": "own"}
CLAIMS = {"iss": POOL.issuer, "sub": "ada", "token_use": "id", "aud": "client", "exp": NOW + 60}
UNREADABLE = {**NOT_JSON, **NO_OBJECTS}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda part: st.lists(part, max_size=3) | st.dictionaries(st.text(max_size=5), part, max_size=3),
    max_leaves=5,
)
API = deployment("type Query { a: Int }", {})
WRONG = [None, True, 0, -1, 1.5, "", "x", [], ["own"], {}, {"own": "own"}, [[["own"]]]]


def part(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def told(content: Any) -> str:
    return part(json.dumps(content).encode())


def signed(claims: dict[str, Any] | bytes, **header: Any) -> str:
    """Make a token with these claims that the pool's key signed."""
    text = f"{told(HEADER | header)}.{part(claims) if isinstance(claims, bytes) else told(claims)}"
    assert KEY.private_key is not None
    return f"{text}.{part(KEY.private_key.sign(text.encode(), PKCS1v15(), SHA256()))}"


def refusal(text: str) -> int:
    """Return the status with which a token is refused. Fails if it is accepted."""
    with pytest.raises(RequestRefused) as refused:
        token_caller(WebToken(text).verify(KeySet([KEY]), POOL, now=NOW), source_ip="", default_action="ALLOW")
    assert refused.value.error_type == "UnauthorizedException"
    return refused.value.status


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_a_token_with_a_part_that_cannot_be_read_is_a_401(content: bytes) -> None:
    good = signed(CLAIMS).split(".")

    for position in (0, 1):
        text = ".".join(part(content) if at == position else good[at] for at in range(3))
        assert refusal(text) == 401
    assert refusal(signed(content)) == 401


@pytest.mark.parametrize(
    "text", ["", ".", "..", "...", "a.b.c", "e30.e30.e30.e30", "e30=.e30.", "e30 .e30.", "=.=.=", "é.é.é", "\ud800.a.b"]
)
def test_what_is_no_token_is_a_401(text: str) -> None:
    assert refusal(text) == 401


def test_a_token_that_the_key_signed_is_taken() -> None:
    assert WebToken(signed(CLAIMS, typ="JWT")).verify(KeySet([KEY]), POOL, now=NOW) == CLAIMS


@pytest.mark.parametrize("name", ["alg", "kid", "crit", "b64", "jwk", "x5c", "zip"])
@pytest.mark.parametrize("value", WRONG, ids=repr)
def test_a_header_that_asks_for_something_else_is_a_401(name: str, value: Any) -> None:
    assert refusal(signed(CLAIMS, **{name: value})) == 401


@pytest.mark.parametrize("value", [None, True, "x", "1000060", [], {}, -(10**300), NOW], ids=repr)
def test_an_expiry_that_is_no_time_to_come_is_a_401(value: Any) -> None:
    assert refusal(signed(CLAIMS | {"exp": value})) == 401


@pytest.mark.parametrize("text", [b"NaN", b"Infinity", b"1e400", b"9" * 5_000], ids=["NaN", "Infinity", "1e400", "9…"])
def test_an_expiry_that_is_no_number_is_a_401(text: bytes) -> None:
    assert refusal(signed(json.dumps(CLAIMS | {"exp": 0}).encode()[:-2] + text + b"}")) == 401


@pytest.mark.parametrize("groups", [None, 5, "admins", {"a": 1}, [1], [["a"]], [None]], ids=repr)
def test_groups_that_are_no_names_are_a_401(groups: Any) -> None:
    assert refusal(signed(CLAIMS | {"cognito:groups": groups})) == 401


@given(st.dictionaries(st.sampled_from(sorted({*CLAIMS, "client_id", "username"})), JSON))
def test_no_claim_is_a_failure_of_ours(claims: dict[str, Any]) -> None:
    with suppress(RequestRefused):
        WebToken(signed(CLAIMS | claims)).verify(KeySet([KEY]), POOL, now=NOW)


@given(st.text(alphabet=st.characters(max_codepoint=255)))
def test_no_authorization_header_is_a_failure_of_ours(authorization: str) -> None:
    async def fetch(_pool_id: str) -> Any:
        return KeySet([KEY]).as_dict(private=False)

    authentication = Authentication(key_sets=KeySets(fetch), identity=FakeIdentity(), region="us-east-1")
    request = SignedRequest(method="POST", path="/", query="", headers={"authorization": authorization}, body=b"{}")

    with pytest.raises(RequestRefused) as refused:
        asyncio.run(authentication.caller(API, request, source_ip=""))

    assert refused.value.status in (400, 401, 403)


@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_a_body_that_cannot_be_read_is_a_400(body: bytes) -> None:
    with pytest.raises(RequestRefused) as refused:
        graphql_request.parse(body)

    assert (refused.value.status, refused.value.error_type) == (400, "MalformedHttpRequestException")


@pytest.mark.parametrize("name", ["query", "variables", "operationName"])
@pytest.mark.parametrize("value", [True, False, 0, 1, 1.5, [], [{}]], ids=repr)
def test_a_part_of_another_type_is_a_400(name: str, value: Any) -> None:
    with pytest.raises(RequestRefused) as refused:
        graphql_request.parse(json.dumps({"query": "{ a }", name: value}).encode())

    assert (refused.value.status, refused.value.error_type) == (400, "MalformedHttpRequestException")


@pytest.mark.parametrize("rest", [{}, {"variables": None, "operationName": None}, {"extensions": [1], "other": 1}])
def test_what_may_be_left_out_may_be_null_and_the_rest_is_passed_over(rest: dict[str, Any]) -> None:
    request = graphql_request.parse(json.dumps({"query": "{ a }", **rest}))

    assert (request.variables, request.operation_name) == ({}, None)


@pytest.mark.parametrize("text", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_a_message_that_cannot_be_read_is_an_error_of_the_protocol(text: bytes) -> None:
    with pytest.raises(NotUnderstood):
        protocol.read(text.decode("utf-8", "surrogateescape"))


@given(st.dictionaries(st.sampled_from(["type", "id", "payload"]), JSON | st.sampled_from(["start", "stop"])))
def test_no_message_is_a_failure_of_ours(message: dict[str, Any]) -> None:
    with suppress(NotUnderstood):
        protocol.read(json.dumps(message))


def handshake(query: bytes, *protocols: str) -> Scope:
    return {"subprotocols": ["graphql-ws", *protocols], "query_string": query, "headers": [(b"host", b"here")]}


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_a_handshake_whose_credentials_cannot_be_read_is_a_400(content: bytes) -> None:
    text = part(content)
    scopes = [handshake(f"header={text}&payload=e30=".encode()), handshake(b"", f"header-{text}")]
    scopes.append(handshake(f"header=e30=&payload={text}".encode()))

    for scope in scopes:
        with pytest.raises(RequestRefused) as refused:
            handshake_headers(scope)
        assert refused.value.status == 400


@given(st.binary(max_size=30), st.text(alphabet=st.characters(max_codepoint=127), max_size=30))
def test_no_handshake_is_a_failure_of_ours(query: bytes, offered: str) -> None:
    for scope in (handshake(query), handshake(b"header=" + query), handshake(b"", f"header-{offered}")):
        with pytest.raises(RequestRefused) as refused:
            handshake_headers(scope)
        assert refused.value.status == 400


def with_values(number: int, name: str, value: str) -> str:
    """Make an object of so many empty lists, the values that take longest to build."""
    return json.dumps({name: value, "variables": {"a": [[]] * number}})


def test_values_of_a_request_are_counted_before_they_are_made() -> None:
    graphql_request.parse(with_values(9_000, "query", "{" + "a," * 20_000 + "}"))

    with pytest.raises(RequestRefused, match="The request has more than 20000 values"):
        graphql_request.parse(with_values(20_000, "query", "{ a }"))


def test_values_of_a_message_are_counted_before_they_are_made() -> None:
    with pytest.raises(NotUnderstood, match="no object of JSON"):
        protocol.read(with_values(20_000, "type", "connection_init"))


def test_values_of_a_token_are_counted_before_they_are_made() -> None:
    with pytest.raises(RequestRefused, match="Unable to parse JWT token"):
        WebToken(f"{told(HEADER)}.{part(with_values(20_000, 'iss', POOL.issuer).encode())}.")
