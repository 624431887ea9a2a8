"""A bounded pool of processes runs the functions.

AWS: a burst gets as many execution environments as it needs, on Amazon's machines.
MiniStack: does the same on the local machine. A cold burst of 300 orders took 376 processes and
16.5 GB. Here at most LIMIT processes run at once, and LIMIT_PER_FUNCTION of one function. Other
invocations wait for their turn. The first process of each function starts when its code arrives, so
that the first order isn't slow.
"""

import logging
import threading
import time
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

from emulator.ministack.repairs.patching import AnyCallable, RepairContext, replace

LIMIT = 10
# With two, both processes of charge_payment were busy all the time, and decided how many orders a second there were. A
# charge mostly waits for the server. LIMIT has room for all processes of our four functions: with less, they took
# processes from each other under load, and started three new ones in a hundred orders.
LIMIT_PER_FUNCTION = 3
# A process that just answered is probably needed again. Stopping it would cause cold starts in a
# burst.
IDLE_SECONDS = 2.0
WARM_UP_DELAY_SECONDS = 1.0
_log = logging.getLogger(__name__)
_LOOK_SECONDS = 0.5  # by then another function's process may have been idle for long enough
_lock = threading.RLock()
_lines: defaultdict[str, deque[threading.Event]] = defaultdict(deque)


def apply(_context: RepairContext) -> None:
    """Bound the pool, and start a process for each deployed function."""
    replace(lambda_runtime, "acquire_worker", _in_turn)
    replace(lambda_runtime, "release_worker", _telling_others)
    lambda_svc.acquire_worker = lambda_runtime.acquire_worker
    lambda_svc.release_worker = lambda_runtime.release_worker
    for name in ("_create_function", "_update_code", "_update_config"):
        replace(lambda_svc, name, _then_warm_up)


def _in_turn(acquire: AnyCallable) -> AnyCallable:
    def acquire_worker(name: str, config: dict[str, Any], code: bytes, **options: Any) -> Any:
        key = lambda_runtime._worker_key(name, config, options.get("qualifier", "$LATEST"))
        with _place_in_line(key) as place:
            while True:
                with _lock:
                    if _lines[key][0] is place and _has_room(key):
                        return acquire(name, config, code, **options)
                    place.clear()
                place.wait(_LOOK_SECONDS)

    return acquire_worker


@contextmanager
def _place_in_line(key: str) -> Iterator[threading.Event]:
    """Wait in line for a function, first come first served.

    Otherwise the first caller could time out while later ones pass it.
    """
    place = threading.Event()
    with _lock:
        _lines[key].append(place)
    try:
        yield place
    finally:
        with _lock:
            _lines[key].remove(place)
            _call_the_first()


def _call_the_first() -> None:
    """Wake the first of each line only.

    If all were woken, most would only find that others are before them: with 30 waiting, that was
    most of the work.
    """
    for line in _lines.values():
        if line:
            line[0].set()


def _telling_others(release: AnyCallable) -> AnyCallable:
    def release_worker(worker: Any) -> None:
        release(worker)
        with _lock:
            _call_the_first()

    return release_worker


def _has_room(key: str) -> bool:
    """Return True if the function can have a process now; to make room, stop another's idle one."""
    with lambda_runtime._lock:
        own = lambda_runtime._workers.get(key, [])
        if any(not worker.in_use for worker in own):
            return True
        everybody = [(other, worker) for other, workers in lambda_runtime._workers.items() for worker in workers]
        if len(own) >= LIMIT_PER_FUNCTION:
            return False
        if len(everybody) < LIMIT:
            return True
        idle = [pair for pair in everybody if not pair[1].in_use and _idle_seconds(pair[1]) > IDLE_SECONDS]
        if not idle:
            return False
        other, victim = max(idle, key=lambda pair: _idle_seconds(pair[1]))
        lambda_runtime._workers[other].remove(victim)
    lambda_runtime.kill_workers([victim])
    return True


def _idle_seconds(worker: Any) -> float:
    return float(time.time() - worker.last_used)


def _then_warm_up(change: AnyCallable) -> AnyCallable:
    def changed(*arguments: Any) -> Any:
        answer = change(*arguments)
        name = arguments[0] if isinstance(arguments[0], str) else arguments[0].get("FunctionName", "")
        if answer[0] < 300:
            threading.Timer(WARM_UP_DELAY_SECONDS, _warm_up, [name]).start()
        return answer

    return changed


def _warm_up(name: str) -> None:
    record = lambda_svc._functions.get(name)
    if not record or not record.get("code_zip"):
        return
    worker, _ = lambda_runtime.acquire_worker(name, record["config"], record["code_zip"])
    try:
        lambda_runtime.ensure_spawned(worker)
    except Exception as error:
        # The first invocation meets the same error and reports it to its caller.
        _log.warning("%s cannot start: %s", name, error)
    finally:
        lambda_runtime.release_worker(worker)
