"""The queue's message: a hint that an order waits. It names the row and says nothing else."""

import json

from orders.domain.order import OrderKey

VERSION = 1
_KEYS = {"version", "user_id", "id"}


class InvalidHint(ValueError):
    """A message that isn't a hint of a version this code knows: poison."""


def hint_text(key: OrderKey) -> str:
    """The message for an order; also the workflow's input."""
    return json.dumps({"version": VERSION, "user_id": key.user_id, "id": key.order_id})


def parse_hint(text: str) -> OrderKey:
    """The order that a message names; raises InvalidHint with one line that says what was received."""
    try:
        hint = json.loads(text)
    except ValueError:
        raise InvalidHint(f"a hint must be JSON, got {text[:100]!r}") from None
    if not isinstance(hint, dict) or hint.keys() != _KEYS:
        received = sorted(hint) if isinstance(hint, dict) else hint
        raise InvalidHint(f"a hint must have exactly the keys {sorted(_KEYS)}, got {str(received)[:200]}")
    # Compared with its type: JSON's true and 1.0 equal 1 in Python.
    if type(hint["version"]) is not int or hint["version"] != VERSION:
        raise InvalidHint(f"a hint's version must be {VERSION}, got {hint['version']!r}")
    for name in ("user_id", "id"):
        if not isinstance(hint[name], str) or not hint[name]:
            raise InvalidHint(f"a hint's {name} must be a text that isn't empty, got {hint[name]!r}")
    return OrderKey(user_id=hint["user_id"], order_id=hint["id"])
