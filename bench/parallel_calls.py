"""Make many customers' calls at once with little CPU: they share the machine with the server."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from environments.user_error import UserError

Variables = dict[str, Any]


class CallFailed(UserError):
    """The API answered a call of a measurement with errors."""


class Caller:
    """Calls one GraphQL API under one token."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session = session
        self._url = url

    async def execute(self, query: str, variables: Variables | None = None) -> dict[str, Any]:
        """Return the data of an answer; raises CallFailed."""
        async with self._session.post(self._url, json={"query": query, "variables": variables or {}}) as answer:
            body = await answer.json()
        if answer.status != 200 or body.get("errors"):
            raise CallFailed(f"{answer.status}: {str(body)[:300]}")
        return dict(body["data"])


@asynccontextmanager
async def calling(url: str, token: str, *, connections: int) -> AsyncIterator[Caller]:
    """Keep as many connections open as calls are made at once."""
    connector = aiohttp.TCPConnector(limit=connections, keepalive_timeout=30)
    async with aiohttp.ClientSession(connector=connector, headers={"authorization": token}) as session:
        yield Caller(session, url)


async def side_by_side(call: Callable[[], Awaitable[object]], *, times: int, concurrency: int) -> list[float]:
    """Make the call so many times, so many of them at once, and return the seconds that each took."""
    took: list[float] = []
    left = iter(range(times))

    async def one_after_another() -> None:
        for _ in left:
            began = time.perf_counter()
            await call()
            took.append(time.perf_counter() - began)

    await asyncio.gather(*(one_after_another() for _ in range(concurrency)))
    return took
