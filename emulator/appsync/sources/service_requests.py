"""Requests to the other services of the emulator."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlsplit

from emulator.appsync.auth.signatures import ALGORITHM
from emulator.appsync.sources.http_connections import NoAnswer, Reply
from emulator.appsync.sources.in_process import InProcess
from emulator.asgi import App
from emulator.principals import Credentials

# The emulator works on one request at a time; more of them would only wait for each other.
_REQUESTS_AT_ONCE = 8
_TIMEOUT_SECONDS = 30.0  # AppSync's own limit for a request
_NOT_COMPUTED = "0" * 64  # no signature: the receiver already knows the caller


class EmulatedServices:
    """Sends requests on behalf of AWS services to the emulator's own services."""

    def __init__(self, services: App, *, endpoint_url: str) -> None:
        self._services = InProcess(
            services,
            authority=urlsplit(endpoint_url).netloc,
            maximum=_REQUESTS_AT_ONCE,
            timeout_seconds=_TIMEOUT_SECONDS,
        )

    async def send(
        self,
        method: str,
        target: str,
        *,
        service: str,
        region: str,
        credentials: Credentials,
        headers: Mapping[str, str],
        body: bytes,
    ) -> Reply:
        """Call a service as the principal of the credentials; `target` is path and query.

        Raises NoAnswer.
        """
        sent = {name.lower(): value for name, value in headers.items()}
        sent["x-amz-date"] = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
        if credentials.session_token:
            sent["x-amz-security-token"] = credentials.session_token
        scope = f"{sent['x-amz-date'][:8]}/{region}/{service}/aws4_request"
        sent["authorization"] = (
            f"{ALGORITHM} Credential={credentials.access_key_id}/{scope},"
            f" SignedHeaders={';'.join(sorted({'host', *sent} - {'authorization'}))}, Signature={_NOT_COMPUTED}"
        )
        return await self._services.request(method, target, headers=sent, body=body)

    async def get_json(self, path: str) -> object:
        """Read a public JSON document of the emulator; raises NoAnswer."""
        reply = await self._services.request("GET", path, headers={}, body=b"")
        if not reply.is_success:
            raise NoAnswer(f"{path}: status {reply.status}")
        document: object = json.loads(reply.body)
        return document


def is_aws_host(url: str) -> bool:
    """Return True for a URL of an AWS service, in whose place the emulator answers."""
    host = urlsplit(url).hostname or ""
    return host.endswith((".amazonaws.com", ".amazonaws.com.cn", ".api.aws"))
