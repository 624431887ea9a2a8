"""Measure how long a developer waits, in a clone of its own: demo, `up` after a change, tests by tier."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.result_tables import compared_table
from deployment.progress import step
from deployment.repository_paths import ROOT
from deployment.run_command import run_to_its_end
from environments.user_error import UserError
from local.server_process import free_port
from local.temporary_folder import temporary_folder

TIERS = ("test-unit", "test-synth", "test-integration", "test-emulator", "test-e2e", "test-web")
# Each line is appended to the file: it changes what is deployed, and nothing that happens.
CHANGES = {
    "one resolver": ("stacks/orders/resolvers/Query.order.js", "// A change that makes no difference.\n"),
    "one handler": ("lambda_src/orders/handlers/sweep.py", "# A change that makes no difference.\n"),
    "the page": ("web/index.html", "<!-- A change that makes no difference. -->\n"),
}
_COLD, _WARM = "`make demo`, cold: nothing is installed", "`make demo`, warm"
_WHOLE = "`make test`, all tiers side by side"
_ROUNDS = 3


def tables() -> Iterator[list[str]]:
    """Yield the tables so far, the last time all of them; the clone and its run are gone in the end."""
    with _clone() as clone:
        waits = compared_table("seconds", _waits(clone), [_COLD])
        yield [waits]
        for tests in _tests(clone):
            yield [waits, compared_table("seconds", tests, [next(iter(tests))])]


def _waits(clone: "Clone") -> dict[str, list[float]]:
    found = {_COLD: [clone.make("demo")], _WARM: [], **{_after(name): [] for name in CHANGES}}
    for _ in range(_ROUNDS):
        found[_WARM].append(clone.make("demo"))
        for name, (file, line) in CHANGES.items():
            with (clone.folder / file).open("a", encoding="utf-8") as changed:
                changed.write(line)
            found[_after(name)].append(clone.make("up"))
    clone.make("down")
    found["`make up`, cold: installed and built already"] = [clone.make("up")]
    clone.make("down")
    clone.forget_changes()
    return found


def _after(change: str) -> str:
    return f"`make up` after a change of {change}"


def _tests(clone: "Clone") -> Iterator[dict[str, list[float]]]:
    found = {}
    for target, name in {"test": _WHOLE, **{tier: f"`make {tier}`" for tier in TIERS}}.items():
        try:
            seconds, failed = clone.make(target), ""
        except Failed as reason:  # on a busy machine a test may; the time is worth keeping
            seconds, failed = reason.seconds, f", which failed: {reason.last_line}"
        found[f"{name}{failed}"] = [seconds]
        yield found


class Failed(UserError):
    """A command failed after so many seconds."""

    def __init__(self, command: str, last_line: str, seconds: float) -> None:
        super().__init__(f"{command} in a clone failed: {last_line}")
        self.last_line = last_line
        self.seconds = seconds


class Clone:
    """A clone of this repository's HEAD: what isn't committed isn't measured."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._port = free_port()

    def make(self, target: str) -> float:
        """Run a target and return the seconds that it takes; raises Failed."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "VIRTUAL_ENV"))}
        log = self.folder.with_suffix(f".{target}.log")
        began = time.perf_counter()
        with step(f"make {target}"), log.open("wb") as said:
            code = run_to_its_end(
                ["make", target, f"PORT={self._port}"],
                cwd=self.folder,
                env={**kept, "PYTHON": os.path.realpath(sys.executable)},
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
            )
        seconds = time.perf_counter() - began
        if code:
            last = log.read_text(encoding="utf-8", errors="replace").strip().splitlines() or ["it said nothing"]
            raise Failed(f"`make {target}`", last[-1], seconds)
        return seconds

    def forget_changes(self) -> None:
        """Make the clone's files what they were."""
        subprocess.run(["git", "checkout", "--quiet", "."], cwd=self.folder, check=True)


@contextmanager
def _clone() -> Iterator[Clone]:
    with temporary_folder() as folder:
        clone = Clone(folder / "clone")
        command = ["git", "clone", "--quiet", "--shared", str(ROOT), str(clone.folder)]
        if subprocess.run(command, check=False).returncode:
            raise UserError(f"{ROOT} can't be cloned: the figures are of a clone of what is committed")
        try:
            yield clone
        finally:
            clone.make("down")
