"""Customers who watch their orders, with a client that others wrote: gql's transport for AppSync."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from gql import Client, gql
from gql.transport.appsync_auth import AppSyncJWTAuthentication
from gql.transport.appsync_websockets import AppSyncWebsocketsTransport
from graphql import ExecutionResult

from deployment.loopback_without_proxy import proxies_for
from verify.customer import Customer
from verify.polling import changeable_seconds

FIELDS = "id userId name total currency status orderStatus failureReason createdAt changeableUntil version"
# Two documents, because AppSync is reported to take a variable that isn't given for null, which no order's id is.
WATCH_ALL = f"subscription Watch($userId: String!) {{ onOrderChanged(userId: $userId) {{ {FIELDS} }} }}"
WATCH_ONE = f"""
subscription WatchOne($userId: String!, $id: String) {{ onOrderChanged(userId: $userId, id: $id) {{ {FIELDS} }} }}
"""
HeardOrder = dict[str, Any]


class AppSyncTransport(AppSyncWebsocketsTransport):
    """gql's transport for AppSync; tells of start_ack, which gql keeps to itself."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.started = asyncio.Event()

    def _parse_answer(self, answer: str) -> tuple[str, int | None, ExecutionResult | None]:
        parsed = super()._parse_answer(answer)
        if parsed[0] == "start_ack":
            self.started.set()
        return parsed


def make_transport(outputs: Mapping[str, Any], token: str) -> AppSyncTransport:
    """A transport with a token; it takes the real-time address as it is."""
    host = outputs["graphql_url"].split("/")[2]
    auth = AppSyncJWTAuthentication(host=host, jwt=token)
    direct = {"proxy": None} if proxies_for(outputs["realtime_url"]) is not None else {}
    return AppSyncTransport(url=outputs["realtime_url"], auth=auth, connect_args=direct)


@asynccontextmanager
async def subscription(
    outputs: Mapping[str, Any], customer: Customer, *, document: str | None = None, **arguments: str | None
) -> AsyncIterator[asyncio.Queue[HeardOrder]]:
    """Yield what a customer hears of the given orders, once they are subscribed; of all orders when no id is given."""
    heard: asyncio.Queue[HeardOrder] = asyncio.Queue()
    connection = make_transport(outputs, customer.token)
    async with Client(transport=connection) as session:

        async def listen() -> None:
            request = gql(document or (WATCH_ONE if "id" in arguments else WATCH_ALL))
            request.variable_values = {"userId": customer.user_id, **arguments}
            async for message in session.subscribe(request):
                heard.put_nowait(message["onOrderChanged"])

        listening = asyncio.create_task(listen())
        starting = asyncio.create_task(connection.started.wait())
        try:
            over, _ = await asyncio.wait((starting, listening), timeout=15, return_when=asyncio.FIRST_COMPLETED)
            if listening in over:
                listening.result()  # raises why it was refused
            if not over:
                raise TimeoutError("there was no start_ack within 15 s")
            yield heard
        finally:
            for task in (starting, listening):
                task.cancel()
            await asyncio.gather(starting, listening, return_exceptions=True)


async def heard_until(heard: asyncio.Queue[HeardOrder], *, until: str, within_seconds: float = 15) -> list[HeardOrder]:
    """Return what is heard up to the first order in the status; while an order can be changed, no time runs."""
    found: list[HeardOrder] = []
    async with asyncio.timeout(within_seconds) as limit:
        while not found or found[-1]["status"] != until:
            found.append(await heard.get())
            if left := changeable_seconds(found[-1]):
                limit.reschedule(asyncio.get_running_loop().time() + left + within_seconds)
    return found
