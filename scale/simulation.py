"""Simulates the queue with its workers, and the stream with its announcers, by a clock of its own."""

import heapq
from collections import deque
from collections.abc import Callable, Generator
from dataclasses import dataclass
from random import Random
from typing import Any

import simpy

from scale import parameters
from scale.parameters import News

Process = Generator[simpy.Event, Any, None]
# Arrivals are handed over so often: simpy's own work stays small.
_TICK_SECONDS = 0.01


@dataclass(frozen=True)
class SimulationResult:
    """The result of a run: orders that still wait and that were done, the longest wait, and how many were busy."""

    waiting: int
    longest_seconds: float
    done: int
    busy: float


@dataclass(frozen=True)
class Announcer:
    """The way in which the changes of a stream are announced."""

    shards: int
    batches_at_once: int
    side_by_side: int
    news: tuple[News, ...] = parameters.PAID_AT_ONCE

    @property
    def lanes(self) -> int:
        """The number of batches that are at work at once. Lambda gives each order to one of them."""
        return self.shards * self.batches_at_once

    def keeps_up_to(self) -> float:
        """Return the orders a second that full batches carry, by hand: no call is slower than another."""
        changes, calls = sum(one.changes for one in self.news), sum(one.calls for one in self.news)
        calls_a_batch = calls * parameters.CHANGES_A_BATCH / changes
        seconds = calls_a_batch * parameters.CALL_SECONDS / self.side_by_side
        if self.side_by_side > 1:
            seconds = max(seconds, calls_a_batch * parameters.PROCESSOR_SECONDS / parameters.VCPU)
        return self.lanes * parameters.CHANGES_A_BATCH / changes / (parameters.INVOCATION_SECONDS + seconds)


def simulate_queue(orders_a_second: float, workers: int, *, seconds: float, from_nothing: bool) -> SimulationResult:
    """Start a workflow for each order. `from_nothing`: Lambda begins with five workers and adds as fast as it does."""
    random, environment = Random(parameters.SEED), simpy.Environment()
    hints: deque[float] = deque()
    idle: list[simpy.Event] = []
    longest = done = busy = 0.0

    def arrive(count: int) -> None:
        hints.extend([environment.now] * count)
        for _ in range(min(count, len(idle))):
            idle.pop().succeed()

    def work(number: int) -> Process:
        nonlocal longest, done, busy
        if from_nothing:
            grown = max(0, number + 1 - parameters.POLLERS_AT_FIRST) / parameters.POLLERS_A_SECOND
            yield environment.timeout(grown)
        while True:
            while not hints:
                idle.append(environment.event())
                yield idle[-1]
            batch = [hints.popleft() for _ in range(min(len(hints), parameters.HINTS_A_BATCH))]
            longest = max(longest, environment.now - batch[0])
            takes = parameters.INVOCATION_SECONDS + sum(_call_seconds(random) for _ in batch)
            yield environment.timeout(takes)
            done, busy = done + len(batch), busy + takes

    environment.process(_let_orders_arrive(environment, orders_a_second, arrive, random))
    for number in range(workers):
        environment.process(work(number))
    environment.run(until=seconds)
    longest = max(longest, seconds - hints[0] if hints else 0.0)
    return SimulationResult(len(hints), longest, int(done), busy / seconds)


def simulate_stream(orders_a_second: float | None, announcer: Announcer, *, seconds: float) -> SimulationResult:
    """Announce each order. Without a rate there is always more to announce: what is done is what it can do.

    An order's news are in the stream at once, which is the slowest case: they share a batch, one after the other.
    """
    random, environment = Random(parameters.SEED), simpy.Environment()
    lanes: list[deque[tuple[float, News]]] = [deque() for _ in range(announcer.lanes)]
    longest = done = busy = 0.0

    def arrive(count: int) -> None:
        for _ in range(count):
            random.choice(lanes).extend((environment.now, news) for news in announcer.news)

    def announce(lane: deque[tuple[float, News]]) -> Process:
        nonlocal longest, done, busy
        # Lambda reads the shards at different moments.
        yield environment.timeout(random.random() * parameters.POLL_SECONDS)
        while True:
            while orders_a_second is None and len(lane) < parameters.CHANGES_A_BATCH:
                lane.extend((environment.now, news) for news in announcer.news)
            if not lane:
                yield environment.timeout(parameters.POLL_SECONDS)
                continue
            first, batch = lane[0][0], _take_batch(lane)
            takes = _batch_seconds(batch, announcer.side_by_side, random)
            yield environment.timeout(takes)
            longest = max(longest, environment.now - first)
            done, busy = done + len(batch) / len(announcer.news), busy + takes

    if orders_a_second is not None:
        environment.process(_let_orders_arrive(environment, orders_a_second, arrive, random))
    for lane in lanes:
        environment.process(announce(lane))
    environment.run(until=seconds)
    waiting = sum(map(len, lanes)) // len(announcer.news)
    longest = max(longest, *(seconds - lane[0][0] for lane in lanes if lane), 0.0)
    return SimulationResult(waiting, longest, int(done), busy / seconds)


def _take_batch(lane: deque[tuple[float, News]]) -> list[News]:
    batch: list[News] = []
    while lane and sum(news.changes for news in batch) + lane[0][1].changes <= parameters.CHANGES_A_BATCH:
        batch.append(lane.popleft()[1])
    return batch


def _batch_seconds(batch: list[News], side_by_side: int, random: Random) -> float:
    """Return how long a batch takes: until the last thread is through, and until the processor is."""
    threads = [0.0] * side_by_side
    for news in batch:
        heapq.heapreplace(threads, threads[0] + sum(_call_seconds(random) for _ in range(news.calls)))
    # One after the other, the processor works while nothing is waited for: that is in the call's time.
    processor = sum(news.calls for news in batch) * parameters.PROCESSOR_SECONDS / parameters.VCPU
    return parameters.INVOCATION_SECONDS + max(*threads, processor if side_by_side > 1 else 0.0)


def _call_seconds(random: Random) -> float:
    return parameters.CALL_SECONDS * (0.5 + 0.5 * random.expovariate(1))


def _let_orders_arrive(
    environment: simpy.Environment, orders_a_second: float, arrive: Callable[[int], None], random: Random
) -> Process:
    """Let orders arrive at random, as many on average as the rate says."""
    following = random.expovariate(orders_a_second)
    while True:
        yield environment.timeout(_TICK_SECONDS)
        count = 0
        while following <= environment.now:
            count += 1
            following += random.expovariate(orders_a_second)
        arrive(count)
