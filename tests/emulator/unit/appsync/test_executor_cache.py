"""The cache of deployed APIs, and the moments when it reads an API again."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from emulator.appsync.deployment import Deployment
from emulator.appsync.errors import RequestRefused
from emulator.appsync.executor_cache import ExecutorCache
from tests.emulator.support.data_plane import deployment

FIRST = deployment("type Query { a: String }", {})
SECOND = replace(FIRST, query_depth_limit=5)


class ControlPlane:
    """Returns the deployed API, as soon as `open` is set; counts its reads."""

    def __init__(self) -> None:
        self.deployed: Deployment | RequestRefused = FIRST
        self.reads = 0
        self.open = asyncio.Event()
        self.open.set()

    async def read(self, _api_id: str) -> Deployment:
        self.reads += 1
        await self.open.wait()
        if isinstance(self.deployed, RequestRefused):
            raise self.deployed
        return self.deployed


class Prepared:
    """A stand-in for an executor."""

    def __init__(self, deployed: Deployment) -> None:
        self.deployment = deployed


class World:
    """The cache under test, with a clock that the test sets."""

    def __init__(self) -> None:
        self.now = 0.0
        self.control_plane = ControlPlane()
        prepare: Any = Prepared
        self.executors = ExecutorCache(self.control_plane.read, prepare, clock=lambda: self.now)

    async def get(self) -> Any:
        executor = await self.executors.get("api")
        await asyncio.sleep(0)
        return executor


def test_requests_that_come_together_read_once() -> None:
    async def scenario() -> int:
        world = World()
        await asyncio.gather(*(world.get() for _ in range(5)))
        return world.control_plane.reads

    assert asyncio.run(scenario()) == 1


def test_a_running_api_is_renewed_without_anybody_waiting() -> None:
    async def scenario() -> list[Deployment]:
        world = World()
        await world.get()
        world.control_plane.deployed, world.now = SECOND, 2.5
        world.control_plane.open.clear()
        meanwhile = await world.get()
        world.control_plane.open.set()
        await asyncio.sleep(0.01)
        return [meanwhile.deployment, (await world.get()).deployment]

    assert asyncio.run(scenario()) == [FIRST, SECOND]


def test_after_a_pause_a_change_is_served_at_once() -> None:
    async def scenario() -> Deployment:
        world = World()
        await world.get()
        world.control_plane.deployed, world.now = SECOND, 60
        deployed: Deployment = (await world.get()).deployment
        return deployed

    assert asyncio.run(scenario()) == SECOND


def test_what_has_not_changed_is_not_prepared_again() -> None:
    async def scenario() -> tuple[Any, Any, int]:
        world = World()
        first = await world.get()
        world.control_plane.deployed, world.now = replace(FIRST), 60
        return first, await world.get(), world.control_plane.reads

    first, second, reads = asyncio.run(scenario())

    assert first is second
    assert reads == 2


def test_an_api_that_is_gone_is_refused_and_comes_back() -> None:
    async def scenario() -> Deployment:
        world = World()
        await world.get()
        world.control_plane.deployed, world.now = RequestRefused(404, "NotFoundException", "gone"), 60
        with pytest.raises(RequestRefused, match="gone"):
            await world.get()
        world.control_plane.deployed = SECOND
        deployed: Deployment = (await world.get()).deployment
        return deployed

    assert asyncio.run(scenario()) == SECOND
