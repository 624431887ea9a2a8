"""Synthesize this checkout, as JSON and as HCL, or another one beside it."""

import subprocess
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deployment.cdktf import run_cdktf
from deployment.child_environment import child_environment
from deployment.repository_paths import NODE
from deployment.review.synthesized_stack import SynthesizedStack
from environments.user_error import UserError


@dataclass(frozen=True)
class Synthesis:
    """The stacks of a checkout by name, and the settings that they were made from."""

    stacks: Mapping[str, SynthesizedStack]
    settings: Mapping[str, Mapping[str, Any]]

    def folders(self) -> dict[str, list[SynthesizedStack]]:
        """The stacks of each environment; one that belongs to no single environment stands alone."""
        found: dict[str, list[SynthesizedStack]] = {name: [] for name in self.settings}
        for name, stack in sorted(self.stacks.items()):
            environment = name.rpartition("-")[2]
            found.setdefault(environment if environment in self.settings else name, []).append(stack)
        return found


def synthesize(checkout: Path, *, called: str, output: Path) -> Synthesis:
    """Run the checkout's main.py with this Python environment; `called` names the checkout in an error."""
    environment = {**child_environment(), "CDKTF_OUTDIR": str(output)}
    if NODE.exists():
        environment["JSII_NODE"] = str(NODE)
    done = subprocess.run(
        [sys.executable, "main.py"], cwd=checkout, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise UserError(f"{called} can't be synthesized: {_last_line(done.stderr or done.stdout)}")
    settings = tomllib.loads((checkout / "environments.toml").read_text(encoding="utf-8"))
    stacks = [SynthesizedStack.read(folder) for folder in sorted((output / "stacks").iterdir())]
    return Synthesis({stack.name: stack for stack in stacks}, settings)


def render_hcl(output: Path) -> dict[str, str]:
    """Return what `cdktf synth --hcl` makes of each stack of this checkout, by the stack's name."""
    output.mkdir()
    log = output / "cdktf.log"
    if run_cdktf(["synth", "--hcl", "--output", str(output / "cdktf.out")], aws={}, log=log):
        raise UserError(f"cdktf synth --hcl failed: {_last_line(log.read_text(encoding='utf-8'))}")
    files = sorted((output / "cdktf.out" / "stacks").glob("*/cdk.tf"))
    return {file.parent.name: file.read_text(encoding="utf-8") for file in files}


def _last_line(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing"
