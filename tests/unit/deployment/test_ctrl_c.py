"""Ctrl-C while a command loads its modules ends it without a traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deployment.repository_paths import ROOT

# Presses Ctrl-C at the import of a module. A shell starts background jobs with SIGINT ignored; a terminal doesn't.
PRESSED = """
import os, signal, sys
def press(event, arguments):
    if event == "import" and arguments[0] == {module!r}:
        os.kill(os.getpid(), signal.SIGINT)
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.addaudithook(press)
"""


def pressed_at(module: str, folder: Path, *command: str, **variables: str) -> tuple[str, str, int]:
    """Run Python and return what it said, what it complained of, and its exit code."""
    (folder / "sitecustomize.py").write_text(PRESSED.format(module=module), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={**os.environ, **variables, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.stdout, done.stderr, done.returncode


@pytest.mark.parametrize(
    ("target", "module"),
    [
        ("status", "deployment.run_command"),
        ("up", "local.demo"),
        ("demo", "local.run"),
        ("ops", "operations.commands"),
        ("bench", "bench.all_measurements"),
        ("cost", "local.costs.prices"),
        ("soak", "tests.soak.soak"),
        ("scale", "scale.scale_page"),
        ("verify", "verify.verification"),
        ("deploy", "deployment.terraform"),
        ("e2e", "_pytest.config"),
        ("test-unit", "tests.support.background"),
    ],
)
def test_a_command_that_loads_ends_without_a_word(target: str, module: str, tmp_path: Path) -> None:
    ended = pressed_at(module, tmp_path, "-m", "deployment.run_make_target", target, ENV="dev")

    assert ended == ("", "", 130)


def test_ctrl_c_while_python_itself_starts_is_held_back_and_heard(tmp_path: Path) -> None:
    command = ["-S", "deployment/quiet_start.py", "deployment.run_make_target", "status"]

    assert pressed_at("runpy", tmp_path, *command) == ("", "", 130)


def test_the_synthesis_that_loads_ends_without_a_word(tmp_path: Path) -> None:
    assert pressed_at("cdktf", tmp_path, "main.py") == ("", "", 130)


def test_no_module_can_go_on(tmp_path: Path) -> None:
    (tmp_path / "stubborn.py").write_text("try:\n import colorsys\nexcept BaseException: print('goes on')\n")
    code = (
        "from deployment import make_targets, run_make_target\nfrom deployment.run_command import run\n"
        "make_targets.program = lambda _: ['stubborn']\nrun(run_make_target.main)"
    )

    assert pressed_at("colorsys", tmp_path, "-c", code) == ("", "", 130)


def test_a_program_that_has_loaded_hears_it_itself(tmp_path: Path) -> None:
    (tmp_path / "tidy.py").write_text(
        "from deployment.run_command import run\ndef main(_):\n"
        " try:\n  import colorsys\n finally:\n  print('put back')\nrun(main)\n"
    )
    code = (
        "from deployment import make_targets, run_make_target\n"
        "make_targets.program = lambda _: ['tidy']\nrun_make_target.main([])"
    )

    assert pressed_at("colorsys", tmp_path, "-c", code) == ("put back\n", "interrupted\n", 130)
