"""Signed requests to the emulator."""

import json
from collections.abc import Mapping
from urllib.parse import urlsplit

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as SigningCredentials

from emulator.appsync.sources.connections import Connections, NoAnswer, Reply
from emulator.principals import Credentials

# The emulator works on one request at a time: more under way at once only wait for each other.
_MAX_CONNECTIONS = 8
_TIMEOUT_SECONDS = 30.0  # AppSync's own limit for a request


class Aws:
    """Sends requests as the AWS services do it for themselves: signed, to the emulator's one endpoint."""

    def __init__(self, endpoint_url: str) -> None:
        self._endpoint_url = endpoint_url.rstrip("/")
        self._connections = Connections(endpoint_url, maximum=_MAX_CONNECTIONS, timeout_seconds=_TIMEOUT_SECONDS)

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
        """Sign the request and send it to the emulator, `target` being path and query; raises NoAnswer."""
        request = AWSRequest(method=method, url=self._endpoint_url + target, headers=dict(headers), data=body)
        SigV4Auth(_signing(credentials), service, region).add_auth(request)
        return await self._connections.request(method, target, headers=dict(request.headers.items()), body=body)

    async def get_json(self, path: str) -> object:
        """Read a public JSON document of the emulator; raises NoAnswer."""
        reply = await self._connections.request("GET", path, headers={}, body=b"")
        if not reply.is_success:
            raise NoAnswer(f"{path}: status {reply.status}")
        document: object = json.loads(reply.body)
        return document


def is_aws_host(url: str) -> bool:
    """Tell whether a URL is an AWS service's, which the emulator stands for."""
    host = urlsplit(url).hostname or ""
    return host.endswith((".amazonaws.com", ".amazonaws.com.cn", ".api.aws"))


def _signing(credentials: Credentials) -> SigningCredentials:
    return SigningCredentials(credentials.access_key_id, credentials.secret_access_key, credentials.session_token)
