"""Terraform's lock on the state: what two people, and one who was cut off, meet."""

import time
from pathlib import Path
from typing import Any

import pytest

from deployment.checkout import LocalRunError
from deployment.stack import Stack
from deployment.unlock import read_lock, unlock
from local.emulator.process import Server
from tests.integration.deployment.state_backend import copy_of, make_stack, said, start

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

    second = said(start(yours, *APPLY))
    first_said = said(first)

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

    second = said(start(yours, *APPLY, "-lock-timeout=30s"))

    assert "Resources: 0 added, 0 changed, 0 destroyed" in second
    assert "Resources: 1 added" in said(first)


def test_a_killed_deployment_leaves_a_lock_that_unlock_explains_and_removes(
    tmp_path: Path, emulator: Server, backend: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    stack = make_stack(tmp_path / "mine", emulator, backend, seconds=30)
    killed = start(stack, *APPLY)
    lock = wait_for_lock(stack)
    killed.kill()
    said(killed)

    with pytest.raises(LocalRunError, match="nothing was removed"):
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


def test_a_state_of_an_older_serial_is_refused(tmp_path: Path, emulator: Server, backend: dict[str, Any]) -> None:
    stack = make_stack(tmp_path / "mine", emulator, backend)
    stack.terraform(*APPLY)
    old = tmp_path / "old.tfstate"
    old.write_text(stack.read_terraform("state", "pull"))
    stack.terraform("apply", "-auto-approve", "-input=false", "-no-color", "-replace=terraform_data.slow")

    with pytest.raises(LocalRunError, match="serial"):
        stack.read_terraform("state", "push", str(old))

    assert stack.read_terraform("state", "pull") != old.read_text()
