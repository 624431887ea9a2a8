"""The open orders, and a way to skip their waits in a test."""

import time
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from botocore.exceptions import ClientError

from tests.e2e.support.administrator_access import AdministratorAccess

Row = dict[str, Any]


@dataclass
class OpenOrders:
    """Reads the same index as the sweep."""

    account: AdministratorAccess

    def rows(self) -> list[Row]:
        """Return the keys and `due_at` of the open orders."""
        settings, found = self._settings, []
        for shard in range(int(settings["OPEN_ORDERS_SHARDS"])):
            pages = self.account.client("dynamodb").get_paginator("query")
            for page in pages.paginate(
                TableName=settings["ORDERS_TABLE"],
                IndexName=settings["OPEN_ORDERS_INDEX"],
                KeyConditionExpression="open_shard = :shard",
                ExpressionAttributeValues={":shard": {"N": str(shard)}},
            ):
                found += page["Items"]
        return found

    def skip_waits(self) -> int:
        """Make all orders due and sweep; return the number of open orders.

        This shortens leases, so a second workflow may begin while the first is at work. That must
        do no harm either. Nothing else of an order is changed.
        """
        now, rows = time.time(), self.rows()
        for row in rows:
            # A lease takes 300 s, a pause between hints 60 s, and due_at says when they end.
            self._make_due(row, int((now - 1) * 1000))
        if rows:
            name = self.account.outputs["functions"]["sweep"]
            self.account.client("lambda").invoke(FunctionName=name, InvocationType="RequestResponse", Payload=b"{}")
        return len(rows)

    @cached_property
    def _settings(self) -> dict[str, str]:
        name = self.account.outputs["functions"]["sweep"]
        found = self.account.client("lambda").get_function_configuration(FunctionName=name)
        return dict(found["Environment"]["Variables"])

    def _make_due(self, row: Row, milliseconds: int) -> None:
        try:
            self.account.client("dynamodb").update_item(
                TableName=self._settings["ORDERS_TABLE"],
                Key={"user_id": row["user_id"], "id": row["id"]},
                UpdateExpression="SET due_at = :due",
                ConditionExpression="due_at = :seen AND due_at > :due",
                ExpressionAttributeValues={":due": {"N": str(milliseconds)}, ":seen": row["due_at"]},
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
