"""A signature is verified once.

AWS: verifies it where the request arrives.
MiniStack: verifies it before it asks the caller's policies, after the guard did so already, and more strictly. The key
is still looked up: one that has expired or was deleted meanwhile is good for nothing. A presigned URL is rare, and is
checked twice.
"""

from typing import Any

from ministack.core import iam_evaluator, responses

from emulator.ministack.guard import verified_request
from emulator.ministack.repairs.patching import AnyCallable, RepairContext, replace


def apply(_context: RepairContext) -> None:
    """Accept the guard's check of the request."""
    replace(iam_evaluator, "authenticate", _trusting_the_guard)


def _trusting_the_guard(authenticate: AnyCallable) -> AnyCallable:
    def authenticated(access_key_id: str, account_id: str) -> Any:
        if not _is_verified(access_key_id):
            return authenticate(access_key_id, account_id)
        account_id = responses._account_from_sts_session(access_key_id) or account_id
        credential = iam_evaluator.resolve_credential(access_key_id, account_id)
        iam_evaluator._signed_request.set(None)  # MiniStack's own mark of a checked request
        if isinstance(credential, iam_evaluator.CredentialResolutionError):
            return iam_evaluator.AuthError(credential.code, credential.message)
        iam_evaluator._verified_key.set(access_key_id)
        return credential

    return authenticated


def _is_verified(access_key_id: str) -> bool:
    """Return True if the guard verified the signature in this request's header."""
    request, known = iam_evaluator._signed_request.get(), verified_request.authorization.get()
    return bool(
        known
        and request is not None
        and request.access_key_id == access_key_id
        and not (request.presigned or request.sigv2 or request.unverifiable)
        and request.headers.get("authorization") == known
    )
