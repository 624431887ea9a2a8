"""Refresh tokens rotate if the client's settings say so.

AWS: with RefreshTokenRotation, GetTokensFromRefreshToken brings the next refresh token, good for
what was left of the one before. That one ends after RetryGracePeriodSeconds; used later, it is
RefreshTokenReuseException. REFRESH_TOKEN_AUTH isn't for such a client.
MiniStack: forgets the setting.
Source: Amazon Cognito API reference, RefreshTokenRotationType and GetTokensFromRefreshToken;
Developer Guide, "Refresh tokens"; for what is left, repost.aws "Rotated Refresh Token Validity".
"""

import json
import time
import uuid
from collections.abc import Callable
from typing import Any

from ministack.core.responses import json_response
from ministack.services import cognito

from emulator.ministack.repairs.cognito.refusals import Refused
from emulator.ministack.repairs.patching import RepairContext, replace

Data = dict[str, Any]
Operation = Callable[[Data], Any]
SETTING = "RefreshTokenRotation"
FLOWS = ("REFRESH_TOKEN", "REFRESH_TOKEN_AUTH")
# An attribute of a user: for each replaced refresh token's id, the end of its validity.
ENDS = "_rotated_out"


def apply(_context: RepairContext) -> None:
    """Keep the setting, and follow it."""
    for name in ("_create_user_pool_client", "_update_user_pool_client"):
        replace(cognito, name, _keeping_the_setting)
    for name in ("_initiate_auth", "_admin_initiate_auth"):
        replace(cognito, name, _without_the_flow)
    replace(cognito, "_get_tokens_from_refresh_token", _rotating)


def _keeping_the_setting(original: Operation) -> Operation:
    def change(data: Data) -> Any:
        answer = original(data)
        if answer[0] != 200:
            return answer
        client = json.loads(answer[2])["UserPoolClient"]
        names = {"UserPoolId": client["UserPoolId"], "ClientId": client["ClientId"]}
        _client(names)[SETTING] = data.get(SETTING)
        return cognito._describe_user_pool_client(names)

    return change


def _without_the_flow(original: Operation) -> Operation:
    def start(data: Data) -> Any:
        if data.get("AuthFlow") in FLOWS and _rotation(data):
            raise Refused("InvalidParameterException", "Auth flow not enabled for this client")
        return original(data)

    return start


def _rotating(original: Operation) -> Operation:
    def refresh(data: Data) -> Any:
        answer, rotation = original(data), _rotation(data)
        if answer[0] != 200 or not rotation:
            return answer
        pool, pool_id = cognito._pool_for_client(data["ClientId"])
        claims = cognito._token_claims(data["RefreshToken"])
        ends = cognito._user_from_token(data["RefreshToken"], pool).setdefault(ENDS, {})
        now = time.time()
        if ends.get(claims["jti"], now + 1) <= now:
            raise Refused("RefreshTokenReuseException", "Refresh token has already been used")
        ends.setdefault(claims["jti"], now + rotation.get("RetryGracePeriodSeconds", 0))
        result = json.loads(answer[2])["AuthenticationResult"]
        next_claims = {**claims, "jti": str(uuid.uuid4()), "iat": int(now)}
        result["RefreshToken"] = cognito._signed_jwt(next_claims, pool_id, "access")
        return json_response({"AuthenticationResult": result})

    return refresh


def _rotation(data: Data) -> Data | None:
    """Return the client's rotation of refresh tokens; None if they don't rotate."""
    setting = _client(data).get(SETTING) or {}
    return setting if setting.get("Feature") == "ENABLED" else None


def _client(data: Data) -> Data:
    pool = cognito._pool_for_client(data.get("ClientId"))[0]
    found: Data = {} if pool is None else pool["_clients"][data["ClientId"]]
    return found
