"""Orders that are put straight into the table, as if they had been placed and paid long ago."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from local.costs.measured_orders import new_id
from local.deploy import client

_ROWS_A_BATCH = 25
Row = Mapping[str, Any]


class StoredOrders:
    """The rows that a measurement added to a table."""

    def __init__(self, outputs: Mapping[str, Any]) -> None:
        self._dynamodb = client("dynamodb", outputs)
        self._table = outputs["orders_table"]
        self._keys: list[Row] = []

    def row(self, user_id: str, order_id: str) -> Row:
        """Return the row of an order that was placed."""
        key = {"user_id": {"S": user_id}, "id": {"S": order_id}}
        found: Row = self._dynamodb.get_item(TableName=self._table, Key=key, ConsistentRead=True)["Item"]
        return found

    def add(self, rows: Iterable[Row]) -> None:
        """Put rows into the table."""
        for row in self._in_batches({"PutRequest": {"Item": row}} for row in rows):
            item = row["PutRequest"]["Item"]
            self._keys.append({"user_id": item["user_id"], "id": item["id"]})

    def remove(self) -> None:
        """Take all rows that were added out again."""
        for _ in self._in_batches({"DeleteRequest": {"Key": key}} for key in self._keys):
            pass
        self._keys.clear()

    def _in_batches(self, requests: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        while batch := list(islice(requests, _ROWS_A_BATCH)):
            left = {self._table: batch}
            while left:
                left = self._dynamodb.batch_write_item(RequestItems=left)["UnprocessedItems"]
            yield from batch


def like(row: Row, *, user_id: str) -> Row:
    """Return the row of another order of the same content, which belongs to that customer."""
    return {**row, "user_id": {"S": user_id}, "id": {"S": new_id()}}
