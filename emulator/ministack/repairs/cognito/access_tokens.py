"""An access token is always read, and an unreadable one is refused.

AWS: refuses an access token that is empty or can't be read.
MiniStack: ignores an empty one, so that GlobalSignOut says all is well. It answers 500 to a payload
of 20,000 brackets.
Source: Amazon Cognito API reference, NotAuthorizedException of the operations with `AccessToken`.
"""

from collections.abc import Callable
from typing import Any

from ministack.core.responses import error_response_json
from ministack.services import cognito

from emulator.ministack.repairs.cognito.refusals import Refused
from emulator.ministack.repairs.patching import RepairContext, replace

INVALID = ("NotAuthorizedException", "Invalid Access Token")


def owner_of(data: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the user and the pool of a call with a verified access token; raises Refused."""
    user, pool = cognito._user_pool_for_access_token(data.get("AccessToken"))
    if user is None:
        raise Refused(*INVALID)
    return user, pool


def apply(_context: RepairContext) -> None:
    """Read every access token that is sent."""

    def build_checking(original: Callable[..., Any]) -> Callable[..., Any]:
        def error(data: dict[str, Any]) -> Any:
            if "AccessToken" in data and not data["AccessToken"]:
                return error_response_json(*INVALID, 400)
            try:
                return original(data)
            except RecursionError:
                return error_response_json(*INVALID, 400)

        return error

    replace(cognito, "_access_token_error", build_checking)
    replace(cognito, "_decode_id_token_unverified", _as_no_token)


def _as_no_token(original: Callable[..., Any]) -> Callable[..., Any]:
    def decode(token: str) -> Any:
        try:
            return original(token)
        except RecursionError as error:
            raise ValueError("the token's payload is too deep") from error

    return decode
