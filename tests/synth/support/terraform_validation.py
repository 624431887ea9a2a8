"""Terraform's validation of stacks, with the provider's own schema.

The stacks are modules of one configuration, because reading the schema takes seconds.
"""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from deployment.cdktf import cdktf_environment
from deployment.terraform_provider import write_lock
from environments.user_error import UserError

# Terraform warns so about a stack that is a module. `validate` doesn't check backends anyway.
OF_MODULES = "Backend configuration ignored"

Diagnostics = dict[str, list[dict[str, Any]]]


def validate(folder: Path, variables: Mapping[str, Mapping[str, str]] | None = None) -> Diagnostics:
    """Return the faults of the stack in each folder below this one, by the folder's name.

    `variables` has, by the same names, values for the variables without a default.
    """
    stacks = sorted(path.name for path in folder.iterdir())
    modules = {name: {"source": f"./{name}", **(variables or {}).get(name, {})} for name in stacks}
    (folder / "stacks.tf.json").write_text(json.dumps({"module": modules}), encoding="utf-8")
    write_lock(folder, _environment())
    initialized = _terraform(folder, "init", "-backend=false", "-input=false", "-no-color")
    if initialized.returncode:
        pytest.fail(f"the AWS provider can't be had, so nothing is validated:\n{initialized.stderr}", pytrace=False)
    found = json.loads(_terraform(folder, "validate", "-json").stdout)["diagnostics"]
    wrong = [one for one in found if one["summary"] != OF_MODULES]
    return {name: [one for one in wrong if _stack_of(one) in (name, None)] for name in stacks}


def _stack_of(diagnostic: dict[str, Any]) -> str | None:
    """Return the folder that a diagnostic is about; None means all of them."""
    file = diagnostic.get("range", {}).get("filename", "")
    return Path(file).parts[0] if "/" in file else None


def _environment() -> dict[str, str]:
    try:
        return cdktf_environment({})
    except UserError as error:
        pytest.fail(f"nothing is validated: {error}", pytrace=False)


def _terraform(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    environment = _environment()
    command = [environment["TERRAFORM_BINARY_NAME"], *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
