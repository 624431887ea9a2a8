"""Signatures made by an AWS SDK, and their verification."""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from emulator.appsync.auth.signatures import SignedRequest, verify
from emulator.appsync.errors import RequestRefused
from emulator.principals import Credentials

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
LASTING = Credentials(access_key_id="AKIAEXAMPLE", secret_access_key="secret", arn="arn:aws:iam::000000000000:user/ada")
SESSION = replace(LASTING, session_token="session")
SCOPE = (
    "AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/20260101/us-east-1/appsync/aws4_request, "
    "SignedHeaders=content-type;host;x-amz-date"
)
HEADERS = {
    "host": "127.0.0.1:4566",
    "content-type": "application/json",
    "x-amz-date": "20260101T120000Z",
    "authorization": f"{SCOPE}, Signature=3e662da387a34f8ac5f0d7dbf339f5c318c85bfc7f38268746965fc1d41bb2ed",
}
SESSION_HEADERS = HEADERS | {
    "x-amz-security-token": "session",
    "authorization": (
        f"{SCOPE};x-amz-security-token, Signature=a79a33ece14b5fbadce749d5bc2984187234d465b8dff90aac13d35c19e40e18"
    ),
}
REQUEST = SignedRequest(
    method="POST", path="/appsync/abc/graphql", query="b=2&a=x%20y", headers=HEADERS, body=b'{"query": "{ a }"}'
)


def check(
    request: SignedRequest = REQUEST,
    *,
    find: Callable[[str], Credentials | None] = lambda _: LASTING,
    now: datetime = NOW,
    region: str = "us-east-1",
    service: str = "appsync",
) -> Credentials:
    return verify(request, find=find, region=region, service=service, now=now)


def test_an_sdks_signature_is_accepted() -> None:
    assert check() == LASTING


def test_a_sessions_signature_is_accepted_with_its_token() -> None:
    assert check(replace(REQUEST, headers=SESSION_HEADERS), find=lambda _: SESSION) == SESSION


@pytest.mark.parametrize(
    "change",
    [
        {"method": "GET"},
        {"path": "/appsync/other/graphql"},
        {"query": "b=2"},
        {"body": b'{"query": "{ b }"}'},
        {"headers": HEADERS | {"host": "example.com"}},
        {"headers": HEADERS | {"content-type": "text/plain"}},
    ],
)
def test_anything_signed_that_changes_is_noticed(change: dict[str, object]) -> None:
    with pytest.raises(RequestRefused) as refused:
        check(replace(REQUEST, **change))  # type: ignore[arg-type]

    assert (refused.value.status, refused.value.error_type) == (403, "InvalidSignatureException")


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_signature_is_good_for_five_minutes(minutes: int) -> None:
    assert check(now=NOW + timedelta(minutes=minutes * 4 / 6)) == LASTING
    with pytest.raises(RequestRefused, match="Signature"):
        check(now=NOW + timedelta(minutes=minutes))


@pytest.mark.parametrize("headers", [SESSION_HEADERS | {"x-amz-security-token": "other"}, HEADERS])
def test_a_session_needs_its_own_token(headers: dict[str, str]) -> None:
    with pytest.raises(RequestRefused) as refused:
        check(replace(REQUEST, headers=headers), find=lambda _: SESSION)

    assert refused.value.error_type == "UnrecognizedClientException"


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(RequestRefused) as refused:
        check(find=lambda _: None)

    assert refused.value.error_type == "UnrecognizedClientException"


def test_a_signature_for_elsewhere_is_refused() -> None:
    for elsewhere in ({"region": "eu-west-1"}, {"service": "sqs"}):
        with pytest.raises(RequestRefused, match="scoped"):
            check(**elsewhere)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "authorization",
    [
        "AWS4-HMAC-SHA256",
        "AWS4-HMAC-SHA256 Credential=a, SignedHeaders=host, Signature=short",
        HEADERS["authorization"] + "x",
    ],
)
def test_an_incomplete_header_is_refused(authorization: str) -> None:
    with pytest.raises(RequestRefused) as refused:
        check(replace(REQUEST, headers=HEADERS | {"authorization": authorization}))

    assert refused.value.error_type == "IncompleteSignatureException"


@pytest.mark.parametrize(
    "added", ["x-amz-target", "x-amz-security-token", "x-amz-content-sha256", "x-amz-meta-a", "x-amz-"]
)
def test_no_header_of_amazons_is_added_afterwards(added: str) -> None:
    with pytest.raises(RequestRefused, match="must be signed") as refused:
        check(replace(REQUEST, headers=HEADERS | {added: ""}))

    assert (refused.value.status, refused.value.error_type) == (403, "InvalidSignatureException")


def test_what_amazons_own_clients_add_afterwards_is_taken() -> None:
    headers = HEADERS | {"x-amz-user-agent": "aws-amplify/6", "x-amzn-trace-id": "Root=1", "user-agent": "any"}

    assert check(replace(REQUEST, headers=headers)) == LASTING


@pytest.mark.parametrize("payload", ["UNSIGNED-PAYLOAD", "STREAMING-UNSIGNED-PAYLOAD-TRAILER", "0" * 64])
def test_the_body_itself_is_hashed_whatever_a_header_says(payload: str) -> None:
    """The request is signed with the header's value in place of the body's hash."""
    date, scope = HEADERS["x-amz-date"], "20260101/us-east-1/appsync/aws4_request"
    names = "host;x-amz-content-sha256;x-amz-date"
    canonical = f"POST\n/\n\nhost:h\nx-amz-content-sha256:{payload}\nx-amz-date:{date}\n\n{names}\n{payload}"
    to_sign = f"AWS4-HMAC-SHA256\n{date}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = b"AWS4secret"
    for part in (*scope.split("/"), to_sign):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    authorization = f"AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/{scope}, SignedHeaders={names}, Signature={key.hex()}"
    headers = {"host": "h", "x-amz-content-sha256": payload, "x-amz-date": date, "authorization": authorization}

    with pytest.raises(RequestRefused) as refused:
        check(SignedRequest(method="POST", path="/", query="", headers=headers, body=b"{}"))

    assert refused.value.error_type == "InvalidSignatureException"


def test_the_host_must_be_signed() -> None:
    authorization = HEADERS["authorization"].replace("content-type;host;", "content-type;")

    with pytest.raises(RequestRefused, match="must be signed"):
        check(replace(REQUEST, headers=HEADERS | {"authorization": authorization}))
