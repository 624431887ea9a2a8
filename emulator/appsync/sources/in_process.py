"""HTTP to an application in this process, without a connection."""

import asyncio
from collections.abc import Mapping
from urllib.parse import unquote

from emulator.appsync.sources.http_connections import NoAnswer, Reply
from emulator.asgi import App, Message


class InProcess:
    """Calls an ASGI application as a server does, with a limit of requests at once."""

    def __init__(self, app: App, *, authority: str, maximum: int, timeout_seconds: float) -> None:
        self._app = app
        self._authority = authority
        self._places = asyncio.Semaphore(maximum)
        self._timeout_seconds = timeout_seconds
        self._working: set[asyncio.Task[Reply]] = set()

    async def request(self, method: str, target: str, *, headers: Mapping[str, str], body: bytes) -> Reply:
        """Send a request and return the answer; `target` is path and query; raises NoAnswer."""
        sent = {"host": self._authority, **{name.lower(): value for name, value in headers.items()}}
        sent["content-length"] = str(len(body))
        async with self._places:
            # A request that was sent is finished, even if its caller no longer waits. A task has
            # its own context.
            work = asyncio.create_task(self._exchange(method, target, sent, body))
            self._working.add(work)
            work.add_done_callback(self._working.discard)
            try:
                async with asyncio.timeout(self._timeout_seconds):
                    return await asyncio.shield(work)
            except TimeoutError as error:
                raise NoAnswer(f"{self._authority} doesn't answer: {error!r}") from error

    async def _exchange(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Reply:
        path, _, query = target.partition("?")
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "scheme": "http",
            "method": method,
            "path": unquote(path),
            "raw_path": path.encode("ascii"),
            "query_string": query.encode("ascii"),
            "headers": [(name.encode("ascii"), value.encode()) for name, value in headers.items()],
            "client": ("127.0.0.1", 0),
        }
        status, told, content = 0, {}, bytearray()

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            nonlocal status, told
            if message["type"] == "http.response.start":
                status = message["status"]
                told = {name.decode().lower(): value.decode("latin-1") for name, value in message["headers"]}
            else:
                content.extend(message.get("body", b""))

        await self._app(scope, receive, send)
        return Reply(status=status, headers=told, body=bytes(content))
