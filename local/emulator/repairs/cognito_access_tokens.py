"""An access token is always looked at, and stands for a user of the pool that issued it.

AWS: refuses an access token that is empty or can't be read.
MiniStack: ignores an empty one, so that GlobalSignOut says all is well. It answers 500 to a payload
of 20,000 brackets, and looks for the token's `sub` in every pool.
Source: Amazon Cognito API reference, NotAuthorizedException of the operations with `AccessToken`.
"""

from collections.abc import Callable
from typing import Any

from ministack.core.responses import error_response_json
from ministack.services import cognito

from local.emulator.repairs.cognito_refusals import Refused
from local.emulator.repairs.patching import Run, replace

Found = tuple[dict[str, Any] | None, dict[str, Any] | None]
INVALID = ("NotAuthorizedException", "Invalid Access Token")


def owner_of(data: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the user and the pool of a call with an access token, which was verified before; raises Refused."""
    user, pool = cognito._user_pool_for_access_token(data.get("AccessToken"))
    if user is None:
        raise Refused(*INVALID)
    return user, pool


def apply(_run: Run) -> None:
    """Look at every access token, and for its user in the pool that issued it."""

    def build_checking(original: Callable[..., Any]) -> Callable[..., Any]:
        def error(data: dict[str, Any]) -> Any:
            if "AccessToken" in data and not data["AccessToken"]:
                return error_response_json(*INVALID, 400)
            try:
                return original(data)
            except RecursionError:
                return error_response_json(*INVALID, 400)

        return error

    def build_finding(_original: Callable[..., Any]) -> Callable[..., Any]:
        def find(token: Any) -> Found:
            claims = cognito._token_claims(token)
            pool = cognito._user_pools.get(str(claims.get("iss", "")).rpartition("/")[2])
            user = pool and cognito._user_from_token(token, {"_users": dict(pool["_users"])})
            return (user, pool) if user else (None, None)

        return find

    replace(cognito, "_access_token_error", build_checking)
    replace(cognito, "_user_pool_for_access_token", build_finding)
    replace(cognito, "_decode_id_token_unverified", _as_no_token)


def _as_no_token(original: Callable[..., Any]) -> Callable[..., Any]:
    def decode(token: str) -> Any:
        try:
            return original(token)
        except RecursionError as error:
            raise ValueError("the token's payload is too deep") from error

    return decode
