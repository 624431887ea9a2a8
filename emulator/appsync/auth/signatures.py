"""Verifies AWS Signature Version 4 on a request. Source: IAM user guide, "Create a signed AWS API request"."""

import hashlib
import hmac
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, quote

from emulator.appsync.errors import RequestRefused
from emulator.principals import Credentials

ALGORITHM = "AWS4-HMAC-SHA256"
_MAX_SKEW = timedelta(minutes=5)
_ADDED_AFTERWARDS = {"x-amz-user-agent"}  # by AWS's own clients: iamBasedAuth of aws-appsync-auth-link, Amplify's start
_HEADER = re.compile(rf"{ALGORITHM}\s+Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{{64}})\s*")
_MISMATCH = (
    "The request signature we calculated does not match the signature you provided. "
    "Check your AWS Secret Access Key and signing method. Consult the service documentation for details."
)


@dataclass(frozen=True, kw_only=True)
class SignedRequest:
    """The parts of an HTTP request that a signature covers; header names in lower case, the path as sent."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


def unsigned_headers(headers: Iterable[str], signed_headers: Iterable[str], *, besides: Iterable[str] = ()) -> set[str]:
    """Return the missing headers, in lower case: a signature needs Host and all X-Amz-*."""
    return {"host", *besides, *(name for name in headers if name.startswith("x-amz-"))} - set(signed_headers)


def named(headers: Iterable[str]) -> str:
    """Return the headers in the form in which a message lists them."""
    return " and ".join(f"'{name.title()}'" for name in sorted(headers))


def verify(
    request: SignedRequest, *, find: Callable[[str], Credentials | None], region: str, service: str, now: datetime
) -> Credentials:
    """Return the credentials that signed the request; raises RequestRefused."""
    match = _HEADER.fullmatch(request.headers.get("authorization", ""))
    if not match:
        raise RequestRefused(
            400,
            "IncompleteSignatureException",
            "Authorization header requires 'Credential', 'SignedHeaders' and 'Signature'.",
        )
    access_key_id, _, scope = match[1].partition("/")
    signed_headers = match[2].split(";")
    timestamp = _timestamp(request.headers.get("x-amz-date", ""), now)
    if scope != f"{timestamp[:8]}/{region}/{service}/aws4_request":
        raise RequestRefused(
            403, "InvalidSignatureException", f"Credential should be scoped to {region}/{service}, got {scope}."
        )
    if left_out := unsigned_headers(request.headers, signed_headers, besides={"x-amz-date"}) - _ADDED_AFTERWARDS:
        raise RequestRefused(403, "InvalidSignatureException", f"{named(left_out)} must be signed headers.")
    credentials = find(access_key_id)
    if credentials is None or not _same(
        credentials.session_token or "", request.headers.get("x-amz-security-token", "")
    ):
        raise RequestRefused(
            403, "UnrecognizedClientException", "The security token included in the request is invalid."
        )
    expected = _signature(request, signed_headers, timestamp, scope, credentials.secret_access_key)
    if not _same(expected, match[3]):
        raise RequestRefused(403, "InvalidSignatureException", _MISMATCH)
    return credentials


def _timestamp(text: str, now: datetime) -> str:
    try:
        sent = datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise RequestRefused(403, "InvalidSignatureException", "X-Amz-Date must look like 20260101T000000Z.") from error
    if abs(now - sent) > _MAX_SKEW:
        side = ("expired", "earlier") if sent < now else ("not yet current", "later")
        message = f"Signature {side[0]}: {text} is now {side[1]} than {now:%Y%m%dT%H%M%SZ} allows (5 min.)."
        raise RequestRefused(403, "InvalidSignatureException", message)
    return text


def _signature(request: SignedRequest, signed_headers: list[str], timestamp: str, scope: str, secret: str) -> str:
    query = sorted(
        (quote(k, safe="-_.~"), quote(v, safe="-_.~")) for k, v in parse_qsl(request.query, keep_blank_values=True)
    )
    canonical = "\n".join(
        [
            request.method,
            quote(request.path, safe="/-_.~"),
            "&".join(f"{name}={value}" for name, value in query),
            *(f"{name}:{' '.join(request.headers.get(name, '').split())}" for name in signed_headers),
            "",
            ";".join(signed_headers),
            hashlib.sha256(request.body).hexdigest(),
        ]
    )
    to_sign = "\n".join([ALGORITHM, timestamp, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    key = f"AWS4{secret}".encode()
    for part in (*scope.split("/"), to_sign):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key.hex()


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
