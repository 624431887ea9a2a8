"""The flow of orders: from the call to the final state, at so many calls at once, and one order alone."""

import asyncio
import itertools
import statistics
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from functools import partial
from typing import Any

from bench.interleaved_rounds import Figures, in_turns
from bench.parallel_calls import Caller, calling, side_by_side
from bench.result_tables import percentile
from bench.run_under_test import RunUnderTest
from environments.user_error import UserError

POST = "mutation Post($input: OrderInput!) { postOrder(input: $input) { id status total } }"
ORDER = "query Order($id: String!) { order(id: $id) { status } }"
PAGE = "query Page($after: String) { orders(first: 100, after: $after) { id status } }"
PIZZA = {"input": {"name": "Margherita", "quantity": 2, "restaurantId": "trattoria-roma"}}
FINAL = {"PAID", "FAILED", "CANCELLED"}
CUSTOMERS_MAX = 8  # the data plane serves one customer who asks for a lot after the others
_WARM_UP_ORDERS = 100
_LOOK_SECONDS = 0.1
_SINGLE_LOOK_SECONDS = 0.005
_GIVE_UP_SECONDS = 300  # however busy the machine is
# Topic and subscribers are told after the row is final: that work belongs to the order.
_ANNOUNCED_SECONDS = 1.0


class NotFinished(UserError):
    """Orders weren't final in time."""


def measure(runs: Sequence[RunUnderTest], *, orders: int, concurrency: int, rounds: int) -> dict[str, Figures]:
    """Place the orders on each run; return what `in_turns` does."""
    for run in runs:
        one_round(run, orders=min(orders, _WARM_UP_ORDERS), concurrency=concurrency)
    return in_turns({run.name: partial(one_round, run, orders=orders, concurrency=concurrency) for run in runs}, rounds)


def one_round(run: RunUnderTest, *, orders: int, concurrency: int) -> dict[str, float]:
    """Place the orders on a run, wait until they are final, then place some alone; return the figures."""
    return asyncio.run(_one_round(run, orders=orders, concurrency=concurrency))


async def _one_round(run: RunUnderTest, *, orders: int, concurrency: int) -> dict[str, float]:
    customers = min(concurrency, CUSTOMERS_MAX)
    tokens = [(await asyncio.to_thread(run.new_customer)).token for _ in range(customers)]
    async with AsyncExitStack() as open_connections:
        callers = [
            await open_connections.enter_async_context(calling(run.graphql_url, token, connections=concurrency))
            for token in tokens
        ]
        turns = itertools.cycle(callers)
        before, began = run.cost(), time.perf_counter()
        took = await side_by_side(lambda: next(turns).execute(POST, PIZZA), times=orders, concurrency=concurrency)
        for number, caller in enumerate(callers):
            await all_final(caller, len(range(number, orders, customers)))
        seconds = time.perf_counter() - began
        await asyncio.sleep(_ANNOUNCED_SECONDS)
        cost = run.cost().since(before)
    alone = await _alone(run)
    return {
        "orders a second": orders / seconds,
        "postOrder p50, ms": statistics.median(took) * 1000,
        "postOrder p95, ms": percentile(took, 95) * 1000,
        "processor time of the main process an order, ms": cost.main_seconds / orders * 1000,
        "processor time of all processes an order, ms": cost.all_seconds / orders * 1000,
        "one order alone until PAID, ms": alone * 1000,
        "memory of the main process, MB": run.resident_megabytes()[0],
        "memory of all processes, MB": run.resident_megabytes()[1],
    }


async def all_final(caller: Caller, orders: int) -> None:
    """Wait for the newest page, which is the last to be final, and then look at all pages."""
    deadline = time.perf_counter() + _GIVE_UP_SECONDS
    while time.perf_counter() < deadline:
        page = (await caller.execute(PAGE))["orders"]
        if _are_final(page) and _are_final(found := await _all_orders(caller, page)):
            if len(found) != orders:
                raise NotFinished(f"{orders} orders were placed, the list has {len(found)}")
            return
        await asyncio.sleep(_LOOK_SECONDS)
    raise NotFinished(f"not all of {orders} orders were final after {_GIVE_UP_SECONDS} s")


async def _all_orders(caller: Caller, page: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = list(page)
    while len(page) == 100:
        page = (await caller.execute(PAGE, {"after": page[-1]["id"]}))["orders"]
        found += page
    return found


def _are_final(orders: Sequence[dict[str, Any]]) -> bool:
    return all(order["status"] in FINAL for order in orders)


async def _alone(run: RunUnderTest, times: int = 10) -> float:
    """Return the median of the seconds from the call to PAID, on a system that does nothing else."""
    took = []
    token = (await asyncio.to_thread(run.new_customer)).token
    async with calling(run.graphql_url, token, connections=1) as caller:
        for _ in range(times):
            began = time.perf_counter()
            order = (await caller.execute(POST, PIZZA))["postOrder"]
            while (await caller.execute(ORDER, {"id": order["id"]}))["order"]["status"] not in FINAL:
                await asyncio.sleep(_SINGLE_LOOK_SECONDS)
            took.append(time.perf_counter() - began)
            await asyncio.sleep(_LOOK_SECONDS)
    return statistics.median(took)
