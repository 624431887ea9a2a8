"""Terraform, with the provider's own schema, accepts the synthesized stacks."""

import shutil

import pytest

from tests.synth.support.stack_json import StackJson
from tests.synth.support.terraform_validation import Diagnostics, validate

pytestmark = pytest.mark.contract


@pytest.fixture(scope="module")
def diagnostics(
    tmp_path_factory: pytest.TempPathFactory,
    stacks: dict[str, StackJson],
    web_stacks: dict[str, StackJson],
    state_stacks: dict[str, StackJson],
) -> Diagnostics:
    """Terraform's findings for each stack, by its name."""
    folder = tmp_path_factory.mktemp("terraform")
    for stack in (*stacks.values(), *web_stacks.values(), *state_stacks.values()):
        shutil.copytree(stack.folder, folder / stack.name)
    return validate(folder)


def test_terraform_finds_nothing_wrong(stack: StackJson, diagnostics: Diagnostics) -> None:
    assert diagnostics[stack.name] == []


def test_terraform_finds_nothing_wrong_with_the_page(
    web_stacks: dict[str, StackJson], diagnostics: Diagnostics
) -> None:
    found = {name: diagnostics[stack.name] for name, stack in web_stacks.items()}

    assert found == {name: [] for name in web_stacks}


def test_terraform_finds_nothing_wrong_with_the_state(
    state_stacks: dict[str, StackJson], diagnostics: Diagnostics
) -> None:
    found = {name: diagnostics[stack.name] for name, stack in state_stacks.items()}

    assert found == {name: [] for name in state_stacks}
