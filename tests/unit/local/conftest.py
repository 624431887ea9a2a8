"""A local run on a machine where processes and deployments are fakes."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from local import run, sample_data
from local.run import LocalRun
from tests.unit.support.fake_machine import FakeMachine


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakeMachine:
    """A machine on which nothing runs yet, with a checkout that doesn't change."""
    fake, menu = FakeMachine(), tmp_path / "menu.json"
    menu.write_text(json.dumps([]))
    monkeypatch.setattr(run, "LOCK_SECONDS", 0)
    monkeypatch.setattr(run, "start_server", fake.start_server)
    monkeypatch.setattr(run, "require_free_port", fake.require_free_port)
    monkeypatch.setattr(run, "is_server_of_run", lambda pid, _: pid in fake.running)
    monkeypatch.setattr(run, "stop_server", fake.stop)
    monkeypatch.setattr(run, "save_and_stop_server", fake.keep_and_stop)
    monkeypatch.setattr(run, "wait_until_ready", fake.health)
    monkeypatch.setattr(run, "health", fake.health)
    monkeypatch.setattr(run, "server_files", list)
    monkeypatch.setattr(run, "synthesize", fake.synthesize)
    monkeypatch.setattr(run, "page_fingerprint", lambda: fake.page)
    monkeypatch.setattr(run, "is_built", lambda wanted: wanted in fake.builds[-1:])
    monkeypatch.setattr(run, "build_page", fake.build_page)
    monkeypatch.setattr(run, "put_page", fake.put_page)
    monkeypatch.setattr(run, "make_state_bucket", lambda *_: None)
    monkeypatch.setattr(run, "deploy", fake.deploy)
    monkeypatch.setattr(run, "missing_resources", lambda _: list(fake.lost))
    monkeypatch.setattr(sample_data, "MENU", menu)
    monkeypatch.setattr(sample_data, "load_menu", fake.load_menu)
    monkeypatch.setattr(sample_data, "make_demo_user", lambda *_: {"username": "demo@example.com"})
    return fake


@pytest.fixture
def new_run(machine: FakeMachine, tmp_path: Path) -> Callable[[], LocalRun]:
    """Return the run of one folder as a new object, as each command has it."""
    return lambda: LocalRun(tmp_path / "run")
