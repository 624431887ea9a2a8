"""Threads that are used again, also for the answers of functions."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from ministack.core import lambda_runtime

from deployment.repository_paths import ROOT
from emulator.ministack.kept_threads import KeptThread
from emulator.ministack.repairs.lambda_ import reading_threads

MakeThread = Callable[..., Any]


@pytest.fixture
def make_thread(monkeypatch: pytest.MonkeyPatch) -> MakeThread:
    """Return what MiniStack's module makes threads with."""
    monkeypatch.setattr(lambda_runtime, "threading", threading)
    reading_threads.apply(None)  # type: ignore[arg-type]  # this repair needs to know nothing of the run
    found: MakeThread = lambda_runtime.threading.Thread
    return found


def ran_on(thread: Any) -> None:
    thread.start()
    thread.join()


def test_answers_are_read_on_one_thread_after_another(make_thread: MakeThread) -> None:
    threads: list[int] = []

    def _read_response() -> None:
        threads.append(threading.get_ident())

    for _ in range(5):
        ran_on(make_thread(target=_read_response, daemon=True))

    assert len(threads) == 5
    assert len(set(threads)) == 1


def test_other_threads_are_their_own(make_thread: MakeThread) -> None:
    def _read_stderr() -> None:
        pass

    assert isinstance(make_thread(target=_read_stderr, daemon=True, name="stderr"), threading.Thread)


def test_who_waits_for_a_kept_thread_waits_no_longer_than_told() -> None:
    may_end = threading.Event()
    thread = KeptThread(target=may_end.wait, daemon=True)
    thread.start()

    began = time.perf_counter()
    thread.join(timeout=0.05)
    waited, alive = time.perf_counter() - began, thread.is_alive()
    may_end.set()
    thread.join(timeout=10)

    assert waited >= 0.05
    assert (alive, thread.is_alive()) == (True, False)


def test_a_ministack_that_reads_answers_otherwise_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lambda_runtime.Worker, "invoke", lambda _self: None)

    with pytest.raises(AttributeError, match="is this still needed"):
        reading_threads.apply(None)  # type: ignore[arg-type]  # as above


def test_a_program_ends_although_a_kept_thread_is_at_work() -> None:
    waiting = "import threading; from emulator.ministack import kept_threads; "
    waiting += "kept_threads.start(threading.Event().wait)"

    subprocess.run([sys.executable, "-c", waiting], cwd=ROOT, timeout=30, check=True)
