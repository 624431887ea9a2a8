"""All that the emulator does by itself, at a standstill while its state is taken or put back.

Work in the background comes to a gate before and after each step that others notice: an invocation, a task's call, a
look at a queue or a stream. While the gate is closed its thread waits there, and with the server it ends there. What an
invocation has answered but nobody has looked at yet is lost, as in a power cut: a message stays in flight until its
visibility timeout ends, a reader of a stream stays where it was.
"""

import functools
import threading

from ministack.services import eventbridge, lambda_svc, stepfunctions

from local.emulator.repairs.lambda_stream_mappings import Reader
from local.emulator.repairs.patching import AnyCallable, replace

# What is between two gates when they close gets to the next one within this time.
SETTLE_SECONDS = 0.2
_open = threading.Event()
_open.set()
_ending = threading.Event()


def apply() -> None:
    """Put the gates around what is repaired already."""
    replace(lambda_svc, "_poll_sqs", _between_gates)
    replace(lambda_svc, "_execute_function", _between_gates)
    replace(Reader, "_read_once", _between_gates)
    replace(stepfunctions, "_run_execution", _between_gates)
    replace(stepfunctions, "_invoke_resource", _between_gates)
    replace(stepfunctions, "_invoke_with_callback", _between_gates)
    replace(eventbridge, "_invoke_target", _between_gates)


def close() -> None:
    """Let nothing more through."""
    _open.clear()


def reopen() -> None:
    """Let everything go on."""
    _open.set()


def end() -> None:
    """Let the threads at the gates end: one that waits for ever would keep the process from ending."""
    _ending.set()
    _open.set()


def _between_gates(step: AnyCallable) -> AnyCallable:
    @functools.wraps(step)
    def gated(*arguments: object, **options: object) -> object:
        _pass()
        try:
            return step(*arguments, **options)
        finally:
            _pass()

    return gated


def _pass() -> None:
    # The event loop runs in the main thread: if it waited, nothing would answer any more.
    if threading.current_thread() is threading.main_thread():
        return
    _open.wait()
    if _ending.is_set():
        raise SystemExit  # ends the thread and nothing else; no handler of errors takes it for a failure
