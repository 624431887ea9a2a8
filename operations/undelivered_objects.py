"""Objects of the `undelivered` bucket: which function left one, and the changes of orders in it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from operations import timestamps

# A function puts what it can't read under its own name; `announce` of earlier releases used the other prefix.
UNREADABLE = ("announce/", "unreadable/")
# Lambda puts what it gave up of any function under aws/lambda/<event source mapping>/<shard>/YYYY/MM/DD/, and names the
# function in it (Developer Guide, "Retain discarded records for a DynamoDB event source in Lambda").
GIVEN_UP = "aws/lambda/"
# All that `announce` may have left.
PREFIXES = (*UNREADABLE, GIVEN_UP)


@dataclass(frozen=True, kw_only=True)
class OrderChange:
    """One change of an order that nobody was told of."""

    user_id: str
    order_id: str
    before: str
    after: str
    version: str
    sequence_number: str


@dataclass(frozen=True, kw_only=True)
class BucketObject:
    """An object of the bucket."""

    key: str
    kept_at: int

    @property
    def id(self) -> str:
        """The last part of the object's name, which is unique among those of one function."""
        return self.key.rpartition("/")[2]


@dataclass(frozen=True, kw_only=True)
class OtherFunctionObject(BucketObject):
    """An object that another function than `announce` left, whose form and use are that function's."""

    function: str


@dataclass(frozen=True, kw_only=True)
class UndeliveredObject(BucketObject):
    """The record of one batch that Lambda gave up, or of one change that `announce` can't read."""

    why: str
    invocations: int
    records: list[dict[str, Any]]

    @property
    def is_unreadable(self) -> bool:
        """Return True if the reason is in the change itself, and so says nothing of the others."""
        return self.key.startswith(UNREADABLE)

    @property
    def tries(self) -> str:
        """The number of times that `announce` was asked."""
        return "1 try" if self.invocations == 1 else f"{self.invocations} tries"

    @property
    def changes(self) -> list[OrderChange]:
        """The changes in it, oldest first."""
        return [_order_change(record) for record in self.records]


class UnknownObjectFormat(ValueError):
    """An object that is no record of a failed batch; the message says why."""


def object_of_other_function(key: str, *, kept_at: int) -> OtherFunctionObject:
    """The object with a key outside PREFIXES, which is named after its function."""
    return OtherFunctionObject(key=key, kept_at=kept_at, function=key.partition("/")[0])


def read_object(key: str, body: bytes, *, kept_at: int, announcer: str) -> UndeliveredObject | OtherFunctionObject:
    """Read an object with one of PREFIXES, else raise UnknownObjectFormat; `announcer` names `announce`'s function."""
    try:
        document = json.loads(body)
        function = _invoked_function(document) if key.startswith(GIVEN_UP) else announcer
        if function != announcer:
            return OtherFunctionObject(key=key, kept_at=kept_at, function=function)
        return _undelivered_object(key, document)
    except (AttributeError, LookupError, TypeError, ValueError, RecursionError) as error:
        raise UnknownObjectFormat(repr(error)) from error


def _invoked_function(document: Mapping[str, Any]) -> str:
    """The name in the function's ARN, behind which a version or an alias may stand."""
    return str(document["requestContext"]["functionArn"]).split(":")[6]


def _undelivered_object(key: str, document: dict[str, Any]) -> UndeliveredObject:
    payload = document["payload"]
    found = UndeliveredObject(
        key=key,
        kept_at=timestamps.parse_time(document["timestamp"]),
        why=document["requestContext"]["condition"],
        invocations=document["requestContext"]["approximateInvokeCount"],
        records=(json.loads(payload) if isinstance(payload, str) else payload)["Records"],
    )
    if not found.changes:
        raise ValueError("it has no changes")
    return found


def _order_change(record: dict[str, Any]) -> OrderChange:
    stream = record["dynamodb"]
    old, new = stream.get("OldImage", {}), stream.get("NewImage", {})
    return OrderChange(
        user_id=stream["Keys"]["user_id"]["S"],
        order_id=stream["Keys"]["id"]["S"],
        before=old.get("status", {}).get("S", "-"),
        after=new.get("status", {}).get("S", "-"),
        version=new.get("version", {}).get("N", "-"),
        sequence_number=stream["SequenceNumber"],
    )
