"""What AWS refuses, or an account that nobody is signed in to: one line each."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deployment.bootstrap import bootstrap
from deployment.checkout import ROOT, LocalRunError
from deployment.stack import Stack
from deployment.unlock import unlock
from local.emulator.process import Server
from tests.integration.deployment.state_backend import aws_variables

ADVICE = "are you signed in to its account"


def without_credentials() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    nowhere = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    return {**kept, **nowhere, "AWS_EC2_METADATA_DISABLED": "true"}


@pytest.mark.parametrize("command", ["bootstrap", "unlock"])
def test_whoever_is_not_signed_in_is_told_so_in_one_line(command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", f"deployment.{command}", "dev"],
        cwd=ROOT,
        env=without_credentials(),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr.startswith("state-dev in eu-central-1: Unable to locate credentials; ")
    assert ADVICE in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("key", ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
def test_keys_that_aws_refuses_are_one_line(
    key: str, emulator: Server, synthesized_output: Path, tmp_path: Path
) -> None:
    wrong = {**aws_variables(emulator), key: "AKIA" + "W" * 16}
    stack = Stack("state-local", synthesized_output / "stacks" / "state-local", wrong)
    commands: list[Callable[[], Any]] = [
        lambda: bootstrap("local", folder=tmp_path / "bootstrap", aws=wrong),
        lambda: unlock(stack, confirm=lambda _: ""),
    ]

    for command in commands:
        with pytest.raises(LocalRunError) as refused:
            command()
        assert "\n" not in str(refused.value)
        assert ADVICE in str(refused.value) or "belongs to somebody else" in str(refused.value)
