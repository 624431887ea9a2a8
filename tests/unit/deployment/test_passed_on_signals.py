"""A closed terminal, `kill` and Ctrl-C have Terraform save and unlock its state, as Ctrl-C alone does."""

import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from deployment.repository_paths import NODE, ROOT

# Stands for Terraform: it ends well once at SIGINT, and at once at the second one, as at any other signal.
CHILD = """#!/bin/bash
trap 'echo asked >> asked; trap "exit 1" INT; sleep 0.5; echo saved > saved; exit 0' INT
echo begun > begun
sleep 60 </dev/null >/dev/null 2>&1 & wait
"""
# cdktf starts Terraform from Node.js, which makes signals default that it was started to ignore.
# At Ctrl-C cdktf kills Terraform.
OF_NODE = (
    "const child = require('child_process').spawn('./child', {stdio: 'inherit'});"
    "process.on('SIGINT', () => child.kill('SIGTERM'))"
)
# Of two programs, one after the other, the first takes no notice: it is at its end.
STEPS = """
const run = (file) => require('child_process').spawnSync(file, {stdio: 'inherit'});
run('./steps/child');
run('./child');
"""
PROGRAMS = {
    "Terraform": ["./child"],
    "cdktf": [str(NODE), "-e", OF_NODE],
    "cdktf with steps": [str(NODE), "-e", STEPS],
}
RUN = """
import signal, subprocess, sys
from deployment.run_command import run, run_to_its_end
signal.signal(signal.SIGINT, signal.default_int_handler)
options = {"stdin": subprocess.DEVNULL} if sys.argv[2] == "-" else {}
def on_line(line):
    print(line, flush=True)
heard = {"on_line": on_line} if sys.argv[3] == "heard" else {}
run(lambda _: run_to_its_end(sys.argv[4:], cwd=sys.argv[1], heard_by="child", **heard, **options))
"""
# Stands for the shell of a terminal, its own input: at its end all that it runs in the foreground gets SIGHUP.
SHELL = "import fcntl, subprocess, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); subprocess.run(sys.argv[1:])"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the program."""
    (tmp_path / "child").write_text(CHILD)
    (tmp_path / "child").chmod(0o755)
    return tmp_path


def wait_for(file: Path) -> None:
    deadline = time.monotonic() + 30
    while not file.exists():
        assert time.monotonic() < deadline, f"there is no {file.name}"
        time.sleep(0.02)


def command(folder: Path, program: str, *, hears: bool, heard: bool = False) -> list[str]:
    words = [str(folder), "terminal" if hears else "-", "heard" if heard else "shown"]
    return [sys.executable, "-c", RUN, *words, *PROGRAMS[program]]


@pytest.mark.parametrize(
    ("program", "hears", "heard"),
    [("Terraform", True, False), ("Terraform", False, False), ("cdktf", False, False), ("cdktf", False, True)],
)
def test_a_terminal_that_is_closed_loses_nothing(folder: Path, program: str, hears: bool, heard: bool) -> None:
    words = [sys.executable, "-c", SHELL, *command(folder, program, hears=hears, heard=heard)]
    terminal, end = pty.openpty()
    with subprocess.Popen(words, cwd=ROOT, stdin=end, stdout=end, stderr=end, start_new_session=True):
        os.close(end)
        wait_for(folder / "begun")

        os.close(terminal)

        wait_for(folder / "saved")
    assert (folder / "asked").read_text() == "asked\n"


@pytest.mark.parametrize("hears", [True, False])
@pytest.mark.parametrize("numbers", [[signal.SIGTERM], [signal.SIGHUP], [signal.SIGHUP, signal.SIGTERM]])
def test_kill_asks_the_program_once(folder: Path, numbers: list[signal.Signals], hears: bool) -> None:
    with subprocess.Popen(
        command(folder, "Terraform", hears=hears), cwd=ROOT, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        wait_for(folder / "begun")

        for number in numbers:
            process.send_signal(number)
            time.sleep(0.05)
        _, complained = process.communicate(timeout=30)

    assert (complained, process.returncode) == ("interrupted\n", 130)
    assert (folder / "asked").read_text() == "asked\n"
    assert (folder / "saved").exists()


@pytest.mark.parametrize(("program", "hears"), [("Terraform", True), ("Terraform", False), ("cdktf", False)])
def test_ctrl_c_reaches_the_program_once(folder: Path, program: str, hears: bool) -> None:
    with subprocess.Popen(
        command(folder, program, hears=hears), cwd=ROOT, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        wait_for(folder / "begun")

        os.killpg(process.pid, signal.SIGINT)  # what a terminal does
        _, complained = process.communicate(timeout=30)

    assert (complained, process.returncode) == ("interrupted\n", 130)
    assert (folder / "asked").read_text() == "asked\n"
    assert (folder / "saved").exists()


def test_a_step_that_begins_after_ctrl_c_hears_of_it(folder: Path) -> None:
    (folder / "steps").mkdir()
    (folder / "steps" / "child").write_text("#!/bin/bash\ntrap : INT\necho begun > first\nsleep 1\n")
    (folder / "steps" / "child").chmod(0o755)
    with subprocess.Popen(
        command(folder, "cdktf with steps", hears=False), cwd=ROOT, stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        wait_for(folder / "first")

        os.killpg(process.pid, signal.SIGINT)
        process.wait(30)

    # The second may have been interrupted before it began.
    assert (folder / "saved").exists() or not (folder / "begun").exists()


def test_who_types_ctrl_c_twice_ends_the_program_at_once(folder: Path) -> None:
    with subprocess.Popen(
        command(folder, "Terraform", hears=False), cwd=ROOT, stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        wait_for(folder / "begun")
        os.killpg(process.pid, signal.SIGINT)
        wait_for(folder / "asked")

        os.killpg(process.pid, signal.SIGINT)
        process.wait(30)

    assert not (folder / "saved").exists()


def test_a_reader_that_has_left_does_not_end_the_program(folder: Path) -> None:
    (folder / "child").write_text("#!/bin/bash\nfor _ in {1..20000}; do echo a line; done; echo saved > saved\n")
    read, write = os.pipe()
    os.close(read)

    done = subprocess.run(
        command(folder, "Terraform", hears=False, heard=True), cwd=ROOT, stdout=write, stderr=subprocess.PIPE, text=True
    )

    os.close(write)
    assert (done.stderr, done.returncode) == ("", 1)
    assert (folder / "saved").exists()


def test_a_child_of_the_programs_own_name_takes_nothing_from_it(folder: Path) -> None:
    # As a program that starts another one has it for a moment.
    (folder / "child").write_text(CHILD.replace("sleep 60 <", "(trap : INT; read -t 60 < <(sleep 60)) <"))
    with subprocess.Popen(
        command(folder, "Terraform", hears=False), cwd=ROOT, stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        wait_for(folder / "begun")
        time.sleep(0.3)

        os.killpg(process.pid, signal.SIGINT)
        process.wait(30)

    assert (folder / "asked").read_text() == "asked\n"
