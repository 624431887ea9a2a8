"""Whether a request carries a valid AWS signature, or is one of the few that AWS serves without."""

import hashlib
import hmac
import re
from typing import Protocol

from ministack.core.iam_actions import unsigned_operations
from ministack.core.iam_evaluator import AuthError, SignedRequest, _sigv2_check
from ministack.core.sigv4 import (
    HeaderSignature,
    header_signature_failure,
    parse_header_signature,
    parse_query_signature,
    presigned_request_is_expired,
    request_time_failure,
)

from local.appsync.identity import Credentials
from local.emulator.embedded import ACCOUNT_ID
from local.emulator.requests import Request

ALGORITHM = "AWS4-HMAC-SHA256"
UNKNOWN_KEY = AuthError("UnrecognizedClientException", "The security token included in the request is invalid.")
MALFORMED = AuthError("IncompleteSignature", "The request signature does not conform to AWS standards.")
NO_SIGNATURE = AuthError("MissingAuthenticationToken", "Missing Authentication Token")
# What the service model of Cognito user pools marks as needing no signature.
COGNITO_PUBLIC = frozenset(
    f"AWSCognitoIdentityProviderService.{operation}" for operation in unsigned_operations("cognito-idp")
)
OPENID_DOCUMENT = re.compile(r"/[a-z]{2}-[a-z]+-\d_[A-Za-z0-9]+/\.well-known/(jwks\.json|openid-configuration)")


class KeyFinder(Protocol):
    """The part of IAM that a signature is checked with."""

    def find(self, access_key_id: str) -> Credentials | None:
        """Return the secret and principal behind a key, None for a key that nobody issued."""
        ...


def is_public(request: Request) -> bool:
    """Tell whether AWS answers this request without a signature."""
    if "authorization" in request.headers or request.query:
        return False
    target = request.headers.get("x-amz-target")
    if request.method == "GET":
        # The emulator looks at the target before the path: with one, this would be a call of any service.
        return target is None and not request.body and OPENID_DOCUMENT.fullmatch(request.path) is not None
    return request.method == "POST" and request.path == "/" and target in COGNITO_PUBLIC


def is_signed(request: Request) -> bool:
    """Tell whether the request claims to be signed, in a header or in its query."""
    in_query = "X-Amz-Signature" in request.query or "AWSAccessKeyId" in request.query
    return in_query or request.headers.get("authorization", "").startswith("AWS4-")


def authentication_failure(request: Request, keys: KeyFinder) -> AuthError | None:
    """Return why AWS would refuse the caller, None for a verified signature or a public call."""
    if is_public(request):
        return None
    authorization = request.headers.get("authorization", "")
    presigned, presigned_old = "X-Amz-Signature" in request.query, "AWSAccessKeyId" in request.query
    claims = [claim for claim in (authorization, presigned, presigned_old) if claim]
    if not claims:
        return NO_SIGNATURE
    if len(claims) > 1 or (authorization and not authorization.startswith(ALGORITHM + " ")):
        return MALFORMED
    if presigned_old:
        return _old_presigned_failure(request, keys)
    if presigned and request.query.get("X-Amz-Algorithm") != [ALGORITHM]:
        return MALFORMED
    signature = parse_query_signature(request.query) if presigned else parse_header_signature(request.headers)
    if not isinstance(signature, HeaderSignature):
        return AuthError(*signature)
    return _time_failure(request, signature, presigned=presigned) or _signature_failure(
        request, signature, keys, presigned=presigned
    )


def _old_presigned_failure(request: Request, keys: KeyFinder) -> AuthError | None:
    """Check a presigned S3 URL of signature version 2, which boto3 still makes by default."""
    key = request.query["AWSAccessKeyId"][0]
    if keys.find(key) is None:
        return UNKNOWN_KEY
    pinned = SignedRequest(
        key, request.method, request.raw_path, dict(request.query), dict(request.headers), sigv2=True,
        auth_path=request.raw_path,
    )  # fmt: skip
    checked = _sigv2_check(pinned, ACCOUNT_ID)
    return checked if isinstance(checked, AuthError) else None


def _time_failure(request: Request, signature: HeaderSignature, *, presigned: bool) -> AuthError | None:
    if not presigned:
        skewed = request_time_failure(signature)
        return AuthError(*skewed) if skewed else None
    try:
        expired = presigned_request_is_expired(signature.amz_date, request.query["X-Amz-Expires"][0])
    except (KeyError, ValueError):
        return AuthError("AuthorizationQueryParametersError", "X-Amz-Date and X-Amz-Expires must be there and valid")
    return AuthError("AccessDenied", "Request has expired") if expired else None


def _signature_failure(
    request: Request, signature: HeaderSignature, keys: KeyFinder, *, presigned: bool
) -> AuthError | None:
    caller = keys.find(signature.access_key_id)
    if caller is None:
        return UNKNOWN_KEY
    token = (request.query.get("X-Amz-Security-Token") or [""])[0] if presigned else None
    token = request.headers.get("x-amz-security-token", "") if token is None else token
    if not hmac.compare_digest(token.encode(), (caller.session_token or "").encode()):
        return UNKNOWN_KEY
    claimed = request.headers.get("x-amz-content-sha256", "")
    if re.fullmatch("[0-9a-f]{64}", claimed) and claimed != hashlib.sha256(request.body).hexdigest():
        return AuthError(
            "XAmzContentSHA256Mismatch", "The provided 'x-amz-content-sha256' header does not match what was computed."
        )
    failure = header_signature_failure(
        signature,
        caller.secret_access_key,
        request.method,
        request.raw_path,
        request.query,
        request.headers,
        request.body,
        presigned=presigned,
    )
    return AuthError(*failure) if failure else None
