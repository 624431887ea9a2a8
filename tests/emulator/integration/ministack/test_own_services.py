"""Calls of the emulator's own services, in this process.

The guard believes the role that they name, and limits them like all other calls.
"""

import asyncio
import json
from collections.abc import Callable
from typing import Any, cast

import pytest
from ministack.core import iam_evaluator
from ministack.core.iam_evaluator import AuthError

from emulator.asgi import Message, Receive, Scope, Send
from emulator.ministack.guard import verified_request
from emulator.ministack.guard.guard import Guard
from emulator.ministack.repairs.iam import verified_signatures
from emulator.principals import Credentials

AUTHORIZATION = (
    "AWS4-HMAC-SHA256 Credential=ASIAROLE/20260101/us-east-1/{service}/aws4_request,"
    " SignedHeaders=host;x-amz-date;x-amz-target, Signature=" + "0" * 64
)


class Nobody:
    """Has no key."""

    def find(self, _access_key_id: str) -> Credentials | None:
        return None


class Served:
    """The application behind the guard. Records the authorization of each call."""

    def __init__(self) -> None:
        self.believed: list[str] = []

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        self.believed.append(verified_request.authorization.get())
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})


@pytest.fixture
def served() -> Served:
    return Served()


@pytest.fixture
def call(served: Served) -> Callable[..., int]:
    """Call DynamoDB, by default as one of the emulator's services; return the status."""
    engineer = cast(Any, type("Engineer", (), {"paths": ()}))
    page = cast(Any, type("Page", (), {"is_asked_for": staticmethod(lambda _request: False)}))
    made = Guard(
        served,
        port=4566,
        region="us-east-1",
        identity=cast(Any, Nobody()),
        health_path="/health",
        page=page,
        engineer=engineer,
    )

    def call_dynamodb(body: bytes = b"{}", *, service: str = "dynamodb", outside: bool = False, **more: str) -> int:
        headers = {
            "host": "127.0.0.1:4566",
            "content-length": str(len(body)),
            "content-type": "application/x-amz-json-1.0",
            "x-amz-date": "20260101T000000Z",
            "x-amz-target": "DynamoDB_20120810.GetItem",
            "authorization": AUTHORIZATION.format(service=service),
        }
        headers |= {name.replace("_", "-"): value for name, value in more.items()}
        scope = {
            "type": "http",
            "method": "POST",
            "path": "/",
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        }
        sent: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": body}

        async def send(message: Message) -> None:
            sent.append(message)

        asyncio.run((made if outside else made.for_own_services)(scope, receive, send))
        return int(sent[0]["status"])

    return call_dynamodb


def test_a_service_is_believed_whom_it_calls_as(call: Callable[..., int], served: Served) -> None:
    assert call() == 200
    assert served.believed == [AUTHORIZATION.format(service="dynamodb")]


def test_nobody_else_is(call: Callable[..., int], served: Served) -> None:
    assert call(outside=True) in (400, 403)
    assert served.believed == []


@pytest.mark.parametrize(
    ("body", "more"),
    [
        (b"{", {}),
        (json.dumps([[]] * 30_000).encode(), {}),
        (b"{}" + b" " * 5 * 1024 * 1024, {}),
        (b"{}", {"service": "sqs"}),
        (b"{}", {"x_amz_security_token": "not among the signed headers"}),
        (b"{}", {"authorization": "Bearer token"}),
    ],
)
def test_a_service_can_send_no_more_than_anybody(
    call: Callable[..., int], served: Served, body: bytes, more: dict[str, str]
) -> None:
    assert call(body, **more) in (400, 403)
    assert served.believed == []


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The keys whose signatures MiniStack checked, with the repair in place."""
    found: list[str] = []

    def authenticate(access_key_id: str, _account_id: str) -> None:
        found.append(access_key_id)

    monkeypatch.setattr(iam_evaluator, "authenticate", authenticate)
    verified_signatures.apply(None)  # type: ignore[arg-type]  # this repair needs to know nothing of the run
    return found


def authenticated(authorization: str) -> Any:
    """Authenticate a request with that header, after the guard verified the one above."""

    async def story() -> Any:
        verified_request.authorization.set(AUTHORIZATION.format(service="dynamodb"))
        headers = [(b"authorization", authorization.encode()), (b"x-amz-date", b"20260101T000000Z")]
        iam_evaluator.pin_signed_request("POST", "/", {}, headers)
        return iam_evaluator.authenticate("ASIAROLE", "000000000000")

    return asyncio.run(story())


def test_a_key_is_looked_up_though_its_signature_was_verified(checked: list[str]) -> None:
    answer = authenticated(AUTHORIZATION.format(service="dynamodb"))

    assert isinstance(answer, AuthError)
    assert answer.code == "UnrecognizedClientException"
    assert checked == []


def test_any_other_signature_is_verified(checked: list[str]) -> None:
    authenticated(AUTHORIZATION.format(service="sqs"))

    assert checked == ["ASIAROLE"]
