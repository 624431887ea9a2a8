"""A message on a queue reaches its function at once.

AWS: Lambda long-polls a mapped queue, so a message waits for milliseconds.
MiniStack: a send wakes the poller, but after a wake that found nothing it sleeps 50 ms before the next; with many
writers to other sources that is every time.
"""

from ministack.services import lambda_svc

from local.emulator.repairs.patching import Run

PAUSE_SECONDS = 0.005


def apply(_run: Run) -> None:
    """Sleep less."""
    lambda_svc._ESM_IDLE_WAKE_GAP_SECONDS = PAUSE_SECONDS
