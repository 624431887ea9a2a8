"""Decides whether a JSON Web Token is one of an API's user pools, for one of its clients."""

import json
import re
from collections.abc import Mapping
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from local.appsync.deployment import UserPool
from local.appsync.errors import RequestRefused

_USES = {"id": "aud", "access": "client_id"}  # what names the client


def unauthorized(message: str = "You are not authorized to make this call.") -> RequestRefused:
    """Return AppSync's answer to a caller whom it doesn't know."""
    return RequestRefused(401, "UnauthorizedException", message)


class Token:
    """A token that nobody has verified yet; raises RequestRefused when it can't be read."""

    def __init__(self, text: str) -> None:
        self._text = text
        try:
            parsed = jws.extract_compact(text.encode("ascii"))
            self._claims: Mapping[str, Any] = json.loads(parsed.payload)
            self.key_id = parsed.protected.get("kid")
        except (JoseError, ValueError) as error:
            raise unauthorized("Unable to parse JWT token.") from error
        if not isinstance(self._claims, dict):
            raise unauthorized("Unable to parse JWT token.")

    @property
    def issuer(self) -> Any:
        """The pool that the token claims to be of."""
        return self._claims.get("iss")

    def verify(self, keys: KeySet, pool: UserPool, *, now: float) -> Mapping[str, Any]:
        """Return the claims when the pool signed them for an accepted client and they hold now."""
        try:
            jws.deserialize_compact(self._text, keys, algorithms=["RS256"])
        except (JoseError, ValueError) as error:
            raise unauthorized() from error
        claims = self._claims
        if claims.get("iss") != pool.issuer:
            raise unauthorized()
        expires = claims.get("exp")
        if not isinstance(expires, int | float) or expires <= now:
            raise unauthorized("Token has expired.")
        client = claims.get(_USES.get(str(claims.get("token_use")), ""))
        if not isinstance(client, str):
            raise unauthorized()
        if pool.app_id_client_regex and not re.fullmatch(pool.app_id_client_regex, client):
            raise unauthorized()
        return claims
