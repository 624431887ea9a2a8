"""Items are copied quickly.

AWS: what a copy costs isn't the customer's.
MiniStack: copies items by `copy.deepcopy`, four times for an update, which looks for objects that are there twice and
for methods that copy. An item is JSON: dictionaries, lists and values that never change.
"""

import copy
from types import SimpleNamespace
from typing import Any

from ministack.services import dynamodb

from emulator.ministack.repairs.patching import RepairContext

_UNCHANGING = frozenset({str, int, float, bool, bytes, type(None)})


def apply(_context: RepairContext) -> None:
    """Let DynamoDB copy JSON by a function of our own."""
    dynamodb.copy = SimpleNamespace(**vars(copy) | {"deepcopy": copied})


def copied(value: Any) -> Any:
    """Return an independent copy; values that aren't JSON are copied by Python's own rules."""
    kind = type(value)
    if kind in _UNCHANGING:
        return value
    if kind is dict:
        return {name: copied(one) for name, one in value.items()}
    if kind is list:
        return [copied(one) for one in value]
    return copy.deepcopy(value)
