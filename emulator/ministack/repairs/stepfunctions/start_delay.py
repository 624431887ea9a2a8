"""An execution starts at once.

AWS: an EXPRESS execution starts within milliseconds.
MiniStack: sleeps a fixed 150 ms before every execution, a third of the time that a whole order may take.
"""

import time
from types import SimpleNamespace

from ministack.services import stepfunctions

from emulator.ministack.repairs.patching import RepairContext

FIXED_DELAY_SECONDS = 0.15


def apply(_context: RepairContext) -> None:
    """Skip the one sleep of the module that delays a start."""

    def sleep(seconds: float) -> None:
        if seconds != FIXED_DELAY_SECONDS:
            time.sleep(seconds)

    stepfunctions.time = SimpleNamespace(**vars(time) | {"sleep": sleep})
