"""Customers who watch their orders, with clients that others wrote: gql's AppSync transport, and Apollo's link."""

import asyncio
import json
import subprocess
import threading
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from gql import Client, gql
from gql.transport.appsync_auth import AppSyncJWTAuthentication
from gql.transport.appsync_websockets import AppSyncWebsocketsTransport
from graphql import ExecutionResult

from deployment.checkout import ROOT
from local.customer import Customer
from tests.e2e.support.users import user_id_of
from tests.e2e.support.waiting import eventually

APOLLO = Path(__file__).parents[1] / "clients" / "apollo.mjs"
FIELDS = "id userId name total currency status orderStatus failureReason createdAt changeableUntil version"
# Two documents, because AppSync is reported to take a variable that isn't given for null, which no order's id is.
WATCH = f"subscription Watch($userId: String!) {{ onOrderChanged(userId: $userId) {{ {FIELDS} }} }}"
WATCH_ONE = f"""
subscription WatchOne($userId: String!, $id: String) {{ onOrderChanged(userId: $userId, id: $id) {{ {FIELDS} }} }}
"""
Heard = dict[str, Any]


class Transport(AppSyncWebsocketsTransport):
    """gql's transport for AppSync; tells of start_ack, which gql keeps to itself."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.started = asyncio.Event()

    def _parse_answer(self, answer: str) -> tuple[str, int | None, ExecutionResult | None]:
        parsed = super()._parse_answer(answer)
        if parsed[0] == "start_ack":
            self.started.set()
        return parsed


def transport(outputs: Mapping[str, Any], token: str) -> Transport:
    """A transport with a token; it takes the real-time address as it is."""
    host = outputs["graphql_url"].split("/")[2]
    auth = AppSyncJWTAuthentication(host=host, jwt=token)
    return Transport(url=outputs["realtime_url"], auth=auth, connect_args={"proxy": None})


@asynccontextmanager
async def subscribed(
    outputs: Mapping[str, Any], customer: Customer, **arguments: str | None
) -> AsyncIterator[asyncio.Queue[Heard]]:
    """What a customer hears of the given orders, once they are subscribed; of all orders when no id is given."""
    heard: asyncio.Queue[Heard] = asyncio.Queue()
    connection = transport(outputs, customer.token)
    async with Client(transport=connection) as session:

        async def listen() -> None:
            document = gql(WATCH_ONE if "id" in arguments else WATCH)
            document.variable_values = {"userId": user_id_of(customer), **arguments}
            async for message in session.subscribe(document):
                heard.put_nowait(message["onOrderChanged"])

        listening = asyncio.create_task(listen())
        try:
            async with asyncio.timeout(15):
                await connection.started.wait()
            yield heard
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)


async def changes(heard: asyncio.Queue[Heard], *, until: str, within_seconds: float = 15) -> list[Heard]:
    """What is heard up to the first order in the status."""
    found: list[Heard] = []
    async with asyncio.timeout(within_seconds):
        while not found or found[-1]["status"] != until:
            found.append(await heard.get())
    return found


class ApolloClient:
    """A process that prints what Apollo hears."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.lines: list[dict[str, Any]] = []
        self._process = process
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.lines.append(json.loads(line))

    def wait_for(self, count: int, *, within_seconds: float = 20) -> list[dict[str, Any]]:
        """The lines, once there are so many."""
        return eventually(lambda: list(self.lines), lambda lines: len(lines) >= count, within_seconds=within_seconds)


@contextmanager
def apollo(outputs: Mapping[str, Any], customer: Customer, *, user_id: str | None = None) -> Iterator[ApolloClient]:
    """Apollo with AppSync's subscription link in Node.js, subscribed to a user's orders."""
    arguments = [outputs["graphql_url"], outputs["region"], customer.token, user_id or user_id_of(customer)]
    with subprocess.Popen(
        [ROOT / "node_modules/.bin/node", APOLLO, *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield ApolloClient(process)
        finally:
            process.kill()
