"""Requests made to keep the server busy: each ends, and others are served meanwhile."""

import asyncio
import gc
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from graphql import get_introspection_query, parse, validate

from emulator.appsync import graphql_request
from emulator.appsync.auth.access import Access
from emulator.appsync.auth.callers import Caller
from emulator.appsync.deployment import AuthMode
from emulator.appsync.errors import RequestRefused
from emulator.appsync.event_loop_turns import FREE_SECONDS, LongWork
from emulator.appsync.execution import Executor
from emulator.appsync.graphql_request import GraphQLRequest
from emulator.appsync.query_document import Document
from emulator.appsync.realtime.hub import Hub
from emulator.appsync.realtime.publications import published
from emulator.appsync.realtime.subscriptions import payload
from emulator.appsync.selection import selected_part
from emulator.appsync.sources.data_source import SourceAnswer
from emulator.appsync.stepwise_execution import StepwiseExecution
from emulator.asgi import Message
from tests.emulator.support.data_plane import USER, FakeSource, ask, deployment, executor_of
from tests.emulator.support.hostile_queries import DEPLOYED, REQUESTS, SUBSCRIPTIONS, Hostile, doubled, many
from tests.emulator.support.in_process_websocket import Client, run_scenario

INTROSPECTION = get_introspection_query(descriptions=True, specified_by_url=True, input_value_deprecation=True)
# The longest step on the event loop, as a multiple of the time for reading the introspection
# query. Reading the worst query takes 10 times as long. In CPU time, so that a busy machine
# doesn't count.
STEP = 25.0
NAMES = "{ name fields { name } }"


class Counting(dict[str, Any]):
    """Records the names that are looked up."""

    def __init__(self, found: dict[str, Any]) -> None:
        super().__init__(found)
        self.asked: list[str] = []

    def __getitem__(self, name: str) -> Any:
        self.asked.append(name)
        return super().__getitem__(name)


async def post(executor: Executor, hostile: Hostile, *, by: Caller = USER) -> dict[str, Any]:
    """Send a request as the body of a POST; return the body of the answer."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    try:
        asked = graphql_request.parse(json.dumps(hostile.body).encode())
        body = await executor.execute(asked, caller=by, request={})
    except RequestRefused as refused:
        await graphql_request.answer(send, refused.status, graphql_request.encoded(refused.body()))
    else:
        await graphql_request.answer(send, 200, graphql_request.encoded(body))
    answer: dict[str, Any] = json.loads(sent[1]["body"])
    return answer


@asynccontextmanager
async def measured(holds: list[float]) -> AsyncIterator[None]:
    """Measure each turn of the event loop."""

    async def beat() -> None:
        while True:
            began = time.thread_time()
            await asyncio.sleep(0)
            holds.append(time.thread_time() - began)

    # The collector would visit all objects that the tests have imported. The server avoids that.
    gc.disable()
    beating = asyncio.create_task(beat())
    await asyncio.sleep(0)
    try:
        yield
        await asyncio.sleep(0)
    finally:
        beating.cancel()
        gc.enable()


@pytest.fixture(scope="module")
def step_seconds() -> float:
    """Return the longest time that a step may take on this machine."""
    schema = executor_of(DEPLOYED).schema
    times = []
    for _ in range(5):
        began = time.thread_time()
        validate(schema, parse(INTROSPECTION))
        times.append(time.thread_time() - began)
    return min(times) * STEP


def texts(errors: list[dict[str, Any]]) -> list[str]:
    return [str(error["message"]) for error in errors]


@pytest.mark.parametrize("name", REQUESTS)
def test_a_hostile_request_is_answered_in_short_steps(name: str, step_seconds: float) -> None:
    async def scenario() -> dict[str, Any]:
        async with measured(holds):
            return await post(executor_of(DEPLOYED), REQUESTS[name])

    holds: list[float] = []
    answer = asyncio.run(scenario())

    assert max(holds) < step_seconds
    assert len(json.dumps(answer)) < 10_000_000
    assert len(answer.get("errors", [])) <= 2000
    assert "InternalFailure" not in json.dumps(answer.get("errors", []))
    assert all("\n" not in text for text in texts(answer.get("errors", [])))


@pytest.mark.parametrize("name", [*REQUESTS, *SUBSCRIPTIONS])
def test_a_hostile_subscription_is_answered_in_short_steps(name: str, step_seconds: float) -> None:
    async def scenario(client: Client, hub: Hub, executor: Executor) -> None:
        async with measured(holds):
            client.start_with(json.dumps((REQUESTS | SUBSCRIPTIONS)[name].body), id_="hostile")
            await client.until(lambda c: c.heard("error") or c.heard("start_ack"))
            for number in range(3):
                hub.publish(executor, "make", {"id": str(number), "nodes": [{"id": "n"}] * 50})
            if not client.heard("error"):
                await client.until(lambda c: len(c.heard("data")) == 3 or c.heard("error"))

    holds: list[float] = []
    client = run_scenario(DEPLOYED, scenario)

    assert max(holds) < step_seconds
    assert "InternalFailure" not in json.dumps(client.sent)
    assert client.closed is None


def test_another_request_is_answered_while_a_hostile_one_is_worked_on() -> None:
    source = FakeSource()

    async def scenario() -> int:
        executor = executor_of(DEPLOYED, source=source)
        hostile = asyncio.create_task(post(executor, REQUESTS["aliases of resolvers that fit"]))
        while not source.requests:
            await asyncio.sleep(0)
        await post(executor, Hostile("{ other: node { id } }"))
        asked_meanwhile = len(source.requests)
        await hostile
        return asked_meanwhile

    asked_meanwhile = asyncio.run(scenario())

    assert asked_meanwhile < len(source.requests)


@pytest.mark.parametrize("spread", ["NEXT NEXT", "next { NEXT } next { NEXT }", "... { NEXT } ... { NEXT }"])
def test_a_fragment_is_opened_once_for_each_selection_set(spread: str) -> None:
    document = Document(parse("{ node { ...F0 } } " + doubled(spread, 23, "Node", "id")))
    document._fragments = opened = Counting(document._fragments)
    nodes = document.fields(document.operations)["node"]
    while nodes:
        (nodes,) = document.fields(nodes).values() or [[]]

    assert opened.asked == [f"F{i}" for i in range(24)]


def test_the_list_of_fields_names_those_of_doubled_fragments_once() -> None:
    code = "export function request(ctx) { return { text: ctx.info.selectionSetList.join() } }\n"
    code += "export function response(ctx) { return ctx.result }"
    sdl = "type Node { text: String next: Node } type Query { node: Node } schema { query: Query }"
    query = "{ node { text ...F0 } } " + doubled("next { NEXT } next { NEXT }", 23, "Node", "text")

    answer = ask(deployment(sdl, {"Query.node": code}), query)

    paths = ["text", *("/".join(["next"] * level) for level in range(1, 24)), "next/" * 23 + "text"]
    assert answer["data"]["node"]["text"] == ",".join(paths)


def test_few_fields_are_executed_between_two_turns_of_the_event_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    executed = [0]
    require = Access.require

    def counted(self: Access, type_name: str, field_name: str) -> None:
        executed[-1] += 1
        require(self, type_name, field_name)

    async def beat() -> None:
        while True:
            await asyncio.sleep(0)
            executed.append(0)

    async def scenario() -> dict[str, Any]:
        beating = asyncio.create_task(beat())
        answer = await post(executor_of(DEPLOYED), REQUESTS["aliases in a list"])
        beating.cancel()
        return answer

    monkeypatch.setattr(Access, "require", counted)
    answer = asyncio.run(scenario())

    assert sum(executed) == 1 + 100 * 490
    assert max(executed) < 25_000  # a faster machine executes more in the same time
    assert len(answer["data"]["nodes"]) == 100


def test_introspection_gives_the_others_their_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each field advances the clock by 20 µs, however long it takes on this machine."""
    answered = [0]
    complete = StepwiseExecution.complete_leaf_value

    def counted(self: StepwiseExecution, return_type: Any, result: Any) -> Any:
        answered[-1] += 1
        return complete(self, return_type, result)

    async def beat() -> None:
        while True:
            await asyncio.sleep(0)
            answered.append(0)

    async def scenario() -> dict[str, Any]:
        executor = executor_of(DEPLOYED)
        executor._long_work = LongWork(clock=lambda: sum(answered) * 0.000_02)
        beating = asyncio.create_task(beat())
        answer = await post(executor, Hostile("{ __schema {" + many(60, lambda i: f"a{i}: types {NAMES}") + "} }"))
        beating.cancel()
        return answer

    monkeypatch.setattr(StepwiseExecution, "complete_leaf_value", counted)
    answer = asyncio.run(scenario())

    assert "errors" not in answer
    assert sum(answered) > 5000
    assert max(answered) < 2 * FREE_SECONDS / 0.000_02


def test_what_a_list_selects_is_looked_for_once() -> None:
    document = Document(parse("mutation { make { nodes { ...F } } } fragment F on Node { a: id }"))
    document._fragments = opened = Counting(document._fragments)

    ((_name, value),) = published(document, document.operations[0], {"make": {"nodes": [{"a": "1"}] * 100}})
    part = selected_part(document, document.fields(document.operations)["make"], {"nodes": [{"id": "1"}] * 100})

    assert value == {"nodes": [{"id": "1"}] * 100}
    assert part == {"nodes": [{"a": "1"}] * 100}
    assert opened.asked == ["F", "F"]


def test_few_resolvers_of_a_request_run_at_once() -> None:
    class Waiting(FakeSource):
        async def invoke(self, request: Any) -> SourceAnswer:
            self.requests.append(request)
            await enough.wait()
            return SourceAnswer()

    async def scenario() -> int:
        query = "{" + many(200, lambda i: f"a{i}: node {{ id }}") + "}"
        asking = asyncio.create_task(post(executor_of(DEPLOYED, source=source), Hostile(query)))
        while len(source.requests) < 50:
            await asyncio.sleep(0.001)
        await asyncio.sleep(0.1)
        at_once = len(source.requests)
        enough.set()
        await asking
        return at_once

    source, enough = Waiting(), asyncio.Event()
    at_once = asyncio.run(scenario())

    assert (at_once, len(source.requests)) == (50, 200)


def test_a_subscriber_who_asks_for_much_does_not_keep_others_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    heard: list[int] = []

    async def counted(executor: Any, subscription: Any, value: Any) -> str:
        made.append(subscription.asked.query)
        return await payload(executor, subscription, value)

    async def scenario(client: Client, hub: Hub, executor: Executor) -> None:
        for i in range(30):
            aliases = " ".join(f"a{i}_{n}: id" for n in range(60))
            client.start(f"subscription {{ onNode {{ {aliases} }} }}", id_=str(i))
        await client.until(lambda c: len(c.heard("start_ack")) == 30)
        hub.publish(executor, "make", {"id": "1"})
        heard.append(len(made))
        await post(executor, Hostile("{ node { id } }"), by=caller("another"))
        heard.append(len(made))
        await client.until(lambda c: len(c.heard("data")) == 30)

    monkeypatch.setattr("emulator.appsync.realtime.hub.payload", counted)
    run_scenario(DEPLOYED, scenario)

    assert heard[0] == 0
    assert heard[1] < 20
    assert len(made) == 30


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that were parsed."""
    texts: list[str] = []

    def noted(source: Any, **options: Any) -> Any:
        texts.append(source.body)
        return parse(source, **options)

    monkeypatch.setattr("emulator.appsync.query_cache.parse", noted)
    return texts


KNOWN = GraphQLRequest(query="{ node { id } }", variables={}, operation_name=None)


def caller(name: str) -> Caller:
    return Caller(mode=AuthMode.COGNITO, identity={"sub": name})


def new_query(number: int) -> GraphQLRequest:
    """Return a short query that nobody has sent before."""
    text = "{" + many(20, lambda i: f"a{number}_{i}: node {{ id }}") + "}"
    return GraphQLRequest(query=text, variables={}, operation_name=None)


async def read_meanwhile(executor: Executor, read: list[str], flooding: Callable[[int], Caller]) -> int:
    """Send 40 new queries, and a known one after the first of them was parsed.

    Return the number of parsed queries when the known one was answered.
    """
    asking = (executor.execute(new_query(number), caller=flooding(number), request={}) for number in range(40))
    flood = [asyncio.create_task(one) for one in asking]
    while not read:
        await asyncio.sleep(0)
    await executor.execute(KNOWN, caller=caller("bob"), request={})
    meanwhile = len(read)
    await asyncio.gather(*flood)
    return meanwhile


def test_a_known_query_is_answered_between_two_queries_of_a_flood(read: list[str]) -> None:
    async def scenario() -> int:
        executor = executor_of(DEPLOYED)
        await executor.execute(KNOWN, caller=caller("bob"), request={})
        read.clear()
        return await read_meanwhile(executor, read, lambda number: caller(str(number)))

    meanwhile = asyncio.run(scenario())

    assert meanwhile <= 20  # of 40; a busy machine reads more in the same time
    assert len(read) == 40


def test_a_new_query_waits_for_one_of_each_other_caller_however_many_they_send(read: list[str]) -> None:
    meanwhile = asyncio.run(read_meanwhile(executor_of(DEPLOYED), read, lambda _number: caller("ada")))

    assert meanwhile <= 20
    assert len(read) == 41


def test_a_new_query_that_a_caller_sends_many_times_is_read_once_and_nobody_else_waits_for_it(read: list[str]) -> None:
    async def scenario() -> list[int]:
        executor = executor_of(DEPLOYED)
        turns = executor.turns(caller("ada"))
        async with turns.allowance.lock:  # as if ada had sent much before
            asking = (executor.execute(KNOWN, caller=caller("ada"), request={}) for _ in range(20))
            flood = [asyncio.create_task(one) for one in asking]
            await asyncio.sleep(0)
            new = GraphQLRequest(query=KNOWN.query, variables={}, operation_name=None)
            await executor.execute(new, caller=caller("bob"), request={})
            counted = [len(read)]
        await asyncio.gather(*flood)
        return [*counted, len(read)]

    assert asyncio.run(scenario()) == [1, 2]
