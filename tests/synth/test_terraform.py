"""Terraform, with the provider's own schema, accepts what was synthesized."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from deployment.cdktf import cdktf_environment
from deployment.provider import put_lock
from environments.user_error import UserError
from tests.synth.support.stack import Stack


class Terraform:
    """One folder with the provider, in which one stack after the other stands."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self._folder = folder
        self._environment = environment

    def initialize(self, stack: Stack) -> None:
        """Get the provider, which is the same for every stack; without it no test here can pass."""
        self._place(stack)
        put_lock(self._folder, self._environment)
        done = self._run("init", "-backend=false", "-input=false", "-no-color")
        if done.returncode:
            pytest.fail(f"the AWS provider can't be had, so nothing is validated:\n{done.stderr}", pytrace=False)

    def validate(self, stack: Stack) -> dict[str, Any]:
        self._place(stack)
        answer: dict[str, Any] = json.loads(self._run("validate", "-json").stdout)
        return answer

    def _place(self, stack: Stack) -> None:
        shutil.copytree(stack.folder, self._folder, dirs_exist_ok=True)

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self._environment["TERRAFORM_BINARY_NAME"], *arguments],
            cwd=self._folder,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture(scope="module")
def terraform(tmp_path_factory: pytest.TempPathFactory, dev: Stack) -> Terraform:
    try:
        environment = cdktf_environment({})
    except UserError as error:
        pytest.fail(f"nothing is validated: {error}", pytrace=False)
    terraform = Terraform(tmp_path_factory.mktemp("terraform"), environment)
    terraform.initialize(dev)
    return terraform


def test_terraform_finds_nothing_wrong(terraform: Terraform, stack: Stack) -> None:
    found = terraform.validate(stack)

    assert found["diagnostics"] == []
    assert found["valid"] is True


def test_terraform_finds_nothing_wrong_with_the_page(terraform: Terraform, web_stacks: dict[str, Stack]) -> None:
    found = {name: terraform.validate(one) for name, one in web_stacks.items()}

    assert {name: one["diagnostics"] for name, one in found.items()} == {name: [] for name in web_stacks}
