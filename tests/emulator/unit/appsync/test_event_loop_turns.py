"""Sharing the event loop: long work is done in steps, with pauses as long as the steps."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from emulator.appsync.event_loop_turns import FREE_SECONDS, LongWork, Turns


class Clock:
    """A clock on which only work takes time."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def work(self, seconds: float) -> None:
        self.now += seconds


def played(scenario: Callable[[LongWork, Clock, list[str]], Coroutine[Any, Any, None]]) -> list[str]:
    told: list[str] = []

    async def play() -> None:
        clock = Clock()
        await scenario(LongWork(clock), clock, told)

    asyncio.run(play())
    return told


async def work(turns: Turns, clock: Clock, told: list[str], name: str, *, times: int, seconds: float) -> None:
    async def once() -> None:
        async with turns.take():
            clock.work(seconds)
            told.append(name)

    await asyncio.gather(*(once() for _ in range(times)))


def tired(long_work: LongWork, caller: str) -> Turns:
    """Return the turns of a caller who has used up their time, and gets no more in this test."""
    turns = long_work.turns(caller)
    turns.allowance.take(1000)
    return turns


def test_little_work_is_done_at_once() -> None:
    async def scenario(long_work: LongWork, clock: Clock, told: list[str]) -> None:
        await asyncio.gather(
            work(long_work.turns("a"), clock, told, "a", times=9, seconds=0.001),
            work(long_work.turns("b"), clock, told, "b", times=1, seconds=0.001),
        )

    assert "".join(played(scenario)) == "aaaaaaaaab"


def test_the_requests_of_one_caller_have_one_allowance() -> None:
    async def scenario(long_work: LongWork, clock: Clock, told: list[str]) -> None:
        many = [work(long_work.turns("a"), clock, told, "a", times=1, seconds=0.005) for _ in range(40)]
        await asyncio.gather(*many, work(long_work.turns("b"), clock, told, "b", times=1, seconds=0.001))

    assert "".join(played(scenario)).index("b") <= 6


def test_an_allowance_comes_back_with_time() -> None:
    async def scenario(long_work: LongWork, clock: Clock, told: list[str]) -> None:
        turns = long_work.turns("a")
        await work(turns, clock, told, "a", times=1, seconds=0.1)
        told.append(str(turns.may_go_on))
        clock.work(10)
        told.append(str(turns.may_go_on))

    assert played(scenario) == ["a", "False", "True"]


def test_long_work_lets_others_go_first_however_much_of_it_waits() -> None:
    async def scenario(long_work: LongWork, clock: Clock, told: list[str]) -> None:
        await asyncio.gather(
            work(tired(long_work, "a"), clock, told, "a", times=100, seconds=0.001),
            work(tired(long_work, "b"), clock, told, "b", times=3, seconds=0.001),
        )

    assert "".join(played(scenario)).rindex("b") < 20


def test_long_work_rests_as_long_as_it_worked() -> None:
    async def scenario(long_work: LongWork, clock: Clock, told: list[str]) -> None:
        slept: list[float] = []
        sleep = asyncio.sleep

        async def noted(seconds: float) -> None:
            slept.append(seconds)
            await sleep(0)

        asyncio.sleep = noted  # type: ignore[assignment]
        try:
            await work(tired(long_work, "a"), clock, told, "a", times=12, seconds=0.002)
        finally:
            asyncio.sleep = sleep
        told.append(" ".join(f"{seconds:.3f}" for seconds in slept))

    assert played(scenario)[-1] == "0.006 0.006 0.006"


def test_callers_take_turns_however_many_requests_one_has() -> None:
    async def scenario(long_work: LongWork, clock: Clock, told: list[str]) -> None:
        flood = [work(tired(long_work, "a"), clock, told, "a", times=3, seconds=0.004) for _ in range(40)]
        flooding = asyncio.gather(*flood)
        while len(told) < 5:
            await asyncio.sleep(0)
        before = len(told)
        await work(tired(long_work, "b"), clock, told, "b", times=3, seconds=0.004)
        told.append(str(told[before:].count("a")))
        await flooding

    assert int(next(text for text in played(scenario) if text.isdigit())) <= 5


def test_work_that_a_step_leads_to_belongs_to_it_until_its_time_is_over() -> None:
    async def scenario(long_work: LongWork, clock: Clock, told: list[str]) -> None:
        turns = tired(long_work, "a")
        told.append(str(turns.may_go_on))
        async with turns.step():
            for _ in range(3):
                with turns.timed():
                    clock.work(0.002)
                told.append(str(turns.may_go_on))
        told.append(str(turns.may_go_on))

    assert played(scenario) == ["False", "True", "True", "False", "False"]


def test_work_within_work_is_timed_once() -> None:
    async def scenario(long_work: LongWork, clock: Clock, told: list[str]) -> None:
        turns = long_work.turns("a")
        async with turns.take():
            for _ in range(2):
                with turns.timed():
                    clock.work(0.002)
            clock.work(0.001)
        told.append(str(FREE_SECONDS - turns.allowance.left_seconds))

    assert 0.004 < float(played(scenario)[0]) <= 0.005  # some of it has come back already


def test_a_step_that_is_called_off_lets_the_next_one_go() -> None:
    async def scenario(long_work: LongWork, clock: Clock, told: list[str]) -> None:
        waiting = asyncio.create_task(work(tired(long_work, "a"), clock, told, "a", times=5, seconds=0.01))
        while not told:
            await asyncio.sleep(0)
        waiting.cancel()
        await work(tired(long_work, "b"), clock, told, "b", times=2, seconds=0.01)

    assert "".join(played(scenario)).endswith("bb")
