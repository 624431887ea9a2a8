"""The callers of an API."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from emulator.appsync.deployment import AuthMode

_AUTH_TYPES = {
    AuthMode.API_KEY: "API Key Authorization",
    AuthMode.COGNITO: "User Pool Authorization",
    AuthMode.IAM: "IAM Authorization",
}


@dataclass(frozen=True, kw_only=True)
class Caller:
    """An authenticated caller.

    `identity` is ctx.identity, `expires_at` the end of a token in epoch seconds.
    """

    mode: AuthMode
    identity: Mapping[str, Any] | None = None
    groups: frozenset[str] = frozenset()
    arn: str | None = None
    expires_at: float | None = None

    @property
    def name(self) -> str:
        """The caller's name, the same on all connections; all callers with an API key share one."""
        return self.arn or str((self.identity or {}).get("sub") or self.mode)

    @property
    def auth_type(self) -> str:
        """The value of util.authType()."""
        return _AUTH_TYPES[self.mode]


def token_caller(claims: Mapping[str, Any], *, source_ip: str, default_action: str) -> Caller:
    """Return the caller that a user pool's token names."""
    groups = claims.get("cognito:groups")
    identity = {
        "sub": claims.get("sub"),
        "issuer": claims.get("iss"),
        "username": claims.get("cognito:username") or claims.get("username"),
        "claims": dict(claims),
        "sourceIp": [source_ip],
        "defaultAuthStrategy": default_action,
        "groups": groups,
    }
    return Caller(
        mode=AuthMode.COGNITO, identity=identity, groups=frozenset(groups or ()), expires_at=claims.get("exp")
    )


def signed_caller(arn: str, *, source_ip: str) -> Caller:
    """Return the caller that signed a request."""
    account, _, resource = arn.split(":", 4)[4].partition(":")
    identity = {
        "accountId": account,
        "cognitoIdentityPoolId": None,
        "cognitoIdentityId": None,
        "sourceIp": [source_ip],
        "username": resource.partition("/")[2] or resource,
        "userArn": arn,
        "cognitoIdentityAuthType": None,
        "cognitoIdentityAuthProvider": None,
    }
    return Caller(mode=AuthMode.IAM, identity=identity, arn=arn)
