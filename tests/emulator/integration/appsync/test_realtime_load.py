"""Many subscribers, some of them slow: the numbers that the local run promises."""

import asyncio
import json
import time
from contextlib import AsyncExitStack
from typing import Any

import httpx
import psutil
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from local.server_process import Server
from tests.emulator.integration.appsync.conftest import create_pool
from tests.emulator.support.deployed_api import Api, answering, create_api
from tests.emulator.support.websocket_client import PROTOCOL, encoded, host_of

SDL = """
type Note { id: String!  text: String! }
type Query { note: Note }
type Mutation { say(id: String!, text: String!): Note }
type Subscription { onNote(id: String): Note @aws_subscribe(mutations: ["say"]) }
schema { query: Query mutation: Mutation subscription: Subscription }
"""
SAY = "mutation Say($id: String!, $text: String!) { say(id: $id, text: $text) { id text } }"
ON_NOTE = "subscription On($id: String) { onNote(id: $id) { id text } }"
CONNECTIONS = 1000
GROWTH_BYTES = 300 * 1024 * 1024


@pytest.fixture(scope="module")
def api(server: Server) -> tuple[Api, str]:
    """An API, and a user's token for it."""
    pool = create_pool(server.client("cognito-idp"), "crowd")
    api = create_api(server, SDL, **pool.settings())
    api.resolver("Mutation.say", answering("ctx.args"))
    return api, pool.sign_in("ada")["IdToken"]


async def subscribed(stack: AsyncExitStack, api: tuple[Api, str], id_: str, **options: Any) -> ClientConnection:
    """Connect, and subscribe to the notes with an id."""
    url, headers = api[0].url, {"host": host_of(api[0].url), "Authorization": api[1]}
    address = f"{url.replace('http', 'ws', 1)}/realtime?header={encoded(headers)}&payload=e30="
    options = {"subprotocols": [PROTOCOL], "proxy": None, "open_timeout": 60, "close_timeout": 1, **options}
    socket = await stack.enter_async_context(connect(address, **options))
    data = json.dumps({"query": ON_NOTE, "variables": {"id": id_}})
    await socket.send(json.dumps({"type": "connection_init"}))
    start = {"data": data, "extensions": {"authorization": headers}}
    await socket.send(json.dumps({"id": "1", "type": "start", "payload": start}))
    while json.loads(await socket.recv())["type"] != "start_ack":
        pass
    return socket


async def say(api: tuple[Api, str], client: httpx.AsyncClient, id_: str, text: str) -> None:
    body = {"query": SAY, "variables": {"id": id_, "text": text}}
    answer = await client.post(api[0].url, json=body, headers={"authorization": api[1]}, timeout=30)
    assert "errors" not in answer.json(), answer.text


async def text_heard(socket: ClientConnection) -> str:
    """Return the text of the next note."""
    async with asyncio.timeout(30):
        while (message := json.loads(await socket.recv()))["type"] != "data":
            pass
    return str(message["payload"]["data"]["onNote"]["text"])


def test_a_thousand_connections_stay_under_300_megabytes(server: Server, api: tuple[Api, str]) -> None:
    process = psutil.Process(server.process.pid)

    async def story() -> tuple[int, list[str]]:
        async with AsyncExitStack() as stack:
            first = await subscribed(stack, api, "warm")
            client = await stack.enter_async_context(httpx.AsyncClient())
            await say(api, client, "warm", "up")
            assert await text_heard(first) == "up"
            before = process.memory_info().rss
            gate = asyncio.Semaphore(20)

            async def one() -> ClientConnection:
                async with gate:
                    return await subscribed(stack, api, "crowd")

            everybody = await asyncio.gather(*(one() for _ in range(CONNECTIONS)))
            await say(api, client, "crowd", "hello")
            heard = await asyncio.gather(*(text_heard(socket) for socket in everybody))
            return process.memory_info().rss - before, heard

    growth, heard = asyncio.run(story())

    print(f"{CONNECTIONS} connections: {growth / CONNECTIONS / 1024:.0f} KB each")
    assert heard == ["hello"] * CONNECTIONS
    assert growth < GROWTH_BYTES


def test_who_does_not_read_is_disconnected_and_holds_nobody_up(api: tuple[Api, str]) -> None:
    text, times = "x" * 100_000, 150  # more than the network and the outbox take

    async def story() -> tuple[list[str], float, int | None]:
        async with AsyncExitStack() as stack:
            client = await stack.enter_async_context(httpx.AsyncClient())
            lazy = await subscribed(stack, api, "flood", max_queue=1)
            quick = await subscribed(stack, api, "flood")
            hearing = asyncio.create_task(hear_all(quick))
            slowest = 0.0
            for number in range(times):
                began = time.monotonic()
                await say(api, client, "flood", f"{number} {text}")
                slowest = max(slowest, time.monotonic() - began)
            heard = await hearing
            return heard, slowest, await close_code(lazy)

    async def hear_all(socket: ClientConnection) -> list[str]:
        return [(await text_heard(socket)).split()[0] for _ in range(times)]

    async def close_code(socket: ClientConnection) -> int | None:
        try:
            async with asyncio.timeout(30):
                while True:
                    await socket.recv()
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else None

    heard, slowest, code = asyncio.run(story())

    assert heard == [str(number) for number in range(times)]
    assert slowest < 2
    assert code == 1008


def test_whoever_listens_when_the_server_stops_is_told(server: Server, api: tuple[Api, str]) -> None:
    async def story() -> tuple[int, str]:
        async with AsyncExitStack() as stack:
            socket = await subscribed(stack, api, "last")
            stopping = asyncio.create_task(asyncio.to_thread(server.stop))
            with pytest.raises(ConnectionClosed) as closed:
                await socket.recv()
            await stopping
            assert closed.value.rcvd is not None
            return closed.value.rcvd.code, closed.value.rcvd.reason

    told = asyncio.run(story())

    assert told == (1001, "the server stops")
    assert server.process.returncode == 0
