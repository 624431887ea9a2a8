"""Concurrent queue operations don't lose messages.

AWS: a message that SendMessage confirmed stays until somebody deletes it or it expires.
MiniStack: receiving and deleting put a new list in the place of the queue's, under a lock that sending doesn't take; a
message that is sent from another thread in between is gone.
"""

import threading

from ministack.services import sqs

from emulator.ministack.repairs.patching import RepairContext, one_at_a_time, replace

STEPS = [
    "_act_change_visibility",
    "_act_change_visibility_batch",
    "_act_delete_message",
    "_act_delete_message_batch",
    "_act_purge_queue",
    "_act_send_message",
    "_act_send_message_batch",
    "_collect_msgs",
    "_dlq_sweep",
    "_expire_retained",
]


def apply(_context: RepairContext) -> None:
    """Use MiniStack's own lock everywhere; re-entrant, because some operations call others."""
    sqs._queues_lock = threading.RLock()
    locked = one_at_a_time(sqs._queues_lock)
    handlers = {handler.__name__: action for action, handler in sqs._HANDLERS.items()}
    for name in STEPS:
        replace(sqs, name, locked)
        if name in handlers:
            sqs._HANDLERS[handlers[name]] = getattr(sqs, name)
