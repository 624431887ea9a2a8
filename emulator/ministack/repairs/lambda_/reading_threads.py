"""The answer of a function is read on a thread that an earlier one has left.

AWS: what reads an answer isn't the customer's.
MiniStack: makes a thread for each invocation, so that the invocation can be left alone when its time is over.
"""

import inspect
import threading
from types import CodeType, SimpleNamespace
from typing import Any

from ministack.core import lambda_runtime

from emulator.ministack.kept_threads import KeptThread
from emulator.ministack.repairs.patching import RepairContext

READS_AN_ANSWER = "_read_response"


def apply(_context: RepairContext) -> None:
    """Read answers on kept threads; the module's other threads stay as they are."""
    inner = [one.co_name for one in _code(lambda_runtime.Worker.invoke).co_consts if isinstance(one, CodeType)]
    if READS_AN_ANSWER not in inner:
        raise AttributeError(f"Worker.invoke has no {READS_AN_ANSWER}: is this still needed?")

    def thread(**given: Any) -> Any:
        reads = given["target"].__name__ == READS_AN_ANSWER
        return (KeptThread if reads else threading.Thread)(**given)

    lambda_runtime.threading = SimpleNamespace(**vars(threading) | {"Thread": thread})


def _code(function: Any) -> CodeType:
    found: CodeType = inspect.unwrap(function).__code__
    return found
