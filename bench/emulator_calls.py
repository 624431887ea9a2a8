"""The calls of AWS that the API's operations make, sent to the emulator without AppSync.

Each is signed once, by boto3, and sent again and again as it is: signing is the caller's work, not the emulator's.
"""

import uuid
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import aiohttp

from bench.parallel_calls import CallFailed
from bench.run_under_test import RunUnderTest
from local.deploy import client

Call = Callable[[], Awaitable[object]]
_KEYS = ("user_id", "id")


class BareCalls:
    """Calls of one run, which write to a table and a queue of their own: nobody hears of what is in these."""

    def __init__(self, run: RunUnderTest, session: aiohttp.ClientSession, table: str, queue_url: str) -> None:
        self._session = session
        self._outputs = run.outputs
        self._table, self._queue_url = table, queue_url

    def of(self, row: Mapping[str, Any]) -> dict[str, Call]:
        """Return the calls underneath each operation; the row is an order that is stored."""
        menu, orders, payments = (self._outputs[f"{name}_table"] for name in ("menu", "orders", "payments"))
        key = {name: row[name] for name in _KEYS}
        restaurant = row["restaurant_id"]
        dish = {"restaurant_id": restaurant, "name": row["name"]}
        no_payment = {"user_id": row["user_id"], "order_id": row["id"]}
        placed = self._signed(
            ("dynamodb", "get_item", {"TableName": payments, "Key": no_payment, "ConsistentRead": True}),
            ("dynamodb", "get_item", {"TableName": menu, "Key": dish}),
            ("dynamodb", "put_item", {"TableName": self._table, "Item": dict(row)}),
            ("sqs", "send_message", {"QueueUrl": self._queue_url, "MessageBody": str(key)}),
        )
        return {
            "order": self._signed(("dynamodb", "get_item", {"TableName": orders, "Key": key, "ConsistentRead": True})),
            "orders": self._signed(("dynamodb", "query", _equal(orders, "user_id", row["user_id"], Limit=100))),
            "menu": self._signed(("dynamodb", "query", _equal(menu, "restaurant_id", restaurant))),
            "restaurants": self._signed(("dynamodb", "query", _equal(menu, "restaurant_id", {"S": "#restaurants"}))),
            "postOrder": placed,
        }

    def _signed(self, *calls: tuple[str, str, dict[str, Any]]) -> Call:
        requests = [_recorded(client(service, self._outputs), operation, given) for service, operation, given in calls]

        async def send() -> None:
            for request in requests:
                async with self._session.post(request.url, headers=request.headers, data=request.body) as answer:
                    said = await answer.read()
                if answer.status != 200:
                    raise CallFailed(f"{answer.status}: {said[:300]!r}")

        return send


@contextmanager
def table_and_queue(run: RunUnderTest) -> Iterator[tuple[str, str]]:
    """Make a table and a queue for as long as they are used; yield the table's name and the queue's URL."""
    name = f"bench-{uuid.uuid4().hex[:8]}"
    dynamodb, sqs = client("dynamodb", run.outputs), client("sqs", run.outputs)
    dynamodb.create_table(
        TableName=name,
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in _KEYS],
        KeySchema=[
            {"AttributeName": key, "KeyType": type_} for key, type_ in zip(_KEYS, ("HASH", "RANGE"), strict=True)
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    try:
        yield name, url
    finally:
        dynamodb.delete_table(TableName=name)
        sqs.delete_queue(QueueUrl=url)


def _equal(table: str, name: str, value: Mapping[str, str], **more: Any) -> dict[str, Any]:
    return {
        "TableName": table,
        "KeyConditionExpression": "#key = :value",
        "ExpressionAttributeNames": {"#key": name},
        "ExpressionAttributeValues": {":value": value},
        "ConsistentRead": True,
        **more,
    }


class _Recorded:
    """A request as boto3 sent it."""

    def __init__(self, request: Any) -> None:
        self.url: str = request.url
        self.headers = {
            name: value.decode() if isinstance(value, bytes) else str(value)
            for name, value in request.headers.items()
            if name.lower() != "content-length"
        }
        self.body: bytes = request.body if isinstance(request.body, bytes) else str(request.body).encode()


def _recorded(aws: Any, operation: str, given: dict[str, Any]) -> _Recorded:
    sent: list[Any] = []
    aws.meta.events.register("before-send", lambda request, **_: sent.append(request))
    getattr(aws, operation)(**given)
    return _Recorded(sent[-1])
