"""A message reaches its function at once.

AWS: Lambda's pollers wait at the queue for messages (Lambda Developer Guide, "Using Lambda with Amazon SQS").
MiniStack: one thread looks at the queues when anything happens: a message in any queue, a change in any table, the end
of a batch. After a look that found nothing it waits for 50 ms. A new order's row is such a change, and its hint, which
followed within 2 ms, waited for most of that time.
"""

from ministack.services import lambda_svc

from emulator.ministack.repairs.patching import RepairContext


def apply(_context: RepairContext) -> None:
    """Look again without a wait; a look takes 0.1 ms."""
    lambda_svc._ESM_IDLE_WAKE_GAP_SECONDS = 0.0
