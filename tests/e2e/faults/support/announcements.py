"""The event source mapping of `announce`: hold it, read what it gave up, and list its calls."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl

from tests.e2e.faults.support.call_faults import Call
from tests.e2e.faults.support.fault_proxy import FaultProxy
from tests.e2e.faults.support.one_order import OneOrder
from tests.e2e.support.administrator_access import AdministratorAccess
from verify.polling import eventually


@dataclass(frozen=True)
class GivenUp:
    """An object in the bucket of undelivered changes."""

    key: str
    records: list[dict[str, Any]]


class Announcements:
    """The event source mapping from the orders table's stream to `announce`."""

    def __init__(self, account: AdministratorAccess) -> None:
        self._lambda, self._s3, self._dynamodb = (account.client(one) for one in ("lambda", "s3", "dynamodb"))
        self._name = name = account.outputs["functions"]["announce"]
        self._orders = account.outputs["orders_table"]
        (self._mapping,) = self._lambda.list_event_source_mappings(FunctionName=name)["EventSourceMappings"]
        self._bucket = self._mapping["DestinationConfig"]["OnFailure"]["Destination"].rsplit(":", 1)[-1]

    @contextmanager
    def held(self) -> Iterator[None]:
        """Disable the mapping, so that changes wait on the stream."""
        self._lambda.update_event_source_mapping(UUID=self._mapping["UUID"], Enabled=False)
        try:
            yield
        finally:
            self._lambda.update_event_source_mapping(UUID=self._mapping["UUID"], Enabled=True)

    @contextmanager
    def given_up_after(self, *, retries: int) -> Iterator[None]:
        """Give a record up after a few retries, not after an hour."""
        before = self._mapping["MaximumRetryAttempts"]
        self._lambda.update_event_source_mapping(UUID=self._mapping["UUID"], MaximumRetryAttempts=retries)
        try:
            yield
        finally:
            self._lambda.update_event_source_mapping(UUID=self._mapping["UUID"], MaximumRetryAttempts=before)

    def given_up(self, order: OneOrder) -> list[GivenUp]:
        """Return the undelivered changes of an order that are in the bucket."""
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket)
        keys = [found["Key"] for page in pages for found in page.get("Contents", [])]
        kept = [GivenUp(key, self._records(key)) for key in keys]
        return [found for found in kept if order.id in json.dumps(found.records)]

    def wait_for_given_up(self, order: OneOrder, *, count: int = 1, within_seconds: float = 20) -> list[GivenUp]:
        """Wait until so many of an order's changes are in the bucket; return and delete them."""
        found = eventually(lambda: self.given_up(order), lambda kept: len(kept) >= count, within_seconds=within_seconds)
        for kept in found:
            self._s3.delete_object(Bucket=self._bucket, Key=kept.key)
        return found

    def delayed(self, order: OneOrder) -> list[dict[str, Any]]:
        """Return the delayed changes of an order, oldest first."""
        items = self._dynamodb.query(
            TableName=self._delayed_table,
            KeyConditionExpression="#order = :order",
            ExpressionAttributeNames={"#order": "order"},
            ExpressionAttributeValues={":order": {"S": f"{order.user_id}/{order.id}"}},
        )["Items"]
        return [json.loads(item["record"]["S"]) for item in items]

    def delay(self, order: OneOrder) -> None:
        """Store a delayed change: the order was PAYING before it became what its row says now."""
        key, row = self._row(order)
        change: dict[str, Any] = {"Keys": key, "NewImage": row, "OldImage": {**row, "status": {"S": "PAYING"}}}
        change |= {"SequenceNumber": "1", "ApproximateCreationDateTime": int(time.time())}
        record = {"eventID": f"delayed-{order.id}", "eventName": "MODIFY", "dynamodb": change}
        self._dynamodb.put_item(
            TableName=self._delayed_table,
            Item={
                "order": {"S": f"{order.user_id}/{order.id}"},
                "sequence_number": {"S": "1".zfill(40)},
                "record": {"S": json.dumps(record)},
            },
        )

    def try_delayed(self) -> str:
        """Run `announce` as its schedule does, and return its answer."""
        answer = self._lambda.invoke(FunctionName=self._name, Payload=b"{}")
        return str(answer["Payload"].read().decode())

    @cached_property
    def _delayed_table(self) -> str:
        variables = self._lambda.get_function_configuration(FunctionName=self._name)["Environment"]["Variables"]
        return str(variables["DELAYED_TABLE"])

    def _row(self, order: OneOrder) -> tuple[dict[str, Any], dict[str, Any]]:
        key = {"user_id": {"S": order.user_id}, "id": {"S": order.id}}
        return key, self._dynamodb.get_item(TableName=self._orders, Key=key, ConsistentRead=True)["Item"]

    def wait_for_delayed(self, order: OneOrder, *, count: int) -> list[dict[str, Any]]:
        """Wait until an order has so many delayed changes, and return them."""
        return eventually(lambda: self.delayed(order), lambda found: len(found) >= count, within_seconds=90)

    def _records(self, key: str) -> list[dict[str, Any]]:
        body = json.loads(self._s3.get_object(Bucket=self._bucket, Key=key)["Body"].read())
        return list(json.loads(body["payload"])["Records"])


def announce_calls(proxy: FaultProxy, order: OneOrder) -> list[tuple[str, int]]:
    """List the calls with which `announce` tried to announce an order, oldest first.

    Each is an operation (`publishOrder` or `Publish`) and the version of the order.
    """
    calls = [call for call in proxy.calls if call.service in ("appsync", "sns") and order.is_in(call)]
    return [(call.operation, _version(call)) for call in calls]


def _version(call: Call) -> int:
    if call.service == "appsync":
        return int(json.loads(call.body)["variables"]["input"]["version"])
    sent = dict(parse_qsl(call.body.decode()))
    (entry,) = [name.removesuffix("Name") for name, value in sent.items() if value == "version"]
    return int(sent[f"{entry}Value.StringValue"])
