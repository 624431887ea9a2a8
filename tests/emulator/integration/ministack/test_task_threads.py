"""Tasks of state machines with TimeoutSeconds, in this process: their threads are used again."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from ministack.services import stepfunctions

from emulator.ministack.repairs.stepfunctions import task_threads


@pytest.fixture
def run_by(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], Any]], Any]:
    """Run a task as a state machine does, for at most a tenth of a second."""
    monkeypatch.setattr(stepfunctions, "_invoke_resource_with_timeout", None)
    task_threads.apply(None)  # type: ignore[arg-type]  # this repair needs to know nothing of the run

    def run(task: Callable[[], Any]) -> Any:
        monkeypatch.setattr(stepfunctions, "_invoke_resource", lambda _resource, _arguments: task())
        return stepfunctions._invoke_resource_with_timeout("arn:aws:states:::any", {}, 0.1)

    return run


def test_one_task_after_another_has_the_same_thread(run_by: Callable[[Callable[[], Any]], Any]) -> None:
    assert len({run_by(threading.get_ident) for _ in range(5)}) == 1


def test_a_task_that_takes_too_long_is_left_alone(run_by: Callable[[Callable[[], Any]], Any]) -> None:
    may_end = threading.Event()

    with pytest.raises(stepfunctions._ExecutionError, match=r"timed out after 0\.1 seconds"):
        run_by(may_end.wait)
    assert run_by(lambda: "next") == "next"
    may_end.set()


def test_a_failure_of_a_task_is_its_own(run_by: Callable[[Callable[[], Any]], Any]) -> None:
    def fail() -> None:
        raise stepfunctions._ExecutionError("Refused", "because")

    with pytest.raises(stepfunctions._ExecutionError, match="because"):
        run_by(fail)
