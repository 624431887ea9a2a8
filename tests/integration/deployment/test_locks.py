"""Terraform's lock on the state, with two people at once and after an interrupted run."""

import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from deployment.repository_paths import ROOT
from deployment.stack import Stack
from deployment.unlock import read_lock, stacks_of, unlock
from environments.user_error import UserError
from local.server_process import Server
from tests.integration.support.state_backend import copy_of, make_stack, output_of, start

APPLY = ("apply", "-auto-approve", "-input=false", "-no-color")


def wait_for_lock(stack: Stack) -> dict[str, Any]:
    deadline = time.monotonic() + 20
    while (lock := read_lock(stack)) is None:
        assert time.monotonic() < deadline, "nobody took the lock"
        time.sleep(0.05)
    return lock


def test_the_second_of_two_deployments_at_once_is_refused_and_nothing_is_damaged(
    tmp_path: Path, emulator: Server, backend: dict[str, Any]
) -> None:
    mine = make_stack(tmp_path / "mine", emulator, backend, seconds=4)
    yours = copy_of(mine, tmp_path / "yours")
    first = start(mine, *APPLY)
    wait_for_lock(mine)

    second = output_of(start(yours, *APPLY))
    first_said = output_of(first)

    assert "Error acquiring the state lock" in second
    assert "Apply complete! Resources: 1 added" in first_said
    assert yours.read_terraform("state", "list").split() == ["terraform_data.slow"]


def test_the_second_deployment_can_wait_for_the_first(
    tmp_path: Path, emulator: Server, backend: dict[str, Any]
) -> None:
    mine = make_stack(tmp_path / "mine", emulator, backend, seconds=3)
    yours = copy_of(mine, tmp_path / "yours")
    first = start(mine, *APPLY)
    wait_for_lock(mine)

    second = output_of(start(yours, *APPLY, "-lock-timeout=30s"))

    assert "Resources: 0 added, 0 changed, 0 destroyed" in second
    assert "Resources: 1 added" in output_of(first)


def test_a_killed_deployment_leaves_a_lock_that_unlock_explains_and_removes(
    tmp_path: Path, emulator: Server, backend: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    stack = make_stack(tmp_path / "mine", emulator, backend, seconds=30)
    killed = start(stack, *APPLY)
    lock = wait_for_lock(stack)
    killed.kill()
    output_of(killed)

    with pytest.raises(UserError, match="nothing was removed"):
        unlock(stack, confirm=lambda _: "no")
    still_there = read_lock(stack)
    removed = unlock(stack, confirm=lambda _: stack.name)

    shown = capsys.readouterr().out
    assert still_there == lock
    assert removed
    assert lock["ID"] in shown
    assert lock["Who"] in shown
    assert read_lock(stack) is None
    assert not unlock(stack, confirm=lambda _: stack.name)


# Stands for a provider that is interrupted during a call: the real one waits for AWS's answer.
SLOW_TERRAFORM = """#!/bin/bash
if [ "$1" = version ]; then echo "Terraform v1.11.4"; exit; fi
trap 'sleep 1; echo saved > state; exit 1' INT
echo applying
for _ in {1..300}; do sleep 0.1; done
"""


def test_an_interrupted_terraform_is_let_save_its_state(tmp_path: Path) -> None:
    terraform = tmp_path / "terraform"
    terraform.write_text(SLOW_TERRAFORM)
    terraform.chmod(0o755)
    environment = {**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    command = (
        # A shell starts background jobs with SIGINT ignored. A terminal's programs don't ignore it.
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler);"
        "from pathlib import Path; from deployment.run_command import run; from deployment.stack import Stack;"
        f"run(lambda _: Stack('mine', Path({str(tmp_path)!r}), {environment!r}).terraform('apply'))"
    )
    interrupted = subprocess.Popen(
        [sys.executable, "-c", command],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert interrupted.stdout is not None
    assert interrupted.stdout.readline() == "applying\n"

    os.killpg(interrupted.pid, signal.SIGINT)  # what a terminal does at Ctrl-C
    output, _ = interrupted.communicate(timeout=30)

    assert output == "interrupted\n"
    assert (tmp_path / "state").read_text() == "saved\n"


# Stands for the shell of a terminal, its own input: at its end all that it runs in the foreground gets SIGHUP.
SHELL = "import fcntl, subprocess, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); subprocess.run(sys.argv[1:])"


def test_a_closed_terminal_leaves_no_lock_and_a_state(
    tmp_path: Path, emulator: Server, backend: dict[str, Any]
) -> None:
    stack = make_stack(tmp_path / "mine", emulator, backend, seconds=8)
    code = (
        "from pathlib import Path; from deployment.run_command import run; from deployment.stack import Stack;"
        f"run(lambda _: Stack('mine', Path({str(stack.folder)!r}), {dict(stack.aws)!r}).terraform(*{APPLY!r}))"
    )
    terminal, end = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", SHELL, sys.executable, "-c", code],
        cwd=ROOT, stdin=end, stdout=end, stderr=end, start_new_session=True,
    ):  # fmt: skip
        os.close(end)
        wait_for_lock(stack)
        # Until then an interrupted Terraform has nothing to save.
        said = b""
        while b"Creating..." not in said:
            said += os.read(terminal, 1024)

        os.close(terminal)

        deadline = time.monotonic() + 40
        while read_lock(stack):
            assert time.monotonic() < deadline, "the lock is left"
            time.sleep(0.1)
    assert stack.read_terraform("state", "list").split() == ["terraform_data.slow"]


def test_the_locks_of_all_stacks_in_an_environments_bucket_are_looked_at(synthesized_output: Path) -> None:
    names = {}
    for environment in ("local", "dev"):
        orders = Stack(f"orders-{environment}", synthesized_output / "stacks" / f"orders-{environment}", {})
        names[environment] = [stack.name for stack in stacks_of(orders, environment)]

    assert names == {
        "local": ["state-local", "orders-local", "web-local"],
        "dev": ["state-dev", "orders-dev", "web-dev", "delivery-111111111111"],
    }


def test_a_state_of_an_older_serial_is_refused(tmp_path: Path, emulator: Server, backend: dict[str, Any]) -> None:
    stack = make_stack(tmp_path / "mine", emulator, backend)
    stack.terraform(*APPLY)
    old = tmp_path / "old.tfstate"
    old.write_text(stack.read_terraform("state", "pull"))
    stack.terraform("apply", "-auto-approve", "-input=false", "-no-color", "-replace=terraform_data.slow")

    with pytest.raises(UserError, match="serial"):
        stack.read_terraform("state", "push", str(old))

    assert stack.read_terraform("state", "pull") != old.read_text()
