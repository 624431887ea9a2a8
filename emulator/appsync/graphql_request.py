"""Reads the GraphQL request in an HTTP request, and sends the answer.

The wording of errors is from graphql-over-http issue 81.
"""

import json
from dataclasses import dataclass
from typing import Any

from emulator.appsync.auth.signatures import SignedRequest
from emulator.appsync.errors import RequestRefused
from emulator.appsync.request_limits import BODY_MAX_BYTES, JSON_VALUES_MAX
from emulator.asgi import Receive, Scope, Send
from emulator.untrusted_json import NotJson, TooManyValues, parse_object


@dataclass(frozen=True, kw_only=True)
class GraphQLRequest:
    """A GraphQL request: query, variables and the name of the operation."""

    query: str
    variables: dict[str, Any]
    operation_name: str | None


async def read(scope: Scope, receive: Receive) -> SignedRequest:
    """Read the HTTP request with its whole body; raises RequestRefused."""
    body = bytearray()  # extended in place, as single bytes may arrive
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise RequestRefused(400, "MalformedHttpRequestException", "The request ended too early.")
        body += message.get("body", b"")
        if len(body) > BODY_MAX_BYTES:
            raise RequestRefused(
                413, "RequestEntityTooLargeException", f"Request body is larger than {BODY_MAX_BYTES} bytes."
            )
        if not message.get("more_body"):
            break
    headers: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]},{value}" if name in headers else value
    return SignedRequest(
        method=scope["method"],
        path=(scope.get("raw_path") or scope["path"].encode()).decode("latin-1").partition("?")[0],
        query=scope.get("query_string", b"").decode("latin-1"),
        headers=headers,
        body=bytes(body),
    )


def parse(body: bytes | str) -> GraphQLRequest:
    """Read the GraphQL request in a body; raises RequestRefused."""
    if not body:
        raise _malformed("Request body is empty.")
    try:
        request = parse_object(body, values_max=JSON_VALUES_MAX)
    except TooManyValues as error:
        raise _malformed(f"The request has {error}.") from error
    except NotJson as error:
        raise _malformed("Unable to parse GraphQL query.") from error
    variables, operation_name = request.get("variables"), request.get("operationName")
    if not isinstance(request.get("query"), str):
        raise _malformed("Unable to parse GraphQL query.")
    if not isinstance(variables, dict | None):
        raise _malformed("Variables must be an object.")
    if not isinstance(operation_name, str | None):
        raise _malformed("Operation name must be a string.")
    return GraphQLRequest(query=request["query"], variables=variables or {}, operation_name=operation_name or None)


def encoded(body: dict[str, Any]) -> bytes:
    """Return an answer's body as JSON in ASCII: UTF-8 can't encode every text of a client."""
    return json.dumps(body).encode()


async def answer(send: Send, status: int, content: bytes, *, error_type: str | None = None) -> None:
    """Send an answer with a JSON body."""
    headers = [
        (b"content-type", b"application/json;charset=UTF-8"),
        (b"content-length", str(len(content)).encode()),
    ]
    if error_type:
        headers.append((b"x-amzn-errortype", error_type.encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})


def _malformed(message: str) -> RequestRefused:
    return RequestRefused(400, "MalformedHttpRequestException", message)
