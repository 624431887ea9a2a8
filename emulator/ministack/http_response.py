"""Sends a whole answer over ASGI."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from emulator.asgi import Send

Header = tuple[bytes, bytes]


async def send_answer(send: Send, status: int, body: bytes, headers: Iterable[Header]) -> None:
    """Send status, headers and body at once."""
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": body})


async def send_json(send: Send, status: int, document: Mapping[str, Any], *, error_type: str | None = None) -> None:
    """Send the document as JSON, not to be cached, with an error's name where clients read it."""
    headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
    headers += [(b"x-amzn-errortype", error_type.encode())] if error_type else []
    await send_answer(send, status, json.dumps(document).encode(), headers)
