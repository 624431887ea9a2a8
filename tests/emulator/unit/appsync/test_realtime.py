"""The life of a connection: its start, keep-alive, and end when it is slow or old.

A fault of one subscriber doesn't affect the others.
"""

import asyncio
import time
from dataclasses import replace
from typing import Any

import pytest

from emulator.appsync.aws_interpretations import Interpretations
from emulator.appsync.execution import Executor
from emulator.appsync.realtime.endpoint import Timing
from emulator.appsync.realtime.hub import Hub
from emulator.appsync.realtime.subscriptions import payload
from tests.emulator.support.data_plane import THROUGH, USER, deployment
from tests.emulator.support.in_process_websocket import Client, run_scenario

SDL = """
type Note { id: String!  text: String }
type Query { note: Note }
type Mutation { say(id: String!, text: String): Note }
type Subscription { onNote(id: String): Note @aws_subscribe(mutations: ["say"])  onSlow: Note }
schema { query: Query mutation: Mutation subscription: Subscription }
"""
DEPLOYED = deployment(SDL, {"Mutation.say": THROUGH})
SILENT = {
    "type": "websocket.close",
    "code": 1008,
    "reason": "neither connection_init nor a subscription came",
}
ON_NOTE = "subscription { onNote { id text } }"


async def begin(client: Client, *ids: str) -> None:
    client.say(type="connection_init")
    for id_ in ids:
        client.start(ON_NOTE, id_=id_)
    await client.until(lambda c: len(c.heard("start_ack")) == len(ids) and c.heard("connection_ack"))


def test_a_client_that_says_nothing_is_disconnected() -> None:
    async def scenario(client: Client, _hub: Hub, _executor: Executor) -> None:
        await client.until(lambda c: c.closed)

    client = run_scenario(DEPLOYED, scenario, timing=Timing(begin_seconds=0.01))

    assert client.closed == SILENT


def test_a_subscription_stands_for_the_beginning() -> None:
    async def scenario(client: Client, _hub: Hub, _executor: Executor) -> None:
        client.start(ON_NOTE, id_="1")
        await client.until(lambda c: len(c.heard("ka")) == 10)

    client = run_scenario(DEPLOYED, scenario, timing=Timing(begin_seconds=0.05, keep_alive_seconds=0.01))

    assert client.closed is None


def test_a_subscription_that_is_refused_does_not_stand_for_the_beginning() -> None:
    async def scenario(client: Client, _hub: Hub, _executor: Executor) -> None:
        client.start("subscription { onNothing }")
        await client.until(lambda c: c.closed)

    client = run_scenario(DEPLOYED, scenario, timing=Timing(begin_seconds=0.05))

    assert [message["type"] for message in client.sent] == ["error"]
    assert client.closed == SILENT


def test_a_client_that_began_stays() -> None:
    async def scenario(client: Client, _hub: Hub, _executor: Executor) -> None:
        await begin(client)
        await asyncio.sleep(0.05)

    client = run_scenario(DEPLOYED, scenario, timing=Timing(begin_seconds=0.01))

    assert client.closed is None


def test_keep_alives_come_again_and_again() -> None:
    async def scenario(client: Client, _hub: Hub, _executor: Executor) -> None:
        await begin(client)
        await client.until(lambda c: len(c.heard("ka")) == 4)

    client = run_scenario(DEPLOYED, scenario, timing=Timing(keep_alive_seconds=0.01))

    assert client.sent[0]["type"] == "connection_ack"


def test_a_connection_ends_after_its_time() -> None:
    async def scenario(client: Client, _hub: Hub, _executor: Executor) -> None:
        await begin(client)
        await client.until(lambda c: c.closed)

    client = run_scenario(DEPLOYED, scenario, timing=Timing(connection_seconds=0.05))

    assert client.closed is not None
    assert client.closed["code"] == 1001


def test_a_client_that_does_not_read_is_disconnected_without_holding_the_publisher_up() -> None:
    async def scenario(client: Client, hub: Hub, executor: Executor) -> None:
        await begin(client, "1")
        client.reading.clear()
        began = time.monotonic()
        for number in range(20):
            hub.publish(executor, "say", {"id": str(number), "text": "x" * 100_000})
        assert time.monotonic() - began < 1
        await client.until(lambda c: c.closed)

    client = run_scenario(DEPLOYED, scenario)

    assert client.closed is not None
    assert (client.closed["code"], client.closed["reason"]) == (1008, "too slow")


def test_a_client_that_does_not_read_is_disconnected_when_its_connection_is_to_close(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def scenario(client: Client, hub: Hub, executor: Executor) -> None:
        await begin(client, "1")
        client.reading.clear()
        hub.publish(executor, "say", {"id": "1", "text": "never read"})
        await client.until(lambda c: c.closed)

    monkeypatch.setattr("emulator.appsync.realtime.connection._CLOSING_SECONDS", 0.05)
    client = run_scenario(DEPLOYED, scenario, timing=Timing(connection_seconds=0.05))

    assert client.closed is not None
    assert client.closed["code"] == 1001
    assert client.heard("data") == []


def test_a_client_that_drops_the_connection_is_no_failure(caplog: pytest.LogCaptureFixture) -> None:
    async def scenario(client: Client, hub: Hub, executor: Executor) -> None:
        await begin(client, "1")
        client.gone = True
        hub.publish(executor, "say", {"id": "1", "text": "never heard"})
        await asyncio.sleep(0.05)

    run_scenario(DEPLOYED, scenario)

    assert caplog.messages == []


def test_who_left_is_forgotten() -> None:
    kept: list[Hub] = []

    async def scenario(client: Client, hub: Hub, _executor: Executor) -> None:
        await begin(client, "1", "2")
        kept.append(hub)

    run_scenario(DEPLOYED, scenario)

    assert vars(kept[0]) == vars(Hub())


def test_events_of_the_first_seconds_are_lost_where_that_is_asked_for() -> None:
    async def scenario(client: Client, hub: Hub, executor: Executor) -> None:
        await begin(client, "1", "left")
        client.say(id="left", type="stop")
        await client.until(lambda c: c.heard("complete"))
        lost = 0
        while not client.heard("data"):
            hub.publish(executor, "say", {"id": str(lost), "text": "t"})
            lost += 1
            await asyncio.sleep(0.01)

    client = run_scenario(DEPLOYED, scenario, timing=Timing(unheard_seconds=lambda: 0.1))

    heard = client.heard("data")
    assert heard[0]["payload"]["data"]["onNote"]["id"] != "0"
    assert {message["id"] for message in heard} == {"1"}


@pytest.mark.parametrize("is_null", [False, True])
def test_an_unset_variable_filters_nothing_or_is_null_by_the_reading(is_null: bool) -> None:
    async def scenario(client: Client, hub: Hub, executor: Executor) -> None:
        client.start("subscription($id: String) { onNote(id: $id) { text } }", id_="1")
        client.start(ON_NOTE, id_="2")
        await client.until(lambda c: len(c.heard("start_ack")) == 2)
        hub.publish(executor, "say", {"id": "1", "text": "a"})
        await client.until(lambda c: len(c.heard("data")) == (1 if is_null else 2))

    client = run_scenario(replace(DEPLOYED, interpretations=Interpretations(unset_variable_is_null=is_null)), scenario)

    assert sorted(message["id"] for message in client.heard("data")) == (["2"] if is_null else ["1", "2"])


def test_publications_arrive_in_order() -> None:
    async def scenario(client: Client, hub: Hub, executor: Executor) -> None:
        await begin(client, "1", "2")
        for number in range(50):
            hub.publish(executor, "say", {"id": str(number), "text": "t"})
        await client.until(lambda c: len(c.heard("data")) == 100)

    client = run_scenario(DEPLOYED, scenario)

    for id_ in ("1", "2"):
        heard = [m["payload"]["data"]["onNote"]["id"] for m in client.heard("data") if m["id"] == id_]
        assert heard == [str(number) for number in range(50)]


def test_a_token_that_expires_ends_its_subscriptions() -> None:
    async def scenario(client: Client, hub: Hub, executor: Executor) -> None:
        await begin(client, "1")
        await client.until(lambda c: c.heard("error"))
        hub.publish(executor, "say", {"id": "1", "text": "t"})

    client = run_scenario(DEPLOYED, scenario, caller=replace(USER, expires_at=time.time() + 0.05))

    assert [error["errorType"] for error in client.heard("error")[0]["payload"]["errors"]] == ["UnauthorizedException"]
    assert client.heard("data") == []


@pytest.mark.parametrize(
    ("other", "heard", "made"),
    [(ON_NOTE, {"id": "1", "text": "t"}, 1), ("subscription { onNote { id } }", {"id": "1"}, 2)],
)
def test_subscribers_who_hear_the_same_share_the_work_and_others_do_not(
    other: str, heard: dict[str, str], made: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    payloads: list[str] = []

    async def counted(*given: Any) -> str:
        payloads.append(await payload(*given))
        return payloads[-1]

    async def scenario(client: Client, hub: Hub, executor: Executor) -> None:
        await begin(client, "1")
        client.start(other, id_="2")
        await client.until(lambda c: len(c.heard("start_ack")) == 2)
        hub.publish(executor, "say", {"id": "1", "text": "t"})
        await client.until(lambda c: len(c.heard("data")) == 2)

    monkeypatch.setattr("emulator.appsync.realtime.hub.payload", counted)
    client = run_scenario(DEPLOYED, scenario)

    notes = [message["payload"]["data"]["onNote"] for message in client.heard("data")]
    assert (notes, len(payloads)) == ([{"id": "1", "text": "t"}, heard], made)
