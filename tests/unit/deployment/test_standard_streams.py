"""A command works with standard streams that are closed, and says what a full disk is of."""

import os
import shlex
import subprocess
import sys
from collections.abc import Sequence

import pytest

from deployment.colours import coloured, is_terminal
from deployment.repository_paths import ROOT

# Opens a file as its first, and has a program print: into the file, if that took the closed stream's number.
COMMAND = """
import subprocess, sys, tempfile
from deployment.progress import step
from deployment.run_command import can_ask, run
def main(_):
    with tempfile.TemporaryFile() as file:
        subprocess.run(["sh", "-c", "echo printed; echo said >&2"], check=True)
        with step("Working"):
            print("done", can_ask())
        file.seek(0)
        return 3 if file.read() else 0
run(main)
"""
OPS = "import sys; from operations.__main__ import main; sys.exit(main({}))"
CLOSED = ["<&-", ">&-", "2>&-", "<&- >&-", "<&- >&- 2>&-"]


def run(code: str, redirected: str, *before: str) -> subprocess.CompletedProcess[str]:
    """Run Python code as a shell does with these redirections; it buffers its output, as for `make`."""
    own = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    line = f"exec {shlex.join([sys.executable, *before, *(['-c', code] if code else [])])} {redirected}"
    return subprocess.run(["sh", "-c", line], cwd=ROOT, env=own, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("redirected", CLOSED)
def test_a_closed_stream_is_none_that_a_command_needs(redirected: str) -> None:
    done = run(COMMAND, redirected)

    assert done.returncode == 0, done.stderr
    assert ("done" in done.stdout, "printed" in done.stdout) == ((">&-" not in redirected.split(),) * 2)
    assert done.stderr == ("" if "2>&-" in redirected else "said\n")


@pytest.mark.parametrize("redirected", CLOSED)
@pytest.mark.parametrize("arguments", [["--help"], ["--env", "local", "nope"], ["--env", "nope", "status"]])
def test_so_it_is_for_the_commands_of_the_person_on_call(redirected: str, arguments: Sequence[str]) -> None:
    done = run(OPS.format(arguments), redirected)

    assert done.returncode == (0 if arguments == ["--help"] else done.returncode or 9)
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == (0 if "2>&-" in redirected or arguments == ["--help"] else 1)


@pytest.mark.parametrize("redirected", CLOSED)
def test_what_make_starts_has_all_three_open(redirected: str) -> None:
    code = "import os; [os.fstat(number) for number in (0, 1, 2)]"

    done = run("", redirected, "-S", "deployment/quiet_start.py", "timeit", "-n1", "-r1", code)

    assert done.returncode == 0


@pytest.mark.parametrize("redirected", CLOSED)
def test_what_is_a_python_of_its_own_asks_nobody(redirected: str) -> None:
    done = run("", redirected, "-m", "deployment.cdktf", "deploy", "nope")

    assert done.returncode == 1
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "code",
    [
        "from deployment.run_command import run; run(lambda _: print('line'))",
        "from deployment.run_command import run; run(lambda _: print('line\\n' * 100_000))",
        OPS.format(["--help"]),
    ],
    ids=["one line", "many lines", "ops"],
)
def test_output_that_has_no_room_is_one_line(code: str) -> None:
    done = run(code, ">/dev/full")

    assert (done.returncode, done.stderr) == (1, "the system said: No space left on device: standard output\n")


def test_a_users_error_is_the_only_line_though_the_output_has_no_room() -> None:
    code = (
        "from deployment.run_command import run; from environments.user_error import UserError\n"
        "def fail(_): print('line'); raise UserError('got x, expected y')\nrun(fail)"
    )

    done = run(code, ">/dev/full")

    assert (done.returncode, done.stderr) == (1, "got x, expected y\n")


def test_a_closed_stream_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)

    assert not is_terminal(None)
    assert coloured("text", "bad") == "text"


def test_an_installation_runs_without_an_output() -> None:
    script = "set -euo pipefail; . .ci/progress; with_progress Installing : true; echo done"

    done = subprocess.run(["bash", "-c", f"({script}) >&-"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")
