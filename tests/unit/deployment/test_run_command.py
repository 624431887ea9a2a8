"""A command lets its programs finish, and reports a user's error in one line."""

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Sequence

import pytest

from deployment.repository_paths import ROOT
from deployment.run_command import run, run_to_its_end

# Stands for Terraform, which saves the state when it is interrupted.
SLOW = "trap 'sleep 0.3; echo saved; exit 1' INT; echo applying; for _ in {1..600}; do sleep 0.1; done"
# A shell starts background jobs with SIGINT ignored. A terminal's programs don't ignore it.
HEARS_CTRL_C = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
RUN = "from deployment.run_command import run, run_to_its_end"


def test_a_program_that_is_heard_is_let_finish_after_ctrl_c_and_heard_to_its_end() -> None:
    heard = "on_line=lambda line: print('heard', line, flush=True)"
    code = f"{HEARS_CTRL_C}; {RUN}; run(lambda _: run_to_its_end(['bash', '-c', {SLOW!r}], {heard}))"
    interrupted = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert interrupted.stdout is not None
    assert interrupted.stdout.readline() == "heard applying\n"

    os.killpg(interrupted.pid, signal.SIGINT)  # what a terminal does at Ctrl-C
    output, _ = interrupted.communicate(timeout=60)

    assert output == "heard saved\ninterrupted\n"
    assert interrupted.returncode == 130


def test_a_carriage_return_begins_no_line() -> None:
    heard: list[str] = []

    run_to_its_end(["printf", "one\rPlan: 0 to destroy\ntwo\r\nthree"], on_line=heard.append)

    assert heard == ["one\rPlan: 0 to destroy", "two", "three"]


def test_what_the_user_has_to_change_is_one_line_without_colours_where_there_is_no_terminal() -> None:
    code = (
        f"{RUN}; from environments.user_error import UserError\ndef fail(_): raise UserError('got \\x1b, expected y')"
    )

    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nrun(fail)"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout, done.stderr) == (1, "", "got \\x1b, expected y\n")


@pytest.mark.parametrize(
    "command",
    [
        f"{RUN}; run(lambda _: print('line\\n' * lines))",
        "import click; from operations import __main__ as ops; ops.operations.main = lambda *_, **__:"
        " click.echo('line\\n' * lines); import sys; sys.exit(ops.main([]))",
    ],
)
@pytest.mark.parametrize("lines", [1, 100_000])
def test_a_reader_that_has_left_is_no_error_to_tell_of(command: str, lines: int) -> None:
    read, write = os.pipe()
    os.close(read)

    done = subprocess.run(
        [sys.executable, "-c", f"lines = {lines}; {command}"],
        cwd=ROOT, stdout=write, stderr=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip

    os.close(write)
    assert (done.stderr, done.returncode in {0, 1}) == ("", True)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "No space left on device"),
        (OSError(errno.EROFS, "Read-only file system", "/a/lock"), "Read-only file system: /a/lock"),
        (PermissionError(errno.EACCES, "Permission denied", "/a/\x1b"), "Permission denied: /a/\\x1b"),
    ],
)
def test_what_the_system_says_of_a_disk_is_one_line(
    error: OSError, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_: Sequence[str]) -> int:
        raise error

    with pytest.raises(SystemExit) as ended:
        run(fail)

    assert (ended.value.code, capsys.readouterr().out) == (f"the system said: {said}", "")


def test_a_file_that_the_program_misses_is_no_matter_of_the_disk() -> None:
    def fail(_: Sequence[str]) -> int:
        raise FileNotFoundError(errno.ENOENT, "No such file or directory", "/a")

    with pytest.raises(FileNotFoundError):
        run(fail)


@pytest.mark.parametrize(
    "command",
    [
        f"{RUN}; run(lambda _: print('2 → é'))",
        "import click; from operations import __main__ as ops;"
        " ops.operations.main = lambda *_, **__: click.echo('2 → é'); ops.main([])",
    ],
)
def test_a_terminal_without_a_character_shows_an_escape(command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", command],
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "iso-8859-1"},
        capture_output=True,
        encoding="iso-8859-1",
        check=False,
    )

    assert (done.stdout, done.stderr) == ("2 \\u2192 é\n", "")
