"""The deployed system agrees with the stacks."""

from typing import Any

import pytest

from deployment.cdktf import run_cdktf
from deployment.local_outputs import aws_environment
from deployment.terraform_output import COLOURS
from local.deploy import STACKS
from tests.conftest import Deployment


@pytest.mark.parametrize("stack", STACKS)
def test_after_all_these_tests_cdktf_diff_finds_no_changes(
    deployment: Deployment, outputs: dict[str, Any], stack: str
) -> None:
    directory = deployment.run.directory
    log = directory / "diff.log"

    code = run_cdktf(
        ["diff", stack, "--skip-synth", "--output", str(directory / "cdktf.out")],
        aws=aws_environment(outputs),
        log=log,
    )

    lines = COLOURS.sub("", log.read_text(encoding="utf-8")).splitlines()
    said = "\n".join(line for line in lines if "Refreshing state..." not in line)
    assert code == 0, said
    assert "No changes." in said, said
