"""Checks that a JSON Web Token is from one of an API's user pools, for one of its clients."""

import base64
import re
from collections.abc import Mapping
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from emulator.appsync.deployment import AcceptedUserPool
from emulator.appsync.errors import RequestRefused
from emulator.untrusted_json import parse_object

_VALUES_MAX = 1000  # a token has 20 claims, and at most 100 groups of a user
_USES = {"id": "aud", "access": "client_id"}  # the claim that names the client
_HEADER = {"alg", "kid", "typ"}  # a pool's tokens have no other headers, so others are never read


def unauthorized(message: str = "You are not authorized to make this call.") -> RequestRefused:
    """Return AppSync's answer to an unknown caller."""
    return RequestRefused(401, "UnauthorizedException", message)


class WebToken:
    """A token that nobody has verified yet; raises RequestRefused when it can't be read."""

    def __init__(self, text: str) -> None:
        self._text = text
        try:
            header, claims, _signature = (_decoded(part) for part in text.split("."))
            self._header, self._claims = (parse_object(one, values_max=_VALUES_MAX) for one in (header, claims))
        except ValueError as error:
            raise unauthorized("Unable to parse JWT token.") from error
        self.key_id = self._header.get("kid")

    @property
    def issuer(self) -> Any:
        """The pool that the token claims to be from."""
        return self._claims.get("iss")

    def verify(self, keys: KeySet, pool: AcceptedUserPool, *, now: float) -> Mapping[str, Any]:
        """Return the claims if the pool signed them for an accepted client and they are valid."""
        if self._header.keys() - _HEADER or not all(isinstance(value, str) for value in self._header.values()):
            raise unauthorized()
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
        if not _are_names(claims.get("cognito:groups", [])):
            raise unauthorized()
        return claims


def _decoded(part: str) -> bytes:
    """Decode a part of a token; raises ValueError."""
    return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)


def _are_names(groups: object) -> bool:
    return isinstance(groups, list) and all(isinstance(group, str) for group in groups)
