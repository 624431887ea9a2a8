"""The queue's message: a hint that an order waits. It names the order's row and nothing else."""

import json
from reprlib import Repr
from typing import Any

from orders.domain.order import OrderKey
from orders.domain.text import is_unicode

VERSION = 1
_KEYS = {"version", "user_id", "id"}
# DynamoDB's limits of a partition key and of a sort key, in bytes of UTF-8. No row has a longer
# one.
_LARGEST = {"user_id": 2048, "id": 1024}

_repr = Repr()
_repr.maxstring = _repr.maxother = 100


class InvalidHint(ValueError):
    """A message that is no hint, or none of a version that this code knows: poison."""


def hint_text(key: OrderKey) -> str:
    """Return the message for an order, which is also the workflow's input."""
    return json.dumps({"version": VERSION, "user_id": key.user_id, "id": key.order_id})


def parse_hint(text: str) -> OrderKey:
    """Read the order's key from a message; raises InvalidHint with a one-line message."""
    try:
        hint = json.loads(text, object_pairs_hook=_without_repeats)
    # Python raises RecursionError for thousands of brackets.
    except (ValueError, RecursionError):
        raise InvalidHint(f"a hint must be JSON with each key once, got {text[:100]!r}") from None
    if not isinstance(hint, dict) or hint.keys() != _KEYS:
        received = sorted(hint) if isinstance(hint, dict) else hint
        raise InvalidHint(f"a hint must have exactly the keys {sorted(_KEYS)}, got {_repr.repr(received)}")
    # Compare the type too: JSON's true and 1.0 equal 1 in Python.
    if type(hint["version"]) is not int or hint["version"] != VERSION:
        raise InvalidHint(f"a hint's version must be {VERSION}, got {_repr.repr(hint['version'])}")
    for name, largest in _LARGEST.items():
        if not _names_a_key(hint[name], largest):
            allowed = f"text of 1 to {largest} bytes of UTF-8"
            raise InvalidHint(f"a hint's {name} must be {allowed}, got {_repr.repr(hint[name])}")
    return OrderKey(user_id=hint["user_id"], order_id=hint["id"])


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is there twice")
    return found


def _names_a_key(value: object, largest: int) -> bool:
    return isinstance(value, str) and is_unicode(value) and 1 <= len(value.encode()) <= largest
