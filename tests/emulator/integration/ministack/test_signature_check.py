"""Checks of botocore's signatures in this process, with a clock and keys of the test."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from botocore import auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as Pair
from botocore.session import Session

from emulator.ministack.guard.signature_check import authentication_failure, is_public
from emulator.ministack.http_request import Request
from emulator.principals import Credentials

SESSION = Credentials(access_key_id="ASIASESSION", secret_access_key="secret", session_token="token", arn="arn:role")
ADMIN = Credentials(access_key_id="AKIAADMIN", secret_access_key="secret", arn="arn:root")
COGNITO = {
    "content-type": "application/x-amz-json-1.1",
    "x-amz-target": "AWSCognitoIdentityProviderService.InitiateAuth",
}
INITIATE_AUTH = Request("POST", "/", "/", {}, COGNITO, b"{}")
KEY_SET = "/us-east-1_Pool/.well-known/jwks.json"
READ_KEY_SET = Request("GET", KEY_SET, KEY_SET, {}, {})


class Keys:
    """Has the two keys of these tests."""

    def find(self, access_key_id: str) -> Credentials | None:
        return {key.access_key_id: key for key in (SESSION, ADMIN)}.get(access_key_id)


def as_received(made: AWSRequest, body: bytes) -> Request:
    url = urlsplit(str(made.url))
    headers = {name.lower(): str(value) for name, value in made.headers.items()} | {"host": url.netloc}
    return Request(str(made.method), url.path, url.path, parse_qs(url.query, keep_blank_values=True), headers, body)


def header_signed(key: Credentials, token: str | None) -> Request:
    made = AWSRequest("POST", "http://127.0.0.1:1/", headers={"Content-Type": "application/json"}, data=b"{}")
    auth.SigV4Auth(Pair(key.access_key_id, key.secret_access_key, token), "dynamodb", "us-east-1").add_auth(made)
    return as_received(made, b"{}")


def presigned(key: Credentials, token: str | None) -> Request:
    made = AWSRequest("GET", "http://127.0.0.1:1/bucket/key")
    pair = Pair(key.access_key_id, key.secret_access_key, token)
    auth.S3SigV4QueryAuth(pair, "s3", "us-east-1", expires=60).add_auth(made)
    return as_received(made, b"")


def code(request: Request) -> str | None:
    failure: Any = authentication_failure(request, Keys())
    return None if failure is None else failure.code


@pytest.fixture
def time_passes(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Make botocore sign as if it were so much earlier (or later, if negative)."""

    def by(delta: timedelta) -> None:
        def then(remove_tzinfo: bool = True) -> datetime:
            moment = datetime.now(UTC) - delta
            return moment.replace(tzinfo=None) if remove_tzinfo else moment

        monkeypatch.setattr("botocore.auth.get_current_datetime", then)

    return by


@pytest.mark.parametrize("sign", [header_signed, presigned])
@pytest.mark.parametrize(("key", "token"), [(ADMIN, None), (SESSION, "token")])
def test_a_good_signature_is_taken(sign: Any, key: Credentials, token: str | None) -> None:
    assert code(sign(key, token)) is None


@pytest.mark.parametrize("sign", [header_signed, presigned])
@pytest.mark.parametrize(("key", "token"), [(ADMIN, "token"), (SESSION, None), (SESSION, "other")])
def test_a_key_without_its_own_token_is_unknown(sign: Any, key: Credentials, token: str | None) -> None:
    assert code(sign(key, token)) == "UnrecognizedClientException"


@pytest.mark.parametrize("minutes", [20, -20])
def test_a_signature_of_another_time_is_refused(time_passes: Any, minutes: int) -> None:
    time_passes(timedelta(minutes=minutes))

    assert code(header_signed(ADMIN, None)) == "RequestTimeTooSkewed"


def test_a_presigned_url_expires(time_passes: Any) -> None:
    time_passes(timedelta(seconds=90))

    assert code(presigned(ADMIN, None)) == "AccessDenied"


def test_a_presigned_url_lives_until_it_expires(time_passes: Any) -> None:
    time_passes(timedelta(seconds=30))

    assert code(presigned(ADMIN, None)) is None


def test_signing_in_needs_no_signature() -> None:
    assert is_public(INITIATE_AUTH)


def calling(operation: str) -> Request:
    target = f"AWSCognitoIdentityProviderService.{operation}"
    return replace(INITIATE_AUTH, headers={**COGNITO, "x-amz-target": target})


@pytest.mark.parametrize(
    "operation",
    [
        "AssociateSoftwareToken",
        "ConfirmDevice",
        "DeleteUser",
        "GetTokensFromRefreshToken",
        "GetUserAttributeVerificationCode",
        "ListDevices",
        "SetUserMFAPreference",
        "UpdateUserAttributes",
        "VerifyUserAttribute",
    ],
)
def test_what_a_signed_in_user_calls_needs_no_signature(operation: str) -> None:
    assert is_public(calling(operation))


@pytest.mark.parametrize("operation", ["AdminGetUser", "AdminSetUserPassword", "DescribeUserPool", "ListUsers", ""])
def test_what_an_administrator_calls_needs_a_signature(operation: str) -> None:
    assert not is_public(calling(operation))


def test_cognito_needs_a_signature_where_the_service_model_says_so() -> None:
    model = Session().get_service_model("cognito-idp")
    unsigned = {name for name in model.operation_names if model.operation_model(name).auth_type == "none"}

    public = {name for name in model.operation_names if is_public(calling(name))}

    assert len(unsigned) > 20
    assert public == unsigned


@pytest.mark.parametrize(
    "changes",
    [
        {"headers": COGNITO | {"x-amz-target": "AWSCognitoIdentityProviderService.AdminCreateUser"}},
        {"headers": COGNITO | {"x-amz-target": "DynamoDB_20120810.ListTables"}},
        {"headers": COGNITO | {"authorization": "x"}},
        {"query": {"Action": ["ListUsers"]}},
        {"path": "/bucket/key"},
        {"method": "PUT"},
    ],
)
def test_nothing_else_passes_for_signing_in(changes: dict[str, Any]) -> None:
    assert not is_public(replace(INITIATE_AUTH, **changes))


def test_reading_a_pools_keys_needs_no_signature() -> None:
    assert is_public(READ_KEY_SET)


@pytest.mark.parametrize(
    "changes",
    [
        {"headers": {"x-amz-target": "DynamoDB_20120810.ListTables"}},
        {"headers": {"x-amz-target": ""}},
        {"headers": {"authorization": "x"}},
        {"body": b"{}"},
        {"query": {"Action": ["ListUsers"]}},
        {"path": "/us-east-1_Pool/.well-known/other.json"},
        {"path": f"/bucket{KEY_SET}"},
    ],
)
def test_nothing_else_passes_for_reading_a_pools_keys(changes: dict[str, Any]) -> None:
    assert not is_public(replace(READ_KEY_SET, **changes))


def test_a_request_that_is_signed_twice_is_refused() -> None:
    signed, url = header_signed(ADMIN, None), presigned(ADMIN, None)

    assert code(replace(signed, query=url.query)) == "IncompleteSignature"
