"""A transaction names each item by its whole key, and by nothing else.

AWS: cancels a transaction whose item lacks a part of its key, or whose key has another attribute.
MiniStack: stores such an item, as a row that no call can read or delete.
Source: DynamoDB API reference, TransactWriteItems: reason "ValidationError" of
TransactionCanceledException.
"""

from collections.abc import Iterator
from typing import Any

from ministack.services import dynamodb

from emulator.ministack.repairs.patching import AnyCallable, RepairContext, replace

MISMATCH = "The provided key element does not match the schema"


def apply(_context: RepairContext) -> None:
    """Cancel transactions with keys that can't be; apply this before the lock around transactions."""
    for name in ("_transact_write_items", "_transact_get_items"):
        replace(dynamodb, name, _with_whole_keys)


def _with_whole_keys(original: AnyCallable) -> AnyCallable:
    def run(data: dict[str, Any]) -> Any:
        reasons = dict(_reasons(data))
        if reasons:
            return dynamodb._transact_validation_cancel_response(len(data["TransactItems"]), reasons)
        return original(data)

    return run


def _reasons(data: dict[str, Any]) -> Iterator[tuple[int, str]]:
    """Yield the position and the message of each action whose key doesn't fit its table."""
    for position, action in enumerate(data.get("TransactItems") or []):
        for kind, details in action.items():
            table = dynamodb._tables.get(dynamodb._normalize_table_name(details["TableName"]))
            if table is None:
                continue
            names = [name for name in (table["pk_name"], table["sk_name"]) if name]
            missing = [name for name in names if name not in details.get("Item", {})]
            if kind == "Put" and missing:
                yield position, f"One or more parameter values were invalid: Missing the key {missing[0]} in the item"
            elif kind != "Put" and details.get("Key", {}).keys() != set(names):
                yield position, MISMATCH
