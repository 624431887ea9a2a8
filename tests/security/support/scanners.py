"""The security scanners, in the environment that `make security` installs them into."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from deployment.repository_paths import ROOT

PROGRAMS = ROOT / ".build" / "security" / "bin"


def run(program: str, *arguments: str, folder: Path = ROOT, typed: str = "") -> subprocess.CompletedProcess[str]:
    """Run a scanner in a folder, without an AWS account and without downloads of policies."""
    return subprocess.run(
        [str(PROGRAMS / program), *arguments],
        cwd=folder,
        input=typed,
        env={"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", str(folder)), "LOG_LEVEL": "ERROR"},
        capture_output=True,
        text=True,
        timeout=240,
    )


def report(program: str, *arguments: str, folder: Path = ROOT, typed: str = "") -> Any:
    """Run a scanner; return its JSON, or fail with its output."""
    done = run(program, *arguments, folder=folder, typed=typed)
    assert done.stdout.strip(), f"{program} said nothing, exit code {done.returncode}: {done.stderr[-2000:]}"
    return json.loads(done.stdout)


def tracked(*without: str) -> list[str]:
    """Return the repository's files, without those that match a pattern of git's."""
    excluded = [f":(exclude){pattern}" for pattern in without]
    listed = subprocess.run(
        ["git", "ls-files", "--", ".", *excluded], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return listed.stdout.split("\n")[:-1]
