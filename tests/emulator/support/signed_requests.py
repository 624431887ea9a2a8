"""Requests signed by botocore, in the form that the server receives, and the check's results."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from botocore import auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as Pair

from emulator.ministack.guard.signature_check import authentication_failure
from emulator.ministack.http_request import Request
from emulator.principals import Credentials

ADMIN = Credentials(access_key_id="AKIAADMIN", secret_access_key="secret", arn="arn:root")
USER = Credentials(access_key_id="AKIAUSER", secret_access_key="other", arn="arn:user")
SESSION = Credentials(access_key_id="ASIASESSION", secret_access_key="secret", session_token="token", arn="arn:role")
REGION = "us-east-1"
SERVER = "http://127.0.0.1:1"


OBJECT = "/bucket/key"
GET_ITEM = "DynamoDB_20120810.GetItem"
FORM = {"content-type": "application/x-www-form-urlencoded"}


class Keys:
    """Has the keys of these tests."""

    def find(self, access_key_id: str) -> Credentials | None:
        return {key.access_key_id: key for key in (SESSION, ADMIN, USER)}.get(access_key_id)


def code(request: Request) -> str | None:
    """Return the name of the error with which a request is refused, or None."""
    failure: Any = authentication_failure(request, Keys(), region=REGION)
    return None if failure is None else str(failure.code)


def message(request: Request) -> str:
    """Return the message with which a request is refused."""
    failure: Any = authentication_failure(request, Keys(), region=REGION)
    return str(failure.message)


def received(made: AWSRequest, body: bytes = b"") -> Request:
    url = urlsplit(str(made.url))
    headers = {name.lower(): as_text(value) for name, value in made.headers.items()} | {"host": url.netloc}
    query = parse_qs(url.query, keep_blank_values=True)
    return Request(str(made.method), unquote(url.path), url.path, query, headers, body)


def as_text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


def pair(key: Credentials) -> Pair:
    return Pair(key.access_key_id, key.secret_access_key, key.session_token)


def signed(
    service: str,
    target: str | None = None,
    *,
    key: Credentials = ADMIN,
    path: str = "/",
    body: bytes = b"{}",
    method: str = "POST",
    region: str = REGION,
    headers: Mapping[str, str] | None = None,
) -> Request:
    """Return a request with a signature in its header."""
    given = {**(headers or {})} | ({"X-Amz-Target": target} if target else {})
    made = AWSRequest(method, SERVER + path, headers=given, data=body)
    # S3's signer has its own hash of the body.
    signer = auth.S3SigV4Auth if service == "s3" and "x-amz-content-sha256" not in given else auth.SigV4Auth
    signer(pair(key), service, region).add_auth(made)
    return received(made, body)


def presigned(
    service: str,
    path: str,
    *,
    key: Credentials = ADMIN,
    method: str = "GET",
    region: str = REGION,
    seconds: int = 60,
    headers: dict[str, str] | None = None,
) -> Request:
    """Return a request by a presigned URL of version 4, with these signed headers."""
    made = AWSRequest(method, SERVER + path, headers=headers or {})
    signer = auth.S3SigV4QueryAuth if service == "s3" else auth.SigV4QueryAuth
    signer(pair(key), service, region, expires=seconds).add_auth(made)
    return received(made)


def presigned_old(path: str, *, key: Credentials = ADMIN, headers: dict[str, str] | None = None) -> Request:
    """Return a request by a presigned URL of version 2, boto3's default."""
    made = AWSRequest("GET", SERVER + path, headers=headers or {})
    auth.HmacV1QueryAuth(pair(key), expires=60).add_auth(made)
    return received(made)


def with_headers(request: Request, **more: Any) -> Request:
    return replace(request, headers={**request.headers, **more.pop("headers", {})}, **more)


def with_query(request: Request, changes: Mapping[str, list[str]], **more: Any) -> Request:
    return replace(request, query={**request.query, **changes}, **more)
