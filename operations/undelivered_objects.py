"""Objects of the `undelivered` bucket: which function left one, and the changes of orders in it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from operations import moments

# A function puts what it can't read under its own name; `announce` of earlier releases used the other prefix.
UNREADABLE = ("announce/", "unreadable/")
# Lambda puts what it gave up of any function under aws/lambda/<event source mapping>/<shard>/YYYY/MM/DD/, and names the
# function in it (Developer Guide, "Retain discarded records for a DynamoDB event source in Lambda").
GIVEN_UP = "aws/lambda/"
# All that `announce` may have left.
PREFIXES = (*UNREADABLE, GIVEN_UP)


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
class Kept:
    """An object of the bucket."""

    key: str
    kept_at: int

    @property
    def id(self) -> str:
        """The last part of the object's name, which is unique among those of one function."""
        return self.key.rpartition("/")[2]


@dataclass(frozen=True, kw_only=True)
class LeftByAnother(Kept):
    """An object that another function than `announce` left, whose form and use are that function's."""

    function: str


@dataclass(frozen=True, kw_only=True)
class Undelivered(Kept):
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
    def changes(self) -> list[Change]:
        """The changes in it, oldest first."""
        return [_change(record) for record in self.records]


class AnotherKind(ValueError):
    """An object that is no record of a failed batch; the message says why."""


def left_under_its_name(key: str, *, kept_at: int) -> LeftByAnother:
    """The object with a key outside PREFIXES, which is named after its function."""
    return LeftByAnother(key=key, kept_at=kept_at, function=key.partition("/")[0])


def read(key: str, body: bytes, *, kept_at: int, announcer: str) -> Undelivered | LeftByAnother:
    """Read an object with one of PREFIXES; `announcer` is the name of `announce`'s function. Raises AnotherKind."""
    try:
        document = json.loads(body)
        function = _invoked(document) if key.startswith(GIVEN_UP) else announcer
        if function != announcer:
            return LeftByAnother(key=key, kept_at=kept_at, function=function)
        return _undelivered(key, document)
    except (AttributeError, LookupError, TypeError, ValueError, RecursionError) as error:
        raise AnotherKind(repr(error)) from error


def _invoked(document: Mapping[str, Any]) -> str:
    """The name in the function's ARN, behind which a version or an alias may stand."""
    return str(document["requestContext"]["functionArn"]).split(":")[6]


def _undelivered(key: str, document: dict[str, Any]) -> Undelivered:
    payload = document["payload"]
    found = Undelivered(
        key=key,
        kept_at=moments.parsed(document["timestamp"]),
        why=document["requestContext"]["condition"],
        invocations=document["requestContext"]["approximateInvokeCount"],
        records=(json.loads(payload) if isinstance(payload, str) else payload)["Records"],
    )
    if not found.changes:
        raise ValueError("it has no changes")
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
