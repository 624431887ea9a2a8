"""The list of types that a state may have beside those of its stack."""

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from deployment.resource_types import BY_SETTING, REMOVED, SENSITIVE_ATTRIBUTES, resource_types
from tests.synth.support.stack_json import StackJson
from tests.synth.support.synth_run import SynthRun, synthesize
from tests.synth.support.terraform_validation import sensitive_attributes

# The settings that take something out of a stack, where they aren't off by default.
OFF = ("live_updates = false", "tracing = false", 'workflow_log_level = "OFF"', 'field_log_level = "NONE"')


def types_of(stacks: Iterable[StackJson]) -> dict[str, list[set[str]]]:
    """The types of the environments' stacks, by what the stacks are for."""
    found: dict[str, list[set[str]]] = {}
    for stack in stacks:
        found.setdefault(stack.name.partition("-")[0], []).append(set(stack.document["resource"]))
    return found


def test_what_a_setting_takes_from_a_stack_may_be_in_its_state(synthesis: SynthRun, checkout: Path) -> None:
    file = checkout / "environments.toml"
    file.write_text(file.read_text().replace("[dev]\n", "\n".join(["[dev]", *OFF, ""])))
    done = synthesize(checkout, checkout / "cdktf.out")
    assert done.exit_code == 0, done.printed

    by_noun = types_of([*synthesis.stacks().values(), *done.stacks().values()])

    taken = {one for found in by_noun.values() for types in found for one in set.union(*found) - types}
    assert sorted(taken) == sorted(BY_SETTING)


def test_a_removed_type_is_in_no_stack(synthesis: SynthRun) -> None:
    used = {one for stack in synthesis.stacks().values() for one in stack.document["resource"]}

    assert used & set(REMOVED) == set()


def test_no_stack_may_have_what_calls_a_function_when_it_goes(synthesis: SynthRun) -> None:
    for stack in synthesis.stacks().values():
        assert "aws_lambda_invocation" not in resource_types(stack.document)


@pytest.mark.contract
def test_what_a_state_may_mark_as_sensitive_is_what_the_provider_does(synthesis: SynthRun, tmp_path: Path) -> None:
    types = {one for stack in synthesis.stacks().values() for one in resource_types(stack.document)}
    required = next(iter(synthesis.stacks().values())).document["terraform"]["required_providers"]
    (tmp_path / "main.tf.json").write_text(json.dumps({"terraform": {"required_providers": required}}))

    found = sensitive_attributes(tmp_path)

    assert {name for type_ in types for name in found.get(type_, ())} == SENSITIVE_ATTRIBUTES
