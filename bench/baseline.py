"""The system as it was at a commit of this repository's history: built, brought up and removed by its own Makefile."""

import io
import os
import re
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.run_under_test import RunUnderTest
from deployment.repository_paths import ROOT
from environments.user_error import UserError
from local.server_process import free_port

# Before the guard, the restorable state and the repairs that make the emulator behave like AWS.
COMMIT = "71e95b8"
NO_BASELINE = "no"
_LOG = "up.log"


class NotBuilt(UserError):
    """The baseline can't be measured here; the message is the one line to print."""


def require_hash(base: str) -> None:
    """Raise UserError unless it can be a commit's hash."""
    if not re.fullmatch("[0-9a-f]{7,40}", base):
        raise UserError(f"BASE: got {base!r}, expected the hash of a commit, or {NO_BASELINE}")


@contextmanager
def baseline_run(commit: str, folder: Path) -> Iterator[RunUnderTest]:
    """Bring it up in the folder for as long as it is measured; raises NotBuilt."""
    checkout = folder / "checkout"
    _unpack(commit, checkout)
    try:
        _make("up", checkout, folder / _LOG)
        yield RunUnderTest(commit, checkout / ".local")
    finally:
        if (checkout / ".local" / "run.json").exists():
            _make("down", checkout, folder / "down.log")


def _unpack(commit: str, target: Path) -> None:
    require_hash(commit)
    packed = subprocess.run(["git", "archive", commit], cwd=ROOT, capture_output=True, check=False)
    if packed.returncode:
        raise NotBuilt(f"without a baseline: git has no commit {commit} here, as in a shallow clone")
    with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
        archive.extractall(target, filter="data")


def _make(target: str, checkout: Path, log: Path) -> None:
    port = [f"PORT={free_port()}"] if target == "up" else []
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "VIRTUAL_ENV"))}
    with log.open("wb") as said:
        done = subprocess.run(
            ["make", target, *port, f"PYTHON={os.path.realpath(sys.executable)}"],
            cwd=checkout,
            env=kept,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode:
        last = log.read_text(encoding="utf-8", errors="replace").strip().splitlines() or ["it said nothing"]
        raise NotBuilt(f"without a baseline: `make {target}` of it failed: {last[-1]}")
