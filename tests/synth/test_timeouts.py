"""Each layer gives up before the one around it does, with the numbers that Terraform is given."""

import json
import re
from typing import Any

import pytest

from tests.synth.stack import Stack

EXPRESS_ENDS_AFTER = 300
States = dict[str, dict[str, Any]]


@pytest.fixture
def machine(stack: Stack) -> dict[str, Any]:
    definition: dict[str, Any] = json.loads(stack.only("sfn_state_machine")["definition"])
    return definition


def test_every_layer_outlasts_the_one_it_contains(stack: Stack, machine: dict[str, Any]) -> None:
    function = stack.named("lambda_function", "charge-payment")
    gateway = float(function["environment"]["variables"]["GATEWAY_TIMEOUT_SECONDS"])
    tasks = {state["TimeoutSeconds"] for state in machine["States"].values() if state["Type"] == "Task"}
    worst = longest_path(machine["States"], machine["StartAt"])

    chain = [gateway, function["timeout"], min(tasks), worst, machine["TimeoutSeconds"], lease_seconds(machine)]

    assert chain == sorted(set(chain))
    assert max(tasks) < worst
    assert machine["TimeoutSeconds"] <= EXPRESS_ENDS_AFTER


def test_the_sweep_has_time_for_a_gateway_that_doesnt_answer(stack: Stack) -> None:
    function = stack.named("lambda_function", "sweep")

    assert float(function["environment"]["variables"]["GATEWAY_TIMEOUT_SECONDS"]) < function["timeout"] / 2


def test_the_longest_path_counts_every_attempt_and_every_wait() -> None:
    retry = {"IntervalSeconds": 1, "BackoffRate": 2, "MaxAttempts": 3, "MaxDelaySeconds": 3}
    throttled = {**retry, "ErrorEquals": ["Lambda.TooManyRequestsException"]}
    broken = {**retry, "ErrorEquals": ["States.Timeout"], "MaxAttempts": 1}
    states: States = {
        "Work": {"Type": "Task", "TimeoutSeconds": 10, "Retry": [throttled, broken], "Catch": [{"Next": "Settle"}]},
        "Settle": {"Type": "Task", "TimeoutSeconds": 7, "End": True},
    }

    # 10, throttled after 1, 2 and 3, then broken: after 1 another 10; then 7 to settle.
    assert longest_path(states, "Work") == 10 + (1 + 2 + 3) + (1 + 10) + 7


def lease_seconds(machine: dict[str, Any]) -> float:
    due_at = machine["States"]["BeginPayment"]["Arguments"]["ExpressionAttributeValues"][":due_at"]["N"]
    (milliseconds,) = re.findall(r"\$millis\(\) \+ (\d+)", due_at)
    return int(milliseconds) / 1000


def longest_path(states: States, name: str) -> float:
    """Seconds from entering a state to the machine's end, if whatever can go slowly does."""
    state = states[name]
    steps = [state, {"Next": state.get("Default")}, *state.get("Catch", []), *state.get("Choices", [])]
    following = {step["Next"] for step in steps if step.get("Next")}
    own = longest_task(state) if state["Type"] == "Task" else 0
    return own + max((longest_path(states, after) for after in following), default=0)


def longest_task(state: dict[str, Any]) -> float:
    """Seconds until a task has failed for good; an attempt that is throttled ends at once, any other times out."""
    seconds = float(state["TimeoutSeconds"])
    for retrier in state.get("Retry", []):
        for attempt in range(retrier["MaxAttempts"]):
            seconds += min(retrier["IntervalSeconds"] * retrier["BackoffRate"] ** attempt, retrier["MaxDelaySeconds"])
            if retrier["ErrorEquals"] != ["Lambda.TooManyRequestsException"]:
                seconds += state["TimeoutSeconds"]
    return seconds
