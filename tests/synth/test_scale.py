"""The settings in docs/scale.md are allowed, and its simulation uses the deployed values."""

import json
from pathlib import Path

import pytest
from orders import bootstrap

from scale import parameters
from scale.rates import RATES
from tests.synth.support.stack_json import StackJson
from tests.synth.support.synth_run import SynthRun, synthesize

TABLE = """
[rate{orders_a_second}]
region = "eu-central-1"
account_id = "444444444444"
state_bucket = "state-444444444444"
{settings}
"""


@pytest.fixture
def rates(checkout: Path, tmp_path: Path) -> SynthRun:
    """Synthesize an environment with the settings for each rate."""
    tables = [
        TABLE.format(
            orders_a_second=rate.orders_a_second,
            settings="\n".join(f"{name} = {json.dumps(value)}" for name, value in rate.settings.items()),
        )
        for rate in RATES
    ]
    (checkout / "environments.toml").write_text("".join(tables), encoding="utf-8")
    return synthesize(checkout, tmp_path / "cdktf.out")


def mapping(stack: StackJson, function: str) -> dict[str, object]:
    (found,) = (
        one
        for one in stack.all("lambda_event_source_mapping")
        if one["function_name"] == stack.reference(stack.named("lambda_function", function), "function_name")
    )
    return found


def test_the_settings_of_each_rate_are_allowed_and_reach_what_they_are_about(rates: SynthRun) -> None:
    assert rates.exit_code == 0, rates.printed
    for rate in RATES:
        stack = rates.stacks()[f"orders-rate{rate.orders_a_second}"]
        workers = mapping(stack, "start-workflow")
        assert workers["scaling_config"] == {"maximum_concurrency": rate.workflow_concurrency}
        assert mapping(stack, "announce")["parallelization_factor"] == rate.announce_parallelization
        assert stack.only("sfn_state_machine")["type"] == rate.settings["workflow_type"]


def test_the_simulation_goes_by_what_is_deployed(dev: StackJson) -> None:
    assert mapping(dev, "start-workflow")["batch_size"] == parameters.HINTS_A_BATCH
    assert mapping(dev, "announce")["batch_size"] == parameters.CHANGES_A_BATCH
    assert bootstrap.ANNOUNCEMENTS_AT_ONCE == parameters.SIDE_BY_SIDE
