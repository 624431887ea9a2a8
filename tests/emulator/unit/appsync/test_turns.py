"""Sharing the event loop: long work goes on in steps and rests as long as it worked."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from emulator.appsync.turns import LongWork, Turns


class Clock:
    """A clock on which only work takes time."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def work(self, seconds: float) -> None:
        self.now += seconds


def played(story: Callable[[LongWork, Clock, list[str]], Coroutine[Any, Any, None]]) -> list[str]:
    told: list[str] = []

    async def play() -> None:
        clock = Clock()
        await story(LongWork(clock), clock, told)

    asyncio.run(play())
    return told


async def work(turns: Turns, clock: Clock, told: list[str], name: str, *, times: int, seconds: float) -> None:
    async def once() -> None:
        async with turns.take():
            clock.work(seconds)
            told.append(name)

    await asyncio.gather(*(once() for _ in range(times)))


def test_little_work_is_done_at_once() -> None:
    async def story(long_work: LongWork, clock: Clock, told: list[str]) -> None:
        turns = Turns(long_work, free_seconds=0.01)
        await asyncio.gather(
            work(turns, clock, told, "a", times=9, seconds=0.001),
            work(Turns(long_work), clock, told, "b", times=1, seconds=0.001),
        )

    assert "".join(played(story)) == "aaaaaaaaab"


def test_long_work_lets_others_go_first_however_much_of_it_waits() -> None:
    async def story(long_work: LongWork, clock: Clock, told: list[str]) -> None:
        await asyncio.gather(
            work(Turns(long_work, free_seconds=0), clock, told, "a", times=100, seconds=0.001),
            work(Turns(long_work, free_seconds=0), clock, told, "b", times=3, seconds=0.001),
        )

    assert "".join(played(story)).rindex("b") < 20


def test_long_work_rests_as_long_as_it_worked() -> None:
    async def story(long_work: LongWork, clock: Clock, told: list[str]) -> None:
        slept: list[float] = []
        sleep = asyncio.sleep

        async def noted(seconds: float) -> None:
            slept.append(seconds)
            await sleep(0)

        asyncio.sleep = noted  # type: ignore[assignment]
        try:
            await work(Turns(long_work, free_seconds=0), clock, told, "a", times=12, seconds=0.002)
        finally:
            asyncio.sleep = sleep
        told.append(" ".join(f"{seconds:.3f}" for seconds in slept))

    assert played(story)[-1] == "0.006 0.006 0.006"


def test_fields_that_a_step_leads_to_belong_to_it_until_its_time_is_over() -> None:
    async def story(long_work: LongWork, _clock: Clock, told: list[str]) -> None:
        turns = Turns(long_work, free_seconds=0)
        told.append(str(turns.spend(1)))
        async with turns.step():
            told.extend([str(turns.spend(100)), str(turns.spend(1000))])
        told.append(str(turns.spend(1)))

    assert played(story) == ["False", "True", "False", "False"]


def test_a_step_that_is_called_off_lets_the_next_one_go() -> None:
    async def story(long_work: LongWork, clock: Clock, told: list[str]) -> None:
        waiting = asyncio.create_task(work(Turns(long_work, free_seconds=0), clock, told, "a", times=5, seconds=0.01))
        while not told:
            await asyncio.sleep(0)
        waiting.cancel()
        await work(Turns(long_work, free_seconds=0), clock, told, "b", times=2, seconds=0.01)

    assert "".join(played(story)).endswith("bb")
