"""Runs `python main.py` as a user does, in this checkout or in a copy of it."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from deployment.repository_paths import ROOT
from tests.synth.support.stack_json import StackJson

MEASURED = Path(__file__).with_name("measure_command.py")
PARTS = (
    "main.py",
    "environments.toml",
    "schema.graphql",
    "environments",
    "stacks",
    "lambda_src",
    "requirements/lambda.txt",
    "requirements/lambda.files.txt",
)


@dataclass(frozen=True)
class SynthRun:
    """The files and output of one run, its CPU time, and the memory of its largest process."""

    output: Path
    exit_code: int
    printed: str
    cpu_seconds: float
    peak_bytes: int

    def files(self) -> dict[str, bytes]:
        """Return every file below the output folder."""
        return {
            path.relative_to(self.output).as_posix(): path.read_bytes()
            for path in sorted(self.output.rglob("*"))
            if path.is_file()
        }

    def differing(self, other: "SynthRun") -> list[str]:
        """Return the names of the files that differ between the two runs or are in only one."""
        mine, others = self.files(), other.files()
        return sorted(name for name in mine.keys() | others.keys() if mine.get(name) != others.get(name))

    def stacks(self) -> dict[str, StackJson]:
        """Return the stacks by their names."""
        return {folder.name: StackJson(folder) for folder in sorted((self.output / "stacks").iterdir())}


def synthesize(checkout: Path, output: Path, *names: str, **environment: str) -> SynthRun:
    """Run main.py of the checkout, for these environments or for all.

    Measures CPU time, which a busy machine changes little.
    """
    output.parent.mkdir(parents=True, exist_ok=True)
    report = output.with_suffix(".measured.json")
    done = subprocess.run(
        [sys.executable, str(MEASURED), str(report), sys.executable, "main.py", *names],
        cwd=checkout,
        env={**clean_environment(), "CDKTF_OUTDIR": str(output), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return SynthRun(output=output, exit_code=done.returncode, printed=done.stdout, **json.loads(report.read_text()))


def clean_environment() -> dict[str, str]:
    """Return this process's environment without variables that change or slow down synth."""
    unwanted = ("PYTHONDONTWRITEBYTECODE", "NODE_OPTIONS", "JSII_NODE", "ORDERS_EAGER_BINDINGS")
    return {name: value for name, value in os.environ.items() if name not in unwanted}


def copy_checkout(target: Path) -> Path:
    """Copy the files that synth reads, and link to this checkout's npm packages."""
    for part in PARTS:
        source = ROOT / part
        (target / part).parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(source, target / part)
    (target / "node_modules").symlink_to(ROOT / "node_modules")
    return target
