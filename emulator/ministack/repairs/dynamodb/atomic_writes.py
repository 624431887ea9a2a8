"""Item operations that can't interleave.

AWS: every single-item write is atomic, a conditional write sees the item that it replaces, and a transaction is all or
nothing (DynamoDB Developer Guide, "Condition expressions", "Transactions").
MiniStack: an operation reads, changes and stores an item without a lock. Requests over HTTP run one after another on
the event loop, but tasks of state machines call the same functions from threads of their own: of 2,000 concurrent ADDs
1,856 to 1,905 arrived.
"""

import threading

from ministack.services import dynamodb

from emulator.ministack.repairs.patching import RepairContext, one_at_a_time, replace

ITEM_OPERATIONS = [
    "_batch_get_item",
    "_batch_write_item",
    "_delete_item",
    "_execute_statement",
    "_execute_transaction",
    "_get_item",
    "_put_item",
    "_query",
    "_scan",
    "_transact_get_items",
    "_transact_write_items",
    "_update_item",
]


def apply(_context: RepairContext) -> None:
    """Run one item operation at a time; the lock is re-entrant, as transactions call others."""
    locked = one_at_a_time(threading.RLock())
    for name in ITEM_OPERATIONS:
        replace(dynamodb, name, locked)
