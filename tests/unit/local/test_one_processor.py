"""A busy server's threads stay on one processor, and what it starts uses all."""

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from deployment.repository_paths import ROOT
from local import one_processor
from local.one_processor import Usage, on_one_processor, stay_together

# Linux has these calls. macOS hasn't, and the server binds nothing there: the test with `missing` holds that.
BINDS = hasattr(os, "sched_getaffinity")
ONLY_WHERE_THREADS_ARE_BOUND = pytest.mark.skipif(not BINDS, reason="no thread can be bound to a processor here")
LEAVING = "import os; os.sched_setaffinity(0, [min(os.sched_getaffinity(0))]); "
LEAVING += "from emulator.ministack.lambda_worker import use_all_processors; use_all_processors(); "
LEAVING += "print(len(os.sched_getaffinity(0)))"


@contextmanager
def at_work() -> Iterator[None]:
    """Keep a thread busy."""
    done = threading.Event()

    def work() -> None:
        while not done.is_set():
            sum(range(1000))

    worker = threading.Thread(target=work)
    worker.start()
    try:
        yield
    finally:
        done.set()
        worker.join()


async def until_bound_to(processors: set[int] | None) -> set[int]:
    """Wait until this thread may run on these processors only, or on any one; return those at last."""
    for _ in range(1000):
        found = os.sched_getaffinity(0)
        if found == processors or (processors is None and len(found) == 1):
            break
        await asyncio.sleep(0.01)
    return os.sched_getaffinity(0)


@pytest.mark.parametrize(
    ("processor", "waited", "together"),
    [(0.6, 0.0, True), (0.6, 0.39, True), (0.6, 0.41, False), (0.25, 0.0, False), (0.0, 0.0, False)],
)
def test_threads_stay_together_while_they_work_and_no_other_program_does(
    processor: float, waited: float, together: bool
) -> None:
    assert stay_together(Usage(1, 1), Usage(1 + 2 * processor, 1 + 2 * waited), 2.0) is together


@ONLY_WHERE_THREADS_ARE_BOUND
def test_threads_are_bound_while_they_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(one_processor, "_LOOK_SECONDS", 0.05)
    monkeypatch.setattr(one_processor, "_WAITED", 10)  # the machine may be busy
    monkeypatch.setattr(one_processor, "_BUSY", 0.1)
    allowed = os.sched_getaffinity(0)

    async def run() -> list[set[int]]:
        async with on_one_processor():
            with at_work():
                found = [await until_bound_to(None)]
            found.append(await until_bound_to(allowed))
            with at_work():
                found.append(await until_bound_to(None))
        return found

    at_first, at_rest, again = asyncio.run(run())

    assert (len(at_first), at_rest, len(again)) == (1, allowed, 1)
    assert os.sched_getaffinity(0) == allowed


@pytest.mark.parametrize("missing", ["sched_getaffinity", "schedstat"])
def test_nothing_is_bound_where_the_system_does_not_know_how(
    missing: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if missing == "schedstat":
        monkeypatch.setattr(one_processor, "_TASKS", tmp_path)
    else:
        monkeypatch.delattr(os, missing, raising=False)
    monkeypatch.setattr(os, "sched_setaffinity", lambda *_: pytest.fail("something was bound"), raising=False)

    async def run() -> int:
        async with on_one_processor():
            return len(asyncio.all_tasks())

    assert asyncio.run(run()) == 1


@ONLY_WHERE_THREADS_ARE_BOUND
def test_a_functions_process_uses_all_processors() -> None:
    done = subprocess.run([sys.executable, "-c", LEAVING], cwd=ROOT, capture_output=True, text=True, check=True)

    assert int(done.stdout) == len(os.sched_getaffinity(0))
