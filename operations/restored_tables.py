"""Tables that DynamoDB restored beside the tables in use: their rows in pages, and writing those that are missing."""

import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from environments.settings import Settings
from environments.user_error import UserError
from operations.environment import Environment
from operations.restored_rows import Item

# What BatchGetItem takes at once.
PAGE_SIZE = 100
WRITERS = 8
PAUSE_SECONDS = 0.2


@dataclass(frozen=True, kw_only=True)
class RestoredTable:
    """A restored table, the table in use that it was restored from, and the moment that it shows."""

    name: str
    in_use: str
    key: tuple[str, str]
    moment: int


@dataclass(frozen=True, kw_only=True)
class Protection:
    """The features of a table besides its rows; a restored table begins without them."""

    stream: str | None
    recovery: bool
    deletion_protection: bool

    def __str__(self) -> str:
        """For people."""
        on = {True: "on", False: "off"}
        return (
            f"stream {self.stream or 'off'}, point-in-time recovery {on[self.recovery]},"
            f" deletion protection {on[self.deletion_protection]}"
        )


def restored_orders_table(environment: Environment, name: str) -> RestoredTable:
    """The table of that name, if it was restored from the orders in use; else UserError."""
    return _restored_table(
        environment, name, in_use=environment.names.orders_table, key=("user_id", "id"), option="--orders"
    )


def restored_payments_table(environment: Environment, name: str) -> RestoredTable:
    """The table of that name, if it was restored from the payments in use; else UserError."""
    in_use = environment.names.payments_table
    return _restored_table(environment, name, in_use=in_use, key=("user_id", "order_id"), option="--payments")


def read_protection(environment: Environment, table: str) -> Protection:
    """Return the features that the table has now."""
    dynamodb = environment.client("dynamodb")
    described = dynamodb.describe_table(TableName=table)["Table"]
    backups = dynamodb.describe_continuous_backups(TableName=table)["ContinuousBackupsDescription"]
    recovery = backups.get("PointInTimeRecoveryDescription", {}).get("PointInTimeRecoveryStatus")
    return Protection(
        stream=described.get("StreamSpecification", {}).get("StreamViewType"),
        recovery=recovery == "ENABLED",
        deletion_protection=described.get("DeletionProtectionEnabled", False),
    )


def expected_protection(environment: Environment, settings: Settings) -> dict[str, Protection]:
    """Return the features of each table in use as it is deployed; a synth test compares them."""
    names = environment.names
    streams = {names.payments_table: None, names.orders_table: "NEW_AND_OLD_IMAGES"}
    return {
        table: Protection(stream=stream, recovery=True, deletion_protection=settings.removal_protection)
        for table, stream in streams.items()
    }


def paired_pages(environment: Environment, table: RestoredTable) -> Iterator[list[tuple[Item | None, Item]]]:
    """The restored rows in pages, each after the row in use that has its key, or None."""
    scan = environment.client("dynamodb").get_paginator("scan")
    for page in scan.paginate(TableName=table.name, ConsistentRead=True, PaginationConfig={"PageSize": PAGE_SIZE}):
        keys = [row_key(row, table.key) for row in page["Items"]]
        here = read_rows(environment, table.in_use, keys)
        yield [(here.get(_hashable(key)), row) for key, row in zip(keys, page["Items"], strict=True)]


def read_rows(environment: Environment, table: str, keys: Sequence[Item]) -> dict[tuple[str, ...], Item]:
    """The rows of a table that have these keys, at most a page of them, as they are now."""
    dynamodb = environment.client("dynamodb")
    found: dict[tuple[str, ...], Item] = {}
    left = {table: {"Keys": list(keys), "ConsistentRead": True}} if keys else {}
    while left:
        answer = dynamodb.batch_get_item(RequestItems=left)
        for row in answer["Responses"].get(table, []):
            found[_hashable(row_key(row, tuple(keys[0])))] = row
        left = answer.get("UnprocessedKeys")
        if left:
            time.sleep(PAUSE_SECONDS)
    return found


def row_with_key(found: Mapping[tuple[str, ...], Item], key: Item) -> Item | None:
    """The row with the key among those found."""
    return found.get(_hashable(key))


def insert_missing(environment: Environment, table: str, new: Sequence[Item], *, key: tuple[str, str]) -> int:
    """Write rows whose keys the table doesn't have; the number of those written.

    A row that somebody wrote meanwhile stays as it is. DynamoDB's stream calls all of them INSERT.
    """
    dynamodb = environment.client("dynamodb")

    def put(row: Item) -> bool:
        try:
            dynamodb.put_item(TableName=table, Item=row, ConditionExpression=f"attribute_not_exists({key[1]})")
        except dynamodb.exceptions.ConditionalCheckFailedException:
            return False
        return True

    with ThreadPoolExecutor(WRITERS) as writers:
        return sum(writers.map(put, new))


def row_key(row: Item, key: Sequence[str]) -> Item:
    """The row's key."""
    return {name: row[name] for name in key}


def _hashable(key: Item) -> tuple[str, ...]:
    return tuple(str(value["S"]) for value in key.values())


def _restored_table(
    environment: Environment, name: str, *, in_use: str, key: tuple[str, str], option: str
) -> RestoredTable:
    dynamodb, expected = environment.client("dynamodb"), f"expected a table restored from {in_use}"
    if name == in_use:
        raise UserError(f"{option}: got {name}, the table in use; {expected}")
    try:
        described = dynamodb.describe_table(TableName=name)["Table"]
    except dynamodb.exceptions.ResourceNotFoundException:
        raise UserError(f"{option}: got {name}, which isn't there; {expected}") from None
    summary: dict[str, Any] = described.get("RestoreSummary", {})
    if summary.get("SourceTableArn") != environment.names.arn("dynamodb", f"table/{in_use}"):
        source = summary.get("SourceTableArn", "no table").rpartition("/")[2]
        raise UserError(f"{option}: got {name}, restored from {source}; {expected}")
    if described["TableStatus"] != "ACTIVE" or summary["RestoreInProgress"]:
        raise UserError(f"{option}: {name} is still being restored: wait until it is ACTIVE")
    moment = round(summary["RestoreDateTime"].timestamp() * 1000)
    return RestoredTable(name=name, in_use=in_use, key=key, moment=moment)
