"""The workflow's longest time, and the error for a machine timeout that is shorter."""

import json
from typing import Any

import pytest

from environments.settings import SettingsError, Timeouts
from stacks.orders.workflow_time import check_worst_path, longest_path
from tests.support.workflow import render

RETRY = {"IntervalSeconds": 1, "BackoffRate": 2, "MaxAttempts": 3, "MaxDelaySeconds": 3}
THROTTLED = {**RETRY, "ErrorEquals": ["Lambda.TooManyRequestsException"]}
BROKEN = {**RETRY, "ErrorEquals": ["States.Timeout"], "MaxAttempts": 1}


def machine(seconds: int) -> str:
    return json.dumps(render(task_timeout_seconds=Timeouts().task, machine_timeout_seconds=seconds))


def worst() -> int:
    definition = render(task_timeout_seconds=Timeouts().task)
    return longest_path(definition["States"], definition["StartAt"])


def test_the_longest_path_counts_every_attempt_and_every_wait() -> None:
    states: dict[str, dict[str, Any]] = {
        "Work": {"Type": "Task", "TimeoutSeconds": 10, "Retry": [THROTTLED, BROKEN], "Catch": [{"Next": "Settle"}]},
        "Settle": {"Type": "Task", "TimeoutSeconds": 7, "End": True},
    }

    # 10 s, throttled after 1, 2 and 3 s, then broken; another 10 s after 1 s; then 7 s to settle.
    assert longest_path(states, "Work") == 10 + (1 + 2 + 3) + (1 + 10) + 7


@pytest.mark.parametrize("step", [{"Next": "Long"}, {"Default": "Long"}, {"Choices": [{"Next": "Long"}]}])
def test_the_longest_path_goes_wherever_a_state_may_lead(step: dict[str, Any]) -> None:
    long = {"Type": "Task", "TimeoutSeconds": 7, "End": True}
    states: dict[str, dict[str, Any]] = {"Start": {"Type": "Choice", **step}, "Long": long}

    assert longest_path(states, "Start") == 7


def test_the_defaults_leave_time_for_the_worst_path() -> None:
    check_worst_path(machine(Timeouts().machine))

    assert Timeouts().task < worst() < Timeouts().machine


def test_a_machine_that_ends_before_its_worst_path_is_one_line() -> None:
    with pytest.raises(SettingsError) as error:
        check_worst_path(machine(worst()))

    assert str(error.value) == (
        f"the machine timeout must be longer than the workflow's worst path, got {worst()} s and {worst()} s"
    )
