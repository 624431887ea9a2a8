"""A client keeps a real server busy over HTTP and WebSocket.

Other clients get their answers meanwhile, and the server's memory stays small.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable

import httpx
import psutil
import pytest
from websockets.asyncio.client import connect

from local.server_process import Server
from tests.emulator.integration.appsync.conftest import create_pool
from tests.emulator.support.deployed_api import Api, create_api
from tests.emulator.support.hostile_queries import REQUESTS, RESOLVERS, SDL, SUBSCRIPTIONS
from tests.emulator.support.websocket_client import PROTOCOL, encoded, host_of

# Without limits, and work in small steps, each of these took the server seconds or gigabytes.
WORST = [
    "fragments that spread the next one twice",
    "the same below one field",
    "the same below aliases",
    "the same in introspection",
    "the same in a mutation",
    "aliases of resolvers that fit",
    "aliases in lists in a list",
    "aliases times aliases",
    "one field again and again",
    "introspection with aliases",
    "many values in a variable",
    "many values in AWSJSON",
]
GROWTH_BYTES = 150 * 1024 * 1024
Attack = Callable[[httpx.AsyncClient], Awaitable[list[str]]]


@pytest.fixture(scope="module")
def api(server: Server) -> tuple[Api, str]:
    """An API, and a user's token for it."""
    pool = create_pool(server.client("cognito-idp"), "attacked")
    api = create_api(server, SDL, **pool.settings())
    for place, code in RESOLVERS.items():
        api.resolver(place, code)
    return api, pool.sign_in("ada")["IdToken"]


async def attacked(server: Server, api: tuple[Api, str], attack: Attack) -> tuple[list[str], float, int]:
    """Run an attack on the server, while another client sends requests.

    Return the attack's answers, the slowest answer to the other client, and the growth in memory.
    """
    process, headers = psutil.Process(server.process.pid), {"authorization": api[1]}
    async with httpx.AsyncClient(timeout=60, headers=headers, trust_env=False) as client:

        async def ask_as_another() -> float:
            began = time.monotonic()
            answer = await client.post(api[0].url, json={"query": "{ node { id text } }"})
            assert answer.json() == {"data": {"node": {"id": "a", "text": "b"}}}
            return time.monotonic() - began

        await ask_as_another()
        before, slowest = process.memory_info().rss, 0.0
        attacking = asyncio.ensure_future(attack(client))
        while not attacking.done():
            slowest = max(slowest, await ask_as_another())
            await asyncio.sleep(0.01)
        return await attacking, slowest, process.memory_info().rss - before


def test_others_are_answered_while_hostile_requests_are_worked_on(server: Server, api: tuple[Api, str]) -> None:
    async def attack(client: httpx.AsyncClient) -> list[str]:
        answers = await asyncio.gather(*(client.post(api[0].url, json=REQUESTS[name].body) for name in WORST))
        return [answer.text for answer in answers if answer.status_code >= 500]

    failed, slowest, growth = asyncio.run(attacked(server, api, attack))

    print(f"slowest answer {slowest:.3f} s, {growth // 1024 // 1024} MB more")
    assert failed == []
    assert slowest < 2
    assert growth < GROWTH_BYTES


def test_others_are_answered_while_hostile_subscriptions_are_worked_on(server: Server, api: tuple[Api, str]) -> None:
    async def attack(client: httpx.AsyncClient) -> list[str]:
        headers = {"host": host_of(api[0].url), "Authorization": api[1]}
        address = f"{api[0].url.replace('http', 'ws', 1)}/realtime?header={encoded(headers)}&payload=e30="
        waiting = {str(number) for number in range(len(SUBSCRIPTIONS) + len(WORST))}
        failed = []
        async with connect(address, subprotocols=[PROTOCOL], proxy=None, close_timeout=1) as socket:
            for id_, hostile in zip(sorted(waiting), [*SUBSCRIPTIONS.values(), *map(REQUESTS.get, WORST)], strict=True):
                assert hostile is not None
                start = {"data": json.dumps(hostile.body), "extensions": {"authorization": headers}}
                await socket.send(json.dumps({"id": id_, "type": "start", "payload": start}))
            while waiting:
                message = json.loads(await socket.recv())
                waiting.discard(message.get("id"))
                failed += [json.dumps(message)] * ("InternalFailure" in json.dumps(message))
            await client.post(api[0].url, json={"query": "mutation { make { id nodes { id } } }"})
            await socket.recv()
        return failed

    failed, slowest, growth = asyncio.run(attacked(server, api, attack))

    print(f"slowest answer {slowest:.3f} s, {growth // 1024 // 1024} MB more")
    assert failed == []
    assert slowest < 2
    assert growth < GROWTH_BYTES
