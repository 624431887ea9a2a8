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
from deployment.terraform_provider import ADDRESS, write_lock
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
    _initialize(folder)
    found = json.loads(_terraform(folder, "validate", "-json").stdout)["diagnostics"]
    wrong = [one for one in found if one["summary"] != OF_MODULES]
    return {name: [one for one in wrong if _stack_of(one) in (name, None)] for name in stacks}


def sensitive_attributes(folder: Path) -> dict[str, set[str]]:
    """Return the attributes that the AWS provider calls sensitive, of each type of resource that has any.

    The folder has a configuration that asks for the provider. Of a block's attribute the block is returned.
    """
    _initialize(folder)
    schemas = json.loads(_terraform(folder, "providers", "schema", "-json").stdout)["provider_schemas"]
    found = {type_: _sensitive(one["block"]) for type_, one in schemas[ADDRESS]["resource_schemas"].items()}
    return {type_: names for type_, names in found.items() if names}


def _sensitive(block: dict[str, Any]) -> set[str]:
    names = {name for name, one in block.get("attributes", {}).items() if one.get("sensitive")}
    return names | {name for name, one in block.get("block_types", {}).items() if _sensitive(one["block"])}


def _initialize(folder: Path) -> None:
    write_lock(folder, _environment())
    initialized = _terraform(folder, "init", "-backend=false", "-input=false", "-no-color")
    if initialized.returncode:
        pytest.fail(f"the AWS provider can't be had, so nothing is validated:\n{initialized.stderr}", pytrace=False)


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
