"""One HTTP request with its whole body, in the form that its signature covers."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs

from ministack.core.sigv4 import decode_header_value

from emulator.asgi import Message, Receive, Scope
from emulator.ministack.forms import QUERY_PARTS_MAX, parts

_READ_BYTES_MAX = 128 * 1024 * 1024
HEADERS_MAX = 200
# A repeated header of these could have one value for the check and another for the emulator.
SINGLE_HEADERS = frozenset(
    [
        "authorization",
        "content-type",
        "host",
        "origin",
        "x-amz-content-sha256",
        "x-amz-date",
        "x-amz-security-token",
        "x-amz-target",
    ]
)


class BadRequest(Exception):
    """The request has more than one meaning, or is too large."""


@dataclass(frozen=True)
class Request:
    """Method, path, query, headers (names in lower case) and the whole body."""

    method: str
    path: str
    raw_path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: bytes = b""


def head_of(scope: Scope) -> Request:
    """Return the request without its body; raises BadRequest if it has more than one meaning."""
    if not scope["path"].startswith("/"):
        raise BadRequest(f"a path begins with /, got {scope['path'][:80]!r}")
    query = scope.get("query_string", b"").decode()
    if (number := parts(query)) > QUERY_PARTS_MAX:
        raise BadRequest(
            f"the query string has {number} fields and escaped characters, at most {QUERY_PARTS_MAX} are allowed"
        )
    if len(scope["headers"]) > HEADERS_MAX:
        raise BadRequest(f"there are {len(scope['headers'])} headers, at most {HEADERS_MAX} are allowed")
    headers: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1").lower(), decode_header_value(raw_value)
        if name in headers and name in SINGLE_HEADERS:
            raise BadRequest(f"the header {name} is there twice")
        headers[name] = f"{headers[name]},{value}" if name in headers else value
    return Request(
        method=scope.get("method", "GET"),
        path=scope["path"],
        raw_path=(scope.get("raw_path") or scope["path"].encode()).decode("latin-1"),
        query=parse_qs(query, keep_blank_values=True),
        headers=headers,
    )


async def read_body(receive: Receive, *, limit_bytes: int) -> bytes:
    """Return the whole body; raises BadRequest if it is too large or the client went away."""
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise BadRequest("the client went away")
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
        if size > limit_bytes:
            chunks.clear()  # many clients hear nothing before they have sent all
        is_whole = not message.get("more_body")
        if size > (limit_bytes if is_whole else _READ_BYTES_MAX):
            raise BadRequest(f"the body is larger than {limit_bytes} bytes")
        if is_whole:
            return b"".join(chunks)


def replay(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that passes the body once more, and then the connection's messages."""
    pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return pending.pop() if pending else await receive()

    return again
