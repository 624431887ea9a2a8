"""Ctrl-C, `kill` and a terminal that is closed have a command put back what it changed."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from deployment.repository_paths import ROOT
from deployment.run_command import end_as_by_ctrl_c, without_interrupts
from local.costs import without_live_updates
from tests import conftest

ENDINGS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
WAITING = """
import signal, sys, time
from deployment.run_command import run
def main(_):
    try:
        print("changed", flush=True)
        time.sleep(60)
    finally:
        print("put back")
signal.signal(signal.SIGINT, signal.default_int_handler)
run(main)
"""


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    """The tests' own handlers stay as they are; nothing here ends the tests."""
    before = {number: signal.signal(number, signal.SIG_DFL) for number in ENDINGS}
    signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", ENDINGS)
def test_what_was_changed_is_put_back(number: signal.Signals) -> None:
    command = [sys.executable, "-c", WAITING]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "changed\n"

        process.send_signal(number)
        said, complained = process.communicate(timeout=60)

    assert (said, complained, process.returncode) == ("put back\n", "interrupted\n", 130)


def test_a_terminal_that_nohup_ignores_is_ignored() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)

    end_as_by_ctrl_c()

    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN


@pytest.mark.parametrize("number", ENDINGS)
def test_nobody_ends_what_puts_back(number: signal.Signals) -> None:
    end_as_by_ctrl_c()

    with without_interrupts():
        os.kill(os.getpid(), number)

    assert signal.getsignal(number) is signal.default_int_handler


def test_tests_of_an_environment_hear_all_endings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conftest, "_has_own_keys", lambda *_, **__: False)

    conftest.pytest_configure(SimpleNamespace(option=SimpleNamespace(env="dev", confirm=False)))  # type: ignore[arg-type]

    assert [signal.getsignal(number) for number in ENDINGS] == [signal.default_int_handler] * len(ENDINGS)


class Functions:
    """Lambda, whose settings somebody wants to leave half put back."""

    def __init__(self) -> None:
        self.environment: dict[str, Any] = {"Variables": {"LIVE_UPDATES": "true"}}
        self.criteria: dict[str, Any] = {"Filters": []}
        self.is_being_ended = False

    def get_function_configuration(self, **_: str) -> dict[str, Any]:
        return {"Environment": self.environment}

    def list_event_source_mappings(self, **_: str) -> dict[str, Any]:
        return {"EventSourceMappings": [{"UUID": "1", "FilterCriteria": self.criteria}]}

    def update_function_configuration(self, **named: Any) -> None:
        self.environment = named["Environment"]

    def update_event_source_mapping(self, **named: Any) -> None:
        if self.is_being_ended:
            os.kill(os.getpid(), signal.SIGINT)
        self.criteria = named["FilterCriteria"]


def test_a_second_ctrl_c_leaves_no_run_without_live_updates(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    functions = Functions()
    before = (functions.environment, functions.criteria)
    changed: list[Any] = []
    monkeypatch.setattr(without_live_updates, "client", lambda *_: functions)
    monkeypatch.setattr(without_live_updates, "START_SECONDS", 0)

    def interrupted() -> None:
        outputs = {"functions": {"announce": "orders-local-announce"}}
        with without_live_updates.without_live_updates(outputs, tmp_path):
            changed.append((functions.environment, functions.criteria))
            functions.is_being_ended = True
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()

    assert changed != [before]
    assert (functions.environment, functions.criteria) == before
