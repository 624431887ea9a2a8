"""WebSockets at /appsync/<apiId>/graphql/realtime, from the handshake to the close."""

import asyncio
import logging
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from emulator.appsync.errors import RequestRefused, internal_failure
from emulator.appsync.executor_cache import ExecutorCache
from emulator.appsync.realtime import protocol
from emulator.appsync.realtime.connection import Connection, PeriodicCall
from emulator.appsync.realtime.hub import Hub
from emulator.appsync.realtime.realtime_authentication import RealtimeAuthentication, handshake_headers
from emulator.appsync.realtime.session import Session
from emulator.asgi import Receive, Scope, Send

_log = logging.getLogger("emulator.appsync")
_PATH = re.compile(r"/appsync/([A-Za-z0-9]{1,64})/graphql/realtime")
_LAST_WORDS_SECONDS = 2.0


@dataclass(frozen=True, kw_only=True)
class Timing:
    """The times of a connection.

    `ka` and the end after a day are AppSync's. Its time limit for the first message isn't
    documented.
    """

    begin_seconds: float = 15.0
    keep_alive_seconds: float = 60.0
    connection_seconds: float = 24 * 3600.0
    look_seconds: float = 5.0  # the interval of checks that a connection's API still exists
    # The time after `start_ack` in which a subscription receives nothing. AppSync was reported to
    # behave so (aws-appsync-community 405). It is read at each start.
    unheard_seconds: Callable[[], float] = float


class Realtime:
    """Serves the subscriptions of the deployed APIs."""

    def __init__(
        self,
        *,
        executors: ExecutorCache,
        authentication: RealtimeAuthentication,
        hub: Hub,
        timing: Timing | None = None,
    ) -> None:
        self._executors = executors
        self._authentication = authentication
        self._hub = hub
        self._timing = timing or Timing()
        self._connections: dict[str, set[Connection]] = {}
        self._looking: dict[str, asyncio.Task[None]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        await receive()  # websocket.connect
        match = _PATH.fullmatch(scope["path"])
        if match is None:
            await send({"type": "websocket.close"})
            return
        offered = scope.get("subprotocols") or []
        subprotocol = protocol.SUBPROTOCOL if protocol.SUBPROTOCOL in offered else None
        await send({"type": "websocket.accept", "subprotocol": subprotocol})
        source_ip = (scope.get("client") or ("127.0.0.1",))[0]
        try:
            await self._admit(match[1], scope, source_ip)
        except RequestRefused as refused:
            await self._refuse(refused, receive, send)
            return
        except Exception:
            _log.exception("%s can't be connected to", match[1])
            await self._refuse(internal_failure(), receive, send)
            return
        await self._serve(match[1], receive, send, source_ip)

    async def _admit(self, api_id: str, scope: Scope, source_ip: str) -> None:
        headers = handshake_headers(scope)
        executor = await self._executors.get(api_id)
        if unsupported := executor.deployment.unsupported:
            raise RequestRefused(400, "NotSupported", f"the local AppSync doesn't support {', '.join(unsupported)}")
        await self._authentication.connecting(executor.deployment, headers, source_ip=source_ip)

    async def _refuse(self, refused: RequestRefused, receive: Receive, send: Send) -> None:
        """Send the reason, then wait a moment: many clients first send their connection_init."""
        await send({"type": "websocket.send", "text": protocol.connection_error(refused)})
        with suppress(TimeoutError):
            await asyncio.wait_for(receive(), _LAST_WORDS_SECONDS)
        await send({"type": "websocket.close", "code": 1008, "reason": refused.error_type})

    async def _serve(self, api_id: str, receive: Receive, send: Send, source_ip: str) -> None:
        timing, loop = self._timing, asyncio.get_running_loop()
        connection = Connection(send)
        session = Session(
            api_id,
            connection,
            executors=self._executors,
            authentication=self._authentication,
            hub=self._hub,
            source_ip=source_ip,
            unheard_seconds=timing.unheard_seconds,
        )

        def close_if_silent() -> None:
            if not session.begun:
                connection.close(1008, "neither connection_init nor a subscription came")

        silent = loop.call_later(timing.begin_seconds, close_if_silent)
        old = loop.call_later(timing.connection_seconds, connection.close, 1001, "a connection lasts for a day")
        keep_alive = PeriodicCall(timing.keep_alive_seconds, session.keep_alive)
        self._watch(api_id, connection)
        try:
            await connection.run(session.read(receive))
        finally:
            self._connections[api_id].discard(connection)
            session.end()
            keep_alive.stop()
            old.cancel()
            silent.cancel()

    def _watch(self, api_id: str, connection: Connection) -> None:
        """Close the connection when its API is deleted; an API's connections share one task."""
        self._connections.setdefault(api_id, set()).add(connection)
        looking = self._looking.get(api_id)
        if looking is None or looking.done():
            self._looking[api_id] = asyncio.create_task(self._look(api_id))

    async def _look(self, api_id: str) -> None:
        while connections := self._connections[api_id]:
            await asyncio.sleep(self._timing.look_seconds)
            try:
                await self._executors.get(api_id)
            except RequestRefused as refused:
                if refused.status == 404:
                    for connection in connections:
                        connection.close(1001, refused.message)
            except Exception:
                _log.warning("%s can't be read; the next look tells", api_id)
