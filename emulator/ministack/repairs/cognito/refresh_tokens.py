"""A refresh token ends when its time is over, and only its own client can revoke it.

AWS: a refresh token is good for the client's RefreshTokenValidity. RevokeToken takes a refresh
token of the client that calls, and is refused when the client has token revocation off. A client
with a secret sends it with RevokeToken and GetTokensFromRefreshToken.
MiniStack: a refresh token is good for ever. RevokeToken takes any text, unverified, and keeps it
for ever.
Source: Amazon Cognito API reference, RevokeToken and GetTokensFromRefreshToken; Developer Guide,
"Refresh tokens".
"""

import hmac
import time
from collections.abc import Callable
from typing import Any

from ministack.core.responses import error_response_json
from ministack.services import cognito

from emulator.ministack.repairs.cognito.refusals import Refused
from emulator.ministack.repairs.patching import RepairContext, replace

Data = dict[str, Any]
EXPIRED = ("NotAuthorizedException", "Refresh Token has expired")


def apply(_context: RepairContext) -> None:
    """Check a refresh token's validity, and the client that revokes or uses it."""
    replace(cognito, "_refresh_auth_user", _for_a_while)
    replace(cognito, "_get_tokens_from_refresh_token", _with_the_secret("NotAuthorizedException"))
    replace(cognito, "_revoke_token", _of_the_client)
    replace(cognito, "_revoke_token", _with_the_secret("UnauthorizedException"))


def _for_a_while(original: Callable[..., Any]) -> Callable[..., Any]:
    def find(pool: Data, pool_id: str, client_id: str, token: Any) -> Any:
        user, error = original(pool, pool_id, client_id, token)
        if error is None and cognito._token_claims(token).get("exp", 0) <= time.time():
            return None, error_response_json(*EXPIRED, 400)
        return user, error

    return find


def _with_the_secret(code: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def build(original: Callable[..., Any]) -> Callable[..., Any]:
        def run(data: Data) -> Any:
            secret = (_client(data) or {}).get("ClientSecret") or ""
            if not hmac.compare_digest(secret.encode(), (data.get("ClientSecret") or "").encode()) and secret:
                raise Refused(code, f"Unable to verify the secret of client {data['ClientId']}")
            return original(data)

        return run

    return build


def _of_the_client(original: Callable[..., Any]) -> Callable[..., Any]:
    def revoke(data: Data) -> Any:
        token, client = data["Token"], _client(data)
        claims = cognito._token_claims(token)
        if client is None:
            raise Refused("UnauthorizedException", f"Client {data['ClientId']} does not exist.")
        if not client.get("EnableTokenRevocation", True):
            raise Refused("UnsupportedOperationException", "Token revocation is not enabled for this client.")
        if not claims or token.count(".") != 2 or not cognito._signature_valid(token):
            raise Refused("InvalidParameterException", "Invalid Refresh Token")
        if claims.get("token_use") != "refresh":
            raise Refused("UnsupportedTokenTypeException", "Only a refresh token can be revoked.")
        if claims.get("client_id") != data["ClientId"]:
            raise Refused("UnauthorizedException", "Refresh Token has different Client")
        return original(data)

    return revoke


def _client(data: Data) -> Data | None:
    pool = cognito._pool_for_client(data.get("ClientId"))[0]
    return None if pool is None else pool["_clients"][data["ClientId"]]
