"""Reads the signature that a request claims to carry, so strictly that it has one meaning only.

On AWS a signature covers Host and every X-Amz-* header, and is scoped to the service and the region
that answer (IAM user guide, "Signature Version 4"; S3 API reference, "Authenticating requests:
using query parameters").
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Protocol

from ministack.core.iam_evaluator import AuthError
from ministack.core.sigv4 import (
    HeaderSignature,
    _remove_dot_segments,
    parse_header_signature,
    parse_query_signature,
    request_time_failure,
)

from emulator.appsync.auth.signatures import ALGORITHM, named, unsigned_headers
from emulator.ministack.guard.routing import is_signed_for, signing_name
from emulator.ministack.http_request import Request
from emulator.principals import Credentials

GLOBAL_REGION = "us-east-1"  # in signatures for services without a region, such as IAM
LONGEST_SECONDS = 7 * 24 * 3600
UNKNOWN_KEY = AuthError("UnrecognizedClientException", "The security token included in the request is invalid.")
EXPIRED = AuthError("AccessDenied", "Request has expired")
MALFORMED = AuthError("IncompleteSignature", "The request signature does not conform to AWS standards.")
_MOMENT = re.compile(r"[0-9]{8}T[0-9]{6}Z")
_PARTS = {
    "Credential": re.compile(r"[^\s/,=]+/[0-9]{8}/[A-Za-z0-9-]+/[A-Za-z0-9._-]+/aws4_request"),
    "SignedHeaders": re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~;-]+"),
    "Signature": re.compile(r"[0-9a-f]{64}"),
}
_IN_QUERY = {f"X-Amz-{name}" for name in ("Algorithm", "Date", "Expires", *_PARTS)}
_MAY_BE_IN_QUERY = {name.lower() for name in (*_IN_QUERY, "X-Amz-Security-Token")}
_CLOCKS_DIFFER = timedelta(minutes=15)


class KeyFinder(Protocol):
    """The part of IAM that a signature check needs."""

    def find(self, access_key_id: str) -> Credentials | None:
        """Return the secret and the principal of a key; None for a key that nobody issued."""
        ...


def claimed_in_header(request: Request) -> HeaderSignature | AuthError:
    """Return the signature in the Authorization header, or the reason why there is none."""
    authorization = request.headers.get("authorization", "")
    if not authorization.startswith(ALGORITHM + " "):
        return MALFORMED
    if "x-amz-date" in request.headers and _moment(request.headers["x-amz-date"]) is None:
        return AuthError("IncompleteSignature", "X-Amz-Date must look like 20260101T000000Z.")
    if "x-amz-date" not in request.headers and "date" in request.headers:
        return AuthError("IncompleteSignature", "The time of the signature must be in X-Amz-Date.")
    signature = parse_header_signature(request.headers)
    if not isinstance(signature, HeaderSignature):
        return AuthError(*signature)
    found = [part.strip().partition("=")[::2] for part in authorization.removeprefix(ALGORITHM).split(",")]
    return signature if _are_exact(found) else MALFORMED


def claimed_in_query(request: Request) -> HeaderSignature | AuthError:
    """Return the signature of a presigned URL, or the reason why there is none."""
    found = [(name, value) for name, values in request.query.items() for value in values]
    claims = sorted(name for name, _ in found if name.lower() in _MAY_BE_IN_QUERY)
    if "x-amz-security-token" in request.headers or len({name.lower() for name in claims}) < len(claims):
        return MALFORMED
    signature = parse_query_signature(request.query)
    if not isinstance(signature, HeaderSignature):
        return AuthError(*signature)
    parts = [(name.removeprefix("X-Amz-"), value) for name, value in found if name.removeprefix("X-Amz-") in _PARTS]
    if not _are_exact(parts) or request.query.get("X-Amz-Algorithm") != [ALGORITHM]:
        return MALFORMED
    return signature


def _are_exact(found: list[tuple[str, str]]) -> bool:
    """Return True if each part of a signature is there once, in the only valid form."""
    return sorted(name for name, _ in found) == sorted(_PARTS) and all(
        _PARTS[name].fullmatch(value) for name, value in found
    )


def scope_failure(scope: tuple[str, str], service: str, region: str, *, presigned: bool) -> AuthError | None:
    """Return the failure of a signature whose scope isn't the answering service and region.

    The wording is that of the service.
    """
    signed_service, signed_region = scope
    s3_code, s3_words = (
        ("AuthorizationQueryParametersError", "Error parsing the X-Amz-Credential parameter")
        if presigned
        else ("AuthorizationHeaderMalformed", "The authorization header is malformed")
    )
    if not is_signed_for(service, signed_service):
        if service == "s3":
            endpoint = f'incorrect service "{signed_service}". This endpoint belongs to "s3".'
            return AuthError(s3_code, f"{s3_words}; {endpoint}")
        name = signing_name(service)
        return AuthError("SignatureDoesNotMatch", f"Credential should be scoped to correct service: '{name}'. ")
    if signed_region not in (region, GLOBAL_REGION):
        if service == "s3":
            return AuthError(s3_code, f"{s3_words}; the region '{signed_region}' is wrong; expecting '{region}'")
        return AuthError("SignatureDoesNotMatch", "Credential should be scoped to a valid region. ")
    return None


def coverage_failure(request: Request, signature: HeaderSignature) -> AuthError | None:
    """Return the failure of a signature that leaves out parts which decide over the answer."""
    left_out = unsigned_headers(request.headers, signature.signed_headers.lower().split(";"))
    if left_out and signature.service == "s3":
        message = f"There were headers present in the request which were not signed: {', '.join(sorted(left_out))}"
        return AuthError("AccessDenied", message)
    if left_out:
        message = f"{named(left_out)} must be a 'SignedHeader' in the AWS Authorization."
        return AuthError("SignatureDoesNotMatch", message)
    # All services but S3 sign the path without `.`, `..` and `//`; MiniStack answers to the path as
    # sent.
    if signature.service != "s3" and _remove_dot_segments(request.raw_path) != request.raw_path:
        return AuthError("SignatureDoesNotMatch", f"The path must be normalized, got {request.raw_path}")
    return None


def time_failure(request: Request, signature: HeaderSignature, *, presigned: bool) -> AuthError | None:
    """Return the failure of a signature that isn't valid now."""
    if not presigned:
        skewed = request_time_failure(signature)
        return AuthError(*skewed) if skewed else None
    signed_at, (seconds,) = _moment(signature.amz_date), request.query.get("X-Amz-Expires", [""])
    reason = None
    if signed_at is None:
        reason = "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\""
    elif not re.fullmatch("-?[0-9]{1,18}", seconds):
        reason = "X-Amz-Expires should be a number"
    elif int(seconds) < 0:
        reason = "X-Amz-Expires must be non-negative"
    elif int(seconds) > LONGEST_SECONDS:
        reason = f"X-Amz-Expires must be less than a week (in seconds); that is, X-Amz-Expires <= {LONGEST_SECONDS}"
    if signed_at is None or reason:
        return AuthError("AuthorizationQueryParametersError", reason or "")
    now = datetime.now(UTC)
    if now > signed_at + timedelta(seconds=int(seconds)):
        return EXPIRED
    return AuthError("AccessDenied", "Request is not valid yet") if signed_at > now + _CLOCKS_DIFFER else None


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if _MOMENT.fullmatch(text) else None
    except ValueError:
        return None
