"""A client of the real-time endpoint in this process, without a socket."""

import asyncio
import base64
import json
from collections.abc import Awaitable, Callable
from typing import Any, cast

from emulator.appsync.auth.authentication import Authentication
from emulator.appsync.auth.callers import Caller
from emulator.appsync.auth.signatures import SignedRequest
from emulator.appsync.deployment import Deployment
from emulator.appsync.execution import Executor
from emulator.appsync.executor_cache import ExecutorCache
from emulator.appsync.realtime.endpoint import Realtime, Timing
from emulator.appsync.realtime.hub import Hub
from emulator.appsync.realtime.realtime_authentication import RealtimeAuthentication
from emulator.asgi import Message
from tests.emulator.support.data_plane import USER, executor_of

HEADERS = {"host": "localhost:1", "authorization": "anything"}


class Everybody:
    """Authenticates every client as the same caller."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def caller(self, _deployment: Deployment, _request: SignedRequest, *, source_ip: str) -> Caller:
        assert source_ip
        return self._caller


class Deployed:
    """Returns one deployment for every API. During an outage it fails."""

    def __init__(self, executor: Executor, outage: Callable[[], bool]) -> None:
        self._executor = executor
        self._outage = outage

    async def get(self, _api_id: str) -> Executor:
        if self._outage():
            raise OSError("the control plane doesn't answer")
        return self._executor


class Client:
    """One connection. `sent` holds the server's messages, `closed` its closing message, until it is `gone`."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.closed: Message | None = None
        self.gone = False
        self.reading = asyncio.Event()
        self.reading.set()
        self._events: asyncio.Queue[Message] = asyncio.Queue()
        self._news = asyncio.Event()
        self._events.put_nowait({"type": "websocket.connect"})

    async def receive(self) -> Message:
        return await self._events.get()

    async def send(self, message: Message) -> None:
        if self.gone:
            raise OSError("the client is gone")
        if message["type"] == "websocket.send":
            await self.reading.wait()
            message["text"].encode()  # as a socket does
            self.sent.append(json.loads(message["text"]))
        elif message["type"] == "websocket.close":
            self.closed = message
        self._news.set()

    def say(self, **message: Any) -> None:
        self._events.put_nowait({"type": "websocket.receive", "text": json.dumps(message)})

    def start(self, query: str, *, id_: str = "1") -> None:
        self.start_with(json.dumps({"query": query}), id_=id_)

    def start_with(self, data: str, *, id_: str) -> None:
        self.say(id=id_, type="start", payload={"data": data, "extensions": {"authorization": HEADERS}})

    def leave(self) -> None:
        self._events.put_nowait({"type": "websocket.disconnect", "code": 1000})

    async def until(self, done: Callable[["Client"], object]) -> None:
        """Wait until the condition holds, which is checked after each message of the server."""
        async with asyncio.timeout(5):
            while not done(self):
                self._news.clear()
                await self._news.wait()

    def heard(self, kind: str) -> list[dict[str, Any]]:
        return [message for message in self.sent if message["type"] == kind]


Scenario = Callable[[Client, Hub, Executor], Awaitable[None]]


def run_scenario(
    deployed: Deployment,
    scenario: Scenario,
    *,
    timing: Timing | None = None,
    caller: Caller = USER,
    outage: Callable[[], bool] = lambda: False,
) -> Client:
    """Run a scenario with a connected client; return the client when the connection has ended."""

    async def play() -> Client:
        hub, client = Hub(), Client()
        executor = executor_of(deployed, publish=hub.publish)
        authentication = RealtimeAuthentication(cast(Authentication, Everybody(caller)))
        executors = cast(ExecutorCache, Deployed(executor, outage))
        realtime = Realtime(executors=executors, authentication=authentication, hub=hub, timing=timing)
        query = f"header={base64.b64encode(json.dumps(HEADERS).encode()).decode()}&payload=e30="
        scope = {
            "type": "websocket",
            "path": "/appsync/api/graphql/realtime",
            "query_string": query.encode(),
            "subprotocols": ["graphql-ws"],
            "headers": [(b"host", b"localhost:1")],
        }
        serving = asyncio.create_task(realtime(scope, client.receive, client.send))
        async with asyncio.timeout(10):
            await scenario(client, hub, executor)
            client.leave()
            await serving
        return client

    return asyncio.run(play())
