"""The operations of the API, and the calls of AWS underneath each of them sent without AppSync."""

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack
from functools import partial
from typing import Any

import aiohttp

from bench.emulator_calls import BareCalls, table_and_queue
from bench.flow import CUSTOMERS_MAX, PAGE, PIZZA, POST, all_final
from bench.interleaved_rounds import Figures, in_turns
from bench.parallel_calls import Caller, calling, side_by_side
from bench.result_tables import percentile, ratios, table, told
from bench.run_under_test import RunUnderTest
from bench.stored_orders import StoredOrders, like

ORDER = "query Order($id: String!) { order(id: $id) { id name quantity total currency status version } }"
MENU = "query Menu($id: String!) { menu(restaurantId: $id) { name unitPrice currency available } }"
RESTAURANTS = "query Restaurants { restaurants { id } }"
OPERATIONS = ("order", "orders", "menu", "restaurants", "postOrder")
ORDERS_STORED = 100  # of each customer, and as many are listed
PERCENTS = (50, 95, 99)
_LATER_CALLS_SECONDS = 1.0  # orders that were just placed go on for a while
Call = Callable[[], Awaitable[object]]


def measure(run: RunUnderTest, *, calls: int, concurrency: Sequence[int], rounds: int) -> dict[int, Figures]:
    """Make each call, and the calls underneath; return the figures by concurrency."""
    one_round = {str(many): partial(_measure_round, run, calls=calls, concurrency=many) for many in concurrency}
    return {int(many): figures for many, figures in in_turns(one_round, rounds).items()}


def tables(measured: dict[int, Figures]) -> str:
    """Return a table for each concurrency, and one of its rates over those at the concurrency before."""
    made = [_table(many, figures) for many, figures in measured.items()]
    return "\n\n".join([*made, _rates(measured)] if len(measured) > 1 else made)


def _table(concurrency: int, figures: Figures) -> str:
    heads = [f"API, {concurrency} at once", *(f"p{percent}, ms" for percent in PERCENTS), "calls a second"]
    heads += ["underneath: p50, ms", "calls a second", "p50 / underneath"]
    rows = []
    for name in OPERATIONS:
        p50, underneath = figures[_figure(name, "p50")], figures[_figure(_underneath(name), "p50")]
        cells = [told(figures[_figure(name, f"p{percent}")]) for percent in PERCENTS]
        cells += [told(figures[_figure(name, "rate")]), told(underneath)]
        cells += [told(figures[_figure(_underneath(name), "rate")]), told(ratios(p50, underneath))]
        rows.append([name, *cells])
    return table(heads, rows)


def _rates(measured: dict[int, Figures]) -> str:
    pairs = list(itertools.pairwise(measured))
    rows = []
    for name in (name for operation in OPERATIONS for name in (operation, _underneath(operation))):
        rates = {many: figures[_figure(name, "rate")] for many, figures in measured.items()}
        rows.append([name, *(told(ratios(rates[many], rates[few])) for few, many in pairs)])
    return table(["API", *(f"rate at {many} / at {few}" for few, many in pairs)], rows)


def _measure_round(run: RunUnderTest, *, calls: int, concurrency: int) -> dict[str, float]:
    return asyncio.run(_one_round(run, calls=calls, concurrency=concurrency))


async def _one_round(run: RunUnderTest, *, calls: int, concurrency: int) -> dict[str, float]:
    figures: dict[str, float] = {}
    stored = StoredOrders(run.outputs)
    customers = [await asyncio.to_thread(run.new_customer) for _ in range(min(concurrency, CUSTOMERS_MAX))]
    async with AsyncExitStack() as opened:
        callers = [
            await opened.enter_async_context(calling(run.graphql_url, one.token, connections=concurrency))
            for one in customers
        ]
        session = await opened.enter_async_context(aiohttp.ClientSession())
        bare = BareCalls(run, session, *opened.enter_context(table_and_queue(run)))
        placed = [(await caller.execute(POST, PIZZA))["postOrder"]["id"] for caller in callers]
        for caller in callers:
            await all_final(caller, 1)
        rows = [stored.row(one.user_id, id_) for one, id_ in zip(customers, placed, strict=True)]
        opened.callback(stored.remove)
        for row, one in zip(rows, customers, strict=True):
            stored.add(like(row, user_id=one.user_id) for _ in range(ORDERS_STORED - 1))
        underneath = bare.of(rows[0])
        for name, operation in _operations(callers, placed).items():
            for called, call in ((_underneath(name), underneath[name]), (name, operation)):
                await side_by_side(call, times=concurrency, concurrency=concurrency)  # connections and caches
                figures |= await _measured(called, call, calls=calls, concurrency=concurrency)
        for number, caller in enumerate(callers):
            await all_final(caller, ORDERS_STORED + len(range(number, calls + concurrency, len(callers))))
        await asyncio.sleep(_LATER_CALLS_SECONDS)
    return figures


async def _measured(name: str, call: Call, *, calls: int, concurrency: int) -> dict[str, float]:
    began = time.perf_counter()
    took = await side_by_side(call, times=calls, concurrency=concurrency)
    seconds = time.perf_counter() - began
    return {
        **{_figure(name, f"p{percent}"): percentile(took, percent) * 1000 for percent in PERCENTS},
        _figure(name, "rate"): calls / seconds,
    }


def _operations(callers: Sequence[Caller], ids: Sequence[str]) -> dict[str, Call]:
    """Return the operations, each by one customer after the other."""
    asked: dict[str, tuple[str, Sequence[dict[str, Any]]]] = {
        "order": (ORDER, [{"id": id_} for id_ in ids]),
        "orders": (PAGE, [{}] * len(callers)),
        "menu": (MENU, [{"id": PIZZA["input"]["restaurantId"]}] * len(callers)),
        "restaurants": (RESTAURANTS, [{}] * len(callers)),
        "postOrder": (POST, [PIZZA] * len(callers)),  # last: what it starts goes on behind
    }
    return {name: _in_turn(callers, query, variables) for name, (query, variables) in asked.items()}


def _in_turn(callers: Sequence[Caller], query: str, variables: Sequence[dict[str, Any]]) -> Call:
    turns: Iterator[tuple[Caller, dict[str, Any]]] = itertools.cycle(list(zip(callers, variables, strict=True)))

    def call() -> Awaitable[object]:
        caller, given = next(turns)
        return caller.execute(query, given)

    return call


def _underneath(operation: str) -> str:
    return f"underneath {operation}"


def _figure(name: str, what: str) -> str:
    return f"{name}: {what}"
