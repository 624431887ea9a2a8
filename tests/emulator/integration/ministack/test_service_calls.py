"""Which requests go straight to a service, in this process; what they are answered, the other tests say."""

from collections.abc import Iterator
from typing import Any

import pytest

from emulator.ministack.guard import verified_request
from emulator.ministack.repairs.core.service_calls import _headers_of_a_call

SIGNED = (b"authorization", b"AWS4-HMAC-SHA256 Credential=AKIA/20260101/us-east-1/dynamodb/aws4_request")


@pytest.fixture(autouse=True)
def let_through() -> Iterator[None]:
    """The guard has verified the signature."""
    token = verified_request.authorization.set(SIGNED[1].decode())
    yield
    verified_request.authorization.reset(token)


def scope(*headers: tuple[bytes, bytes], **other: Any) -> dict[str, Any]:
    call = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": [SIGNED, *headers]}
    return call | other


def test_a_verified_call_of_a_service_goes_straight_to_it() -> None:
    headers = _headers_of_a_call(scope((b"X-Amz-Target", b"DynamoDB_20120810.GetItem")))

    assert headers is not None
    assert headers["x-amz-target"] == "DynamoDB_20120810.GetItem"


@pytest.mark.parametrize(
    "request_scope",
    [
        scope(type="websocket"),
        scope(method="GET"),
        scope(path="/bucket"),
        scope(query_string=b"Action=Publish"),
        scope(headers=[]),
        scope(headers=[(b"authorization", b"AWS4-HMAC-SHA256 another")]),
        scope((b"x-amz-target", b"one"), (b"x-amz-target", b"another")),
        scope((b"x-amz-content-sha256", b"STREAMING-AWS4-HMAC-SHA256-PAYLOAD")),
    ],
)
def test_any_other_request_goes_the_whole_way(request_scope: dict[str, Any]) -> None:
    assert _headers_of_a_call(request_scope) is None


def test_nothing_unsigned_goes_straight_to_a_service() -> None:
    verified_request.authorization.set("")

    assert _headers_of_a_call(scope(headers=[(b"authorization", b"")])) is None
