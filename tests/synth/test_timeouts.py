"""Each layer gives up before the one around it, by the numbers that Terraform gets."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from stacks.orders.workflow_time import longest_path
from tests.synth.support.stack_json import StackJson, name_of
from tests.synth.support.synth_run import synthesize

EXPRESS_ENDS_AFTER = 300


@pytest.fixture
def machine(stack: StackJson) -> dict[str, Any]:
    definition: dict[str, Any] = json.loads(stack.only("sfn_state_machine")["definition"])
    return definition


def test_every_layer_outlasts_the_one_it_contains(stack: StackJson, machine: dict[str, Any]) -> None:
    function = stack.named("lambda_function", "charge-payment")
    gateway = float(function["environment"]["variables"]["GATEWAY_TIMEOUT_SECONDS"])
    tasks = {state["TimeoutSeconds"] for state in machine["States"].values() if state["Type"] == "Task"}
    worst = longest_path(machine["States"], machine["StartAt"])

    chain = [gateway, function["timeout"], min(tasks), worst, machine["TimeoutSeconds"], lease_seconds(machine)]

    assert chain == sorted(set(chain))
    assert max(tasks) < worst
    assert machine["TimeoutSeconds"] <= EXPRESS_ENDS_AFTER


def test_a_machine_too_short_for_its_workflow_is_one_line_and_a_failure(checkout: Path, tmp_path: Path) -> None:
    file = checkout / "environments" / "settings.py"
    file.write_text(file.read_text(encoding="utf-8").replace("machine: int = 240", "machine: int = 100"))

    done = synthesize(checkout, tmp_path / "cdktf.out")

    assert done.printed.startswith("the machine timeout must be longer than the workflow's worst path, got 100 s and ")
    assert done.printed.count("\n") == 1
    assert done.exit_code == 1


def test_only_announce_and_sweep_have_timeouts_of_their_own(stack: StackJson) -> None:
    timeouts = {name_of(one).removeprefix(f"{stack.name}-"): one["timeout"] for one in stack.all("lambda_function")}

    assert timeouts == {"start-workflow": 10, "charge-payment": 10, "announce": 60, "sweep": 50}


def test_the_sweep_has_time_for_a_gateway_that_doesnt_answer(stack: StackJson) -> None:
    function = stack.named("lambda_function", "sweep")

    assert float(function["environment"]["variables"]["GATEWAY_TIMEOUT_SECONDS"]) < function["timeout"] / 2


def lease_seconds(machine: dict[str, Any]) -> float:
    due_at = machine["States"]["BeginPayment"]["Arguments"]["ExpressionAttributeValues"][":due_at"]["N"]
    (milliseconds,) = re.findall(r"\$millis\(\) \+ (\d+)", due_at)
    return int(milliseconds) / 1000
