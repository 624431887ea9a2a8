"""A closed gate stops every thread except the main one."""

import threading
from collections.abc import Callable, Iterator

import pytest

from emulator.ministack.state.pause_gate import PauseGate

LONG_SECONDS, SHORT_SECONDS = 5, 0.05


@pytest.fixture
def gate() -> Iterator[PauseGate]:
    made = PauseGate()
    yield made
    made.end()


def in_a_thread(step: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=step)
    thread.start()
    return thread


def test_a_closed_gate_lets_nothing_begin(gate: PauseGate) -> None:
    done: list[str] = []
    gate.close()

    thread = in_a_thread(gate.around(lambda: done.append("step")))
    thread.join(SHORT_SECONDS)
    held = list(done)
    gate.reopen()
    thread.join(LONG_SECONDS)

    assert (held, done) == ([], ["step"])


def test_what_ends_behind_a_closed_gate_is_not_looked_at(gate: PauseGate) -> None:
    seen: list[object] = []
    begun, answer = threading.Event(), threading.Event()

    def step() -> str:
        begun.set()
        answer.wait(LONG_SECONDS)
        return "answer"

    thread = in_a_thread(lambda: seen.append(gate.around(step)()))
    begun.wait(LONG_SECONDS)
    gate.close()
    answer.set()
    thread.join(SHORT_SECONDS)
    held = list(seen)
    gate.reopen()
    thread.join(LONG_SECONDS)

    assert (held, seen) == ([], ["answer"])


# Python's own hook ignores SystemExit, pytest's doesn't.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_failure_behind_a_closed_gate_is_not_looked_at_either(gate: PauseGate) -> None:
    seen: list[object] = []

    def fail() -> None:
        gate.close()
        raise ConnectionError

    def work() -> None:
        try:
            gate.around(fail)()
        except ConnectionError as error:
            seen.append(error)

    thread = in_a_thread(work)
    thread.join(SHORT_SECONDS)
    gate.end()
    thread.join(LONG_SECONDS)

    assert seen == []
    assert not thread.is_alive()


def test_the_main_thread_is_never_held(gate: PauseGate) -> None:
    gate.close()

    assert gate.around(lambda: "answer")() == "answer"
