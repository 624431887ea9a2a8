"""Announcements that were given up, or can't be read, kept whole in a bucket; making them after all."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from environments.user_error import UserError
from operations.environment import Environment
from operations.undelivered_objects import (
    PREFIXES,
    OtherFunctionObject,
    UndeliveredObject,
    UnknownObjectFormat,
    object_of_other_function,
    read_object,
)

# What workflow and sweep write as an order moves on; all else in its row is content. A test compares it with them.
PROGRESS_ATTRIBUTES = {
    "status",
    "failure_reason",
    "version",
    "updated_at",
    "open_shard",
    "due_at",
    "lease_owner",
    "hints",
}


def list_undelivered(environment: Environment, *, since: int = 0) -> Iterator[UndeliveredObject]:
    """Return what `announce` left, oldest first."""
    return (one for one in list_objects(environment, since=since) if isinstance(one, UndeliveredObject))


def list_objects(environment: Environment, *, since: int = 0) -> Iterator[UndeliveredObject | OtherFunctionObject]:
    """All that the bucket holds, oldest first."""
    s3, bucket = environment.client("s3"), environment.names.undelivered
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    objects = [entry for page in pages for entry in page.get("Contents", [])]
    recent = [entry for entry in objects if entry["LastModified"].timestamp() * 1000 >= since]
    for entry in sorted(recent, key=lambda entry: entry["Key"].rpartition("/")[2]):
        yield _read_entry(environment, entry)


def announce(environment: Environment, kept: UndeliveredObject) -> None:
    """Have `announce` make them, and remove the object once it did; UserError, with the object kept, when it didn't.

    A stop between the two leaves the object: announcing again does no harm, the announcement ids are the same.
    """
    function = environment.names.function("announce")
    event = {"Records": [_with_current_content(environment, record) for record in kept.records], "is_kept": True}
    answer = environment.client("lambda").invoke(FunctionName=function, Payload=json.dumps(event).encode())
    said = json.load(answer["Payload"])
    if answer.get("FunctionError"):
        raise UserError(f"{function} failed: {_error_text(said)}; {kept.id} is still kept")
    # An answer of another form is no success either.
    failures = said.get("batchItemFailures") if isinstance(said, dict) else said
    if failures != []:
        raise UserError(f"{function} was refused again, its log says by whom; {kept.id} is still kept")
    delete_undelivered(environment, kept)


def delete_undelivered(environment: Environment, kept: UndeliveredObject) -> None:
    """Remove the object, and with it the only record that nobody was told."""
    environment.client("s3").delete_object(Bucket=environment.names.undelivered, Key=kept.key)


def _with_current_content(environment: Environment, record: dict[str, Any]) -> dict[str, Any]:
    """The record with the order's content as its row has it now: somebody may have mended it since.

    The content of an order past PENDING changes by that alone. A PENDING one may get the content of a later version:
    who heard of that version keeps it, since of two versions the higher counts.
    """
    stream = record["dynamodb"]
    answer = environment.client("dynamodb").get_item(
        TableName=environment.names.orders_table, Key=stream["Keys"], ConsistentRead=True
    )
    content = {name: value for name, value in answer.get("Item", {}).items() if name not in PROGRESS_ATTRIBUTES}
    return {**record, "dynamodb": {**stream, "NewImage": {**stream.get("NewImage", {}), **content}}}


def _error_text(said: Any) -> str:
    return str(said.get("errorMessage", said) if isinstance(said, dict) else said)


def _read_entry(environment: Environment, entry: Mapping[str, Any]) -> UndeliveredObject | OtherFunctionObject:
    bucket, key = environment.names.undelivered, entry["Key"]
    kept_at = int(entry["LastModified"].timestamp() * 1000)
    if not key.startswith(PREFIXES):
        return object_of_other_function(key, kept_at=kept_at)
    body = environment.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
    try:
        return read_object(key, body, kept_at=kept_at, announcer=environment.names.function("announce"))
    except UnknownObjectFormat as error:
        raise UserError(f"{bucket}/{key} isn't what is kept of a failed batch: {error}") from error
