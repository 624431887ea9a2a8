"""Checks that a request has a valid AWS signature, or is one of the few that need none."""

import hmac
import re

from ministack.app import SERVICE_HANDLERS
from ministack.core.iam_actions import unsigned_operations
from ministack.core.iam_evaluator import AuthError
from ministack.core.sigv4 import HeaderSignature, header_signature_failure

from emulator.ministack.guard.claimed_signatures import (
    GLOBAL_REGION,
    MALFORMED,
    UNKNOWN_KEY,
    KeyFinder,
    claimed_in_header,
    claimed_in_query,
    coverage_failure,
    scope_failure,
    time_failure,
)
from emulator.ministack.guard.payload_headers import payload_failure
from emulator.ministack.guard.routing import answering_service, operation_names
from emulator.ministack.guard.signature_version_2 import old_presigned_failure
from emulator.ministack.http_request import Request

NO_SIGNATURE = AuthError("MissingAuthenticationToken", "Missing Authentication Token")
# The operations that the service model of Cognito user pools marks as unsigned.
COGNITO_PUBLIC = frozenset(
    f"AWSCognitoIdentityProviderService.{operation}" for operation in unsigned_operations("cognito-idp")
)
OPENID_DOCUMENT = re.compile(r"/[a-z]{2}-[a-z]+-\d_[A-Za-z0-9]+/\.well-known/(jwks\.json|openid-configuration)")


def is_public(request: Request) -> bool:
    """Return True if AWS answers this request without a signature."""
    if "authorization" in request.headers or request.query:
        return False
    target = request.headers.get("x-amz-target")
    if request.method == "GET":
        # MiniStack reads the target before the path: with a target this could be a call of any
        # service.
        return target is None and not request.body and OPENID_DOCUMENT.fullmatch(request.path) is not None
    return request.method == "POST" and request.path == "/" and target in COGNITO_PUBLIC


def is_signed(request: Request) -> bool:
    """Return True if the request claims to be signed, in a header or in its query."""
    in_query = "X-Amz-Signature" in request.query or "AWSAccessKeyId" in request.query
    return in_query or request.headers.get("authorization", "").startswith("AWS4-")


def authentication_failure(request: Request, keys: KeyFinder, *, region: str = GLOBAL_REGION) -> AuthError | None:
    """Return the reason why AWS would refuse the caller.

    Return None for a valid signature or a public call.
    """
    if is_public(request):
        return payload_failure(request, answering_service(request))
    in_header = bool(request.headers.get("authorization"))
    presigned, presigned_old = "X-Amz-Signature" in request.query, "AWSAccessKeyId" in request.query
    claims = [in_header, presigned, presigned_old].count(True)
    if claims != 1:
        return MALFORMED if claims else NO_SIGNATURE
    if presigned_old:
        failure, scope = old_presigned_failure(request, keys), ("s3", region)
    else:
        signature = claimed_in_query(request) if presigned else claimed_in_header(request)
        if isinstance(signature, AuthError):
            return signature
        failure, scope = _failure(request, signature, keys, presigned=presigned), (signature.service, signature.region)
    if failure:
        return failure
    # This comes last: the body may name the service, and an unknown caller's body isn't read.
    return _meaning_failure(request, scope, region, presigned=not in_header)


def claim_failure(request: Request, *, region: str) -> AuthError | None:
    """Return the reason why AWS would refuse a call of the emulator's own services.

    Their keys and signatures need no check.
    """
    if is_public(request):
        return payload_failure(request, answering_service(request))
    signature = claimed_in_header(request)
    if isinstance(signature, AuthError):
        return signature
    scope = (signature.service, signature.region)
    return coverage_failure(request, signature) or _meaning_failure(request, scope, region, presigned=False)


def _meaning_failure(request: Request, scope: tuple[str, str], region: str, *, presigned: bool) -> AuthError | None:
    service = answering_service(request)
    return (
        scope_failure(scope, service, region, presigned=presigned)
        or payload_failure(request, service)
        or _operation_failure(request, service)
    )


def _operation_failure(request: Request, service: str) -> AuthError | None:
    names = operation_names(request, service)
    if service not in SERVICE_HANDLERS or len(names) < 2:
        return None
    return AuthError("AccessDenied", f"A request names one operation, this one names {' and '.join(names)}.")


def _failure(request: Request, signature: HeaderSignature, keys: KeyFinder, *, presigned: bool) -> AuthError | None:
    return (
        coverage_failure(request, signature)
        or time_failure(request, signature, presigned=presigned)
        or _signature_failure(request, signature, keys, presigned=presigned)
    )


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
