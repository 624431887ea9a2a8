"""The log of an invocation is read to its mark, however late that comes."""

import queue
import threading
import time
from types import SimpleNamespace

from emulator.ministack.lambda_worker import END_OF_LOG
from emulator.ministack.repairs.lambda_.invocation_logs import LOOK_SECONDS, _read_log


def worker(*, code: int | None = None) -> SimpleNamespace:
    """Stand for a worker that runs, or that ended with a code."""
    return SimpleNamespace(_stderr_queue=queue.Queue(), _proc=SimpleNamespace(poll=lambda: code))


def test_the_log_of_a_live_worker_is_waited_for_on_a_busy_machine() -> None:
    busy = worker()

    def bring() -> None:
        for line in ("one", "two", END_OF_LOG, "of the next invocation"):
            busy._stderr_queue.put(line)

    threading.Timer(2 * LOOK_SECONDS, bring).start()

    assert _read_log(busy) == "one\ntwo"


def test_a_worker_that_died_is_not_waited_for() -> None:
    dead, began = worker(code=-9), time.monotonic()
    dead._stderr_queue.put("last words")

    assert _read_log(dead) == "last words"
    assert time.monotonic() - began < 10 * LOOK_SECONDS
