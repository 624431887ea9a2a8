"""Announcements that were given up, or can't be read, kept whole in a bucket; making them after all."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from operations import moments
from operations.environment import Environment
from operations.refusal import Refused

# Where `announce` puts them; Lambda has another prefix. A test compares it with the functions.
UNREADABLE = "unreadable/"
# What workflow and sweep write as an order moves on; all else in its row is content. A test compares it with them.
MOVES = {"status", "failure_reason", "version", "updated_at", "open_shard", "due_at", "lease_owner", "hints"}


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change of an order that nobody was told of."""

    user_id: str
    order_id: str
    before: str
    after: str
    version: str
    sequence_number: str


@dataclass(frozen=True, kw_only=True)
class Undelivered:
    """What was kept of one batch that Lambda gave up, or of one change that `announce` can't read."""

    key: str
    kept_at: int
    why: str
    invocations: int
    records: list[dict[str, Any]]

    @property
    def id(self) -> str:
        """The last part of the object's name, which is unique."""
        return self.key.rpartition("/")[2]

    @property
    def is_unreadable(self) -> bool:
        """Whether the reason is in the change itself, and so says nothing of the others."""
        return self.key.startswith(UNREADABLE)

    @property
    def tries(self) -> str:
        """How often `announce` was asked."""
        return "1 try" if self.invocations == 1 else f"{self.invocations} tries"

    @property
    def changes(self) -> list[Change]:
        """The changes in it, oldest first."""
        return [_change(record) for record in self.records]


def kept(environment: Environment, *, since: int = 0) -> Iterator[Undelivered]:
    """What the bucket holds, oldest first."""
    s3, bucket = environment.client("s3"), environment.places.undelivered
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    objects = [entry for page in pages for entry in page.get("Contents", [])]
    recent = [entry for entry in objects if entry["LastModified"].timestamp() * 1000 >= since]
    for entry in sorted(recent, key=lambda entry: entry["Key"].rpartition("/")[2]):
        yield _read(s3, bucket, entry["Key"])


def announce(environment: Environment, kept: Undelivered) -> None:
    """Have `announce` make them, and remove the object once it did; Refused, with the object kept, when it didn't.

    A stop between the two leaves the object: announcing again does no harm, the announcement ids are the same.
    """
    function = environment.places.function("announce")
    event = {"Records": [_mended(environment, record) for record in kept.records], "is_kept": True}
    answer = environment.client("lambda").invoke(FunctionName=function, Payload=json.dumps(event).encode())
    said = json.load(answer["Payload"])
    if answer.get("FunctionError"):
        raise Refused(f"{function} failed: {_message(said)}; {kept.id} is still kept")
    # An answer of another form is no success either.
    failures = said.get("batchItemFailures") if isinstance(said, dict) else said
    if failures != []:
        raise Refused(f"{function} was refused again, its log says by whom; {kept.id} is still kept")
    drop(environment, kept)


def drop(environment: Environment, kept: Undelivered) -> None:
    """Remove the object, and with it the only record that nobody was told."""
    environment.client("s3").delete_object(Bucket=environment.places.undelivered, Key=kept.key)


def _mended(environment: Environment, record: dict[str, Any]) -> dict[str, Any]:
    """The record with the order's content as its row has it now: somebody may have mended it since.

    Nothing else changes the content of an order whose status changed.
    """
    stream = record["dynamodb"]
    answer = environment.client("dynamodb").get_item(
        TableName=environment.places.orders_table, Key=stream["Keys"], ConsistentRead=True
    )
    content = {name: value for name, value in answer.get("Item", {}).items() if name not in MOVES}
    return {**record, "dynamodb": {**stream, "NewImage": {**stream.get("NewImage", {}), **content}}}


def _message(said: Any) -> str:
    return str(said.get("errorMessage", said) if isinstance(said, dict) else said)


def _read(s3: Any, bucket: str, key: str) -> Undelivered:
    body = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    try:
        document = json.loads(body)
        payload = document.get("payload")
        records = (json.loads(payload) if isinstance(payload, str) else payload)["Records"]
        found = Undelivered(
            key=key,
            kept_at=moments.parsed(document["timestamp"]),
            why=document["requestContext"]["condition"],
            invocations=document["requestContext"]["approximateInvokeCount"],
            records=records,
        )
        if not found.changes:
            raise ValueError("it has no changes")
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise Refused(f"{bucket}/{key} isn't what is kept of a failed batch: {error!r}") from error
    return found


def _change(record: dict[str, Any]) -> Change:
    stream = record["dynamodb"]
    old, new = stream.get("OldImage", {}), stream.get("NewImage", {})
    return Change(
        user_id=stream["Keys"]["user_id"]["S"],
        order_id=stream["Keys"]["id"]["S"],
        before=old.get("status", {}).get("S", "-"),
        after=new.get("status", {}).get("S", "-"),
        version=new.get("version", {}).get("N", "-"),
        sequence_number=stream["SequenceNumber"],
    )
