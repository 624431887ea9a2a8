"""A full garbage collection waits for a quiet moment."""

import asyncio
import gc
from typing import Any, cast

import pytest
import uvicorn

from local import garbage_collection, server
from local.garbage_collection import is_due


@pytest.mark.parametrize(
    ("waiting", "busy_seconds", "due"),
    [(11, 0.0, True), (10, 0.0, False), (11, 0.3, False), (500, 0.3, False), (501, 0.3, True)],
)
def test_a_collection_is_due_in_a_quiet_moment_and_after_very_much_work(
    waiting: int, busy_seconds: float, due: bool
) -> None:
    assert is_due(waiting, busy_seconds) is due


def test_the_server_collects_in_quiet_moments_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[tuple[int, ...]] = []

    async def serve(*_: object, **__: object) -> None:
        monkeypatch.setattr(gc, "get_count", lambda: (0, 0, 11))
        monkeypatch.setattr(gc, "collect", lambda: looks.append(gc.get_threshold()))
        async with asyncio.timeout(5):
            while len(looks) < 2:
                await asyncio.sleep(0)

    monkeypatch.setattr(garbage_collection, "_LOOK_SECONDS", 0)
    monkeypatch.setattr(uvicorn.Server, "serve", serve)
    before = gc.get_threshold()
    asyncio.run(server.run(*cast(Any, (None, None, FakeEnding()))))

    assert looks[0] == (*before[:2], 1_000_000)
    assert gc.get_threshold() == before


class FakeEnding:
    """An end of the server that comes at once."""

    decided = asyncio.Event()

    def begin(self) -> None:
        raise NotImplementedError

    def finish(self) -> None:
        """End the server."""
