"""Authenticates connections and subscriptions, whose credentials are headers in JSON.

When a client connects, the signature covers a POST of `{}` to <graphql>/connect; when it
subscribes, of the GraphQL request to <graphql>. Clients sign either the path of the API here, or
/graphql, which is every API's path on AWS.
"""

import base64
from collections.abc import Mapping
from urllib.parse import parse_qs

from emulator.appsync.auth.authentication import Authentication
from emulator.appsync.auth.callers import Caller
from emulator.appsync.auth.signatures import SignedRequest
from emulator.appsync.deployment import Deployment
from emulator.appsync.errors import RequestRefused
from emulator.appsync.realtime.protocol import SUBPROTOCOL, header_values
from emulator.asgi import Scope
from emulator.untrusted_json import parse

_IN_PROTOCOL = "header-"
_AWS_PATH = "/graphql"
_VALUES_MAX = 1000


def handshake_headers(scope: Scope) -> dict[str, str]:
    """Return the credentials in a handshake's sub-protocols or query; raises RequestRefused."""
    protocols: list[str] = scope.get("subprotocols") or []
    if SUBPROTOCOL not in protocols:
        name = "SubProtocolNotSupportedError" if protocols else "NoProtocolError"
        raise RequestRefused(400, name, name)
    query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    offered = [name.removeprefix(_IN_PROTOCOL) for name in protocols if name.startswith(_IN_PROTOCOL)]
    encoded = (offered or query.get("header") or [""])[0]
    if not encoded:
        raise RequestRefused(400, "BadRequestException", "Required headers are missing.")
    if not offered and _decoded((query.get("payload") or [""])[0]) != {}:
        raise RequestRefused(400, "BadRequestException", "The payload must be {} in base64.")
    headers = header_values(_decoded(encoded))
    host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
    if headers.get("host") != host:
        raise RequestRefused(
            400, "BadRequestException", f"The header must name the host {host}, got {headers.get('host')}."
        )
    return headers


class RealtimeAuthentication:
    """Finds the caller behind the headers of a connection or a subscription."""

    def __init__(self, authentication: Authentication) -> None:
        self._authentication = authentication

    async def connecting(self, deployment: Deployment, headers: Mapping[str, str], *, source_ip: str) -> Caller:
        """Return the caller of a connection; raises RequestRefused."""
        return await self._caller(deployment, headers, b"{}", "/connect", source_ip)

    async def subscribing(
        self, deployment: Deployment, headers: Mapping[str, str], body: str, *, source_ip: str
    ) -> Caller:
        """Return the caller of a subscription; raises RequestRefused."""
        return await self._caller(deployment, headers, body.encode(), "", source_ip)

    async def _caller(
        self, deployment: Deployment, headers: Mapping[str, str], body: bytes, suffix: str, source_ip: str
    ) -> Caller:
        def signed(path: str) -> SignedRequest:
            return SignedRequest(method="POST", path=path + suffix, query="", headers=headers, body=body)

        here = f"/appsync/{deployment.api_id}/graphql"
        try:
            return await self._authentication.caller(deployment, signed(here), source_ip=source_ip)
        except RequestRefused as refused:
            if refused.error_type != "InvalidSignatureException":
                raise
        try:
            return await self._authentication.caller(deployment, signed(_AWS_PATH), source_ip=source_ip)
        except RequestRefused as refused:
            raise RequestRefused(400, "BadRequestException", refused.message) from refused


def _decoded(text: str) -> object:
    """Return the JSON in a base64 text, or None for anything else.

    Both alphabets are accepted, with or without padding.
    """
    text = text.replace(" ", "+").replace("-", "+").replace("_", "/").rstrip("=")
    try:
        return parse(base64.b64decode(text + "=" * (-len(text) % 4), validate=True), values_max=_VALUES_MAX)
    except ValueError:
        return None
