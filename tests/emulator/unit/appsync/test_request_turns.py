"""Every part of a request waits for its turn if the caller has used much time before."""

import asyncio
import inspect
import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from emulator.appsync.app import _answer
from emulator.appsync.auth.signatures import SignedRequest
from emulator.appsync.event_loop_turns import LongWork
from tests.emulator.support.data_plane import USER, deployment, executor_of

SDL = "type Query { node(id: ID): ID }"
CODE = """
export function request(ctx) { return { payload: ctx.args.id } }
export function response(ctx) { return ctx.args.id }
"""
QUERY = "query Node($id: ID) { node(id: $id) }"
PARTS = {
    "app._answer": 2,  # parse the body, write the answer
    "operation.read_operation": 2,  # count and coerce the variables; the query is known
    "execution.execute": 1,
    "request_execution.execute": 1,
    "request_execution._run": 1,
    "resolvers._evaluate": 2,  # request and response
}


class NotedWork(LongWork):
    """Counts the waits by the function that waited."""

    def __init__(self) -> None:
        super().__init__()
        self.waited: Counter[str] = Counter()

    @asynccontextmanager
    async def step(self) -> AsyncIterator[None]:
        modules = (f"{frame.frame.f_globals['__name__']}.{frame.function}" for frame in inspect.stack())
        here = (name for name in modules if name.startswith("emulator.appsync.") and ".event_loop_turns." not in name)
        self.waited[next(here).removeprefix("emulator.appsync.")] += 1
        async with super().step():
            yield


def test_all_parts_of_a_request_of_a_known_query_wait_in_line_for_who_has_worked_for_long() -> None:
    executor = executor_of(deployment(SDL, {"Query.node": CODE}))
    executor._long_work = work = NotedWork()
    body = json.dumps({"query": QUERY, "variables": {"id": "1"}}).encode()
    asked = SignedRequest(method="POST", path="/", query="", headers={}, body=body)

    async def scenario() -> bytes:
        turns = executor.turns(USER)  # a reference keeps the caller's allowance alive
        await _answer(executor, asked, USER)
        turns.allowance.take(1000)
        work.waited.clear()
        return await _answer(executor, asked, USER)

    answer = asyncio.run(scenario())

    assert work.waited == PARTS
    assert json.loads(answer) == {"data": {"node": "1"}}
