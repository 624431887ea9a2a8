"""Synthesize copies of this checkout, one as it is and one rewritten for CDK Terrain."""

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from deployment.child_environment import child_environment
from deployment.exit_check.comparison import NOTHING, Explanation, OutputDifference, compare_values
from deployment.exit_check.rewriting import rewrite_checkout
from deployment.repository_paths import BUILD, ROOT, files_fingerprint
from environments.user_error import UserError

PARTS = (
    "main.py",
    "cdktf.json",
    "environments.toml",
    "schema.graphql",
    "environments",
    "stacks",
    "lambda_src",
    "requirements",
)
REQUIREMENTS = ROOT / "requirements" / "exit.txt"
VENV = BUILD / "exit-venv"
# Variables that would change what is written, or where.
UNWANTED = ("CDKTN_", "NODE_OPTIONS", "JSII_", "ORDERS_", "PYTHONPATH")

EXPLANATIONS = (
    Explanation("the tool's version, in its manifest and in comments to Terraform", r"(//\.metadata\.)?version"),
    Explanation(
        "the AWS provider that the bindings were generated from; an override keeps the old one",
        r"terraform\.required_providers\.aws\.version",
    ),
    Explanation(
        "two spellings of registry.terraform.io/hashicorp/aws",
        r"terraform\.required_providers\.aws\.source",
        lambda before, after: (before, after) == ("aws", "hashicorp/aws"),
    ),
)


def synthesize_both(folder: Path) -> tuple[Path, Path]:
    """Synthesize with CDKTF and with CDK Terrain and return where each wrote its `cdktf.out`."""
    ours, theirs = _copy_checkout(folder / "cdktf"), _copy_checkout(folder / "cdktn")
    rewrite_checkout(theirs)
    return _synthesize(ours, Path(sys.executable)), _synthesize(theirs, _installed())


def compare_outputs(before: Path, after: Path) -> Iterator[OutputDifference]:
    """Compare all files of two outputs: JSON by its values, others by their bytes."""
    ours, theirs = _files(before), _files(after)
    for name in sorted(ours.keys() | theirs.keys()):
        yield from compare_values(ours.get(name, NOTHING), theirs.get(name, NOTHING), file=name)


def _copy_checkout(target: Path) -> Path:
    target.mkdir()
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, target / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(ROOT / part, target / part)
    (target / "node_modules").symlink_to(ROOT / "node_modules")  # for the Node.js in it
    return target


def _installed() -> Path:
    """The Python that has CDK Terrain, installed anew when its lock file changed."""
    stamp, wanted = VENV / ".installed", files_fingerprint([REQUIREMENTS])
    python = VENV / "bin" / "python"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        # As .ci/install-python does it, so that nothing leads pip elsewhere.
        pip = ["bash", "-c", '. .ci/pip && install_with_pip "$@"', "pip", str(python), "--quiet"]
        for command in (
            [sys.executable, "-m", "venv", "--clear", str(VENV)],
            [*pip, "--require-hashes", "-r", str(REQUIREMENTS)],
        ):
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
            if done.returncode:
                raise UserError(f"CDK Terrain can't be installed: {done.stderr.strip()}")
        stamp.write_text(wanted, encoding="utf-8")
    return python


def _synthesize(checkout: Path, python: Path) -> Path:
    environment = {name: value for name, value in child_environment().items() if not name.startswith(UNWANTED)}
    done = subprocess.run(
        [str(python), "main.py"], cwd=checkout, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise UserError(f"{checkout.name} can't synthesize the stacks:\n{done.stderr.strip()}")
    return checkout / "cdktf.out"


def _files(folder: Path) -> dict[str, Any]:
    return {
        path.relative_to(folder).as_posix(): json.loads(path.read_bytes())
        if path.suffix == ".json"
        else f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
        for path in folder.rglob("*")
        if path.is_file()
    }
