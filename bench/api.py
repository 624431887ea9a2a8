"""The operations of the API, and the bare calls of DynamoDB that are underneath."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from bench.customers import Caller, calling, side_by_side
from bench.figures import percentile
from bench.flow import PAGE, PIZZA, POST
from bench.run_under_test import Figures, RunUnderTest, in_turns
from local.deploy import client

ORDER = "query Order($id: String!) { order(id: $id) { id name quantity total currency status version } }"
MENU = "query Menu($id: String!) { menu(restaurantId: $id) { name unitPrice currency available } }"
RESTAURANTS = "query Restaurants { restaurants { id } }"
ORDERS_STORED = 100
Call = Callable[[], Awaitable[object]]


def measure(runs: Sequence[RunUnderTest], *, calls: int, concurrency: int, rounds: int) -> dict[str, Figures]:
    """Make each call on each run; return what `in_turns` does."""
    return in_turns(runs, rounds, lambda run: _one_round(run, calls=calls, concurrency=concurrency))


async def _one_round(run: RunUnderTest, *, calls: int, concurrency: int) -> dict[str, float]:
    token = await asyncio.to_thread(run.new_customer_token)
    figures: dict[str, float] = {}
    async with calling(run.graphql_url, token, connections=concurrency) as caller:
        placed = [await caller.execute(POST, PIZZA) for _ in range(ORDERS_STORED)]
        await asyncio.sleep(2)  # until the last of them is announced
        for name, call in {**_operations(caller, placed[0]["postOrder"]["id"]), **_underneath(run)}.items():
            await side_by_side(call, times=concurrency, concurrency=concurrency)  # connections and caches
            before, began = run.cost(), time.perf_counter()
            took = await side_by_side(call, times=calls, concurrency=concurrency)
            seconds = time.perf_counter() - began
            for percent in (50, 95, 99):
                figures[f"{name}: p{percent}, ms"] = percentile(took, percent) * 1000
            figures[f"{name}: calls a second"] = calls / seconds
            figures[f"{name}: processor time, ms"] = run.cost().since(before).main_seconds / calls * 1000
    return figures


def _operations(caller: Caller, id_: str) -> dict[str, Call]:
    asked: dict[str, tuple[str, dict[str, Any]]] = {
        "order": (ORDER, {"id": id_}),
        "orders (100)": (PAGE, {}),
        "menu": (MENU, {"id": PIZZA["input"]["restaurantId"]}),
        "restaurants": (RESTAURANTS, {}),
        "postOrder": (POST, PIZZA),  # last: what it starts goes on behind
    }
    return {name: _graphql(caller, *given) for name, given in asked.items()}


def _graphql(caller: Caller, query: str, variables: dict[str, Any]) -> Call:
    return lambda: caller.execute(query, variables)


def _underneath(run: RunUnderTest) -> dict[str, Call]:
    dynamodb = client("dynamodb", run.outputs)
    key = {"restaurant_id": {"S": PIZZA["input"]["restaurantId"]}, "name": {"S": PIZZA["input"]["name"]}}

    async def get_item() -> object:
        return await asyncio.to_thread(dynamodb.get_item, TableName=run.outputs["menu_table"], Key=key)

    return {"GetItem (boto3)": get_item}
