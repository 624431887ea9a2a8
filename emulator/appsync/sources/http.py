"""The HTTP data source: any path of one endpoint, signed if the data source is so configured."""

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from emulator.appsync.errors import MappingFailed, NotSupported
from emulator.appsync.sources.data_source import SourceAnswer, SourceError, fields_of
from emulator.appsync.sources.http_connections import Connections, NoAnswer, Reply
from emulator.appsync.sources.service_requests import EmulatedServices, is_aws_host
from emulator.principals import Credentials

_MAX_CONNECTIONS = 8
_TIMEOUT_SECONDS = 30.0
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


class HttpSource:
    """An endpoint. A status outside 2xx is no error: the handler reads ctx.result.statusCode."""

    def __init__(
        self,
        services: EmulatedServices,
        *,
        endpoint: str,
        signing: Mapping[str, Any] | None,
        credentials: Callable[[], Credentials],
    ) -> None:
        self._services = services
        self._endpoint = endpoint.rstrip("/")
        self._signing = signing
        self._credentials = credentials
        self._connections: Connections | None = None

    async def invoke(self, request: Any) -> SourceAnswer:
        """Send the request; ctx.result has statusCode, headers and body."""
        fields = fields_of(
            request, known=("method", "resourcePath", "params", "version"), required=("method", "resourcePath")
        )
        params = fields_of(fields.get("params", {}), known=("query", "headers", "body"), at="$[params]")
        if fields["method"] not in _METHODS:
            raise MappingFailed(f"Unsupported HTTP method '{fields['method']}', expected one of {', '.join(_METHODS)}.")
        path = urlsplit(self._endpoint).path + _path(fields["resourcePath"], params.get("query", {}))
        headers = {name.lower(): str(value) for name, value in params.get("headers", {}).items()}
        body = params.get("body", "")
        content = (body if isinstance(body, str) else json.dumps(body)).encode()
        try:
            response = await self._send(fields["method"], path, headers, content)
        except NoAnswer as error:
            return SourceAnswer(error=SourceError(message=str(error), type="InternalFailure"))
        return SourceAnswer(
            result={"statusCode": response.status, "headers": dict(response.headers), "body": response.text}
        )

    async def _send(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Reply:
        if is_aws_host(self._endpoint):
            if self._signing is None:
                raise NotSupported("unsigned requests to an AWS service")
            return await self._services.send(
                method,
                path,
                service=self._signing["signingServiceName"],
                region=self._signing["signingRegion"],
                credentials=self._credentials(),
                headers=headers,
                body=body,
            )
        # A local run calls no other host: its behaviour must not depend on others, nor change them.
        if urlsplit(self._endpoint).hostname not in ("127.0.0.1", "localhost", "::1") or self._signing:
            raise NotSupported(f"the HTTP endpoint {self._endpoint}, only AWS services and unsigned loopback addresses")
        if self._connections is None:
            self._connections = Connections(self._endpoint, maximum=_MAX_CONNECTIONS, timeout_seconds=_TIMEOUT_SECONDS)
        return await self._connections.request(method, path, headers=headers, body=body)


def _path(resource_path: str, query: Mapping[str, Any]) -> str:
    path = quote(resource_path if resource_path.startswith("/") else f"/{resource_path}", safe="/%:@!$&'()*+,;=~-._")
    return f"{path}?{urlencode(query, doseq=True)}" if query else path
