"""A measurement that was killed leaves nothing behind once the next one has begun."""

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deployment.repository_paths import ROOT
from local.temporary_folder import temporary_folder

OWNER = """
import sys, tempfile, time
from local.temporary_folder import temporary_folder
tempfile.tempdir = sys.argv[1]
with temporary_folder() as folder:
    print(folder, flush=True)
    time.sleep(60)
"""
SERVER = "import time; print(flush=True); time.sleep(60)"
Start = Callable[..., tuple["subprocess.Popen[str]", str]]


@pytest.fixture
def start() -> Iterator[Start]:
    """Start programs; return each with the first line that it printed."""
    started: list[subprocess.Popen[str]] = []

    def popen(program: str, *arguments: str) -> tuple["subprocess.Popen[str]", str]:
        command = [sys.executable, "-c", program, *arguments]
        started.append(subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True))
        assert started[-1].stdout is not None
        return started[-1], started[-1].stdout.readline().rstrip("\n")

    yield popen
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture(autouse=True)
def temporary(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder for temporary files that nobody else uses."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_what_a_killed_measurement_left_is_stopped_and_removed_and_said(
    start: Start, temporary: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    owner, left = start(OWNER, str(temporary))
    server, _ = start(SERVER, "local.server", "--port", "1", "--directory", f"{left}/base/.local")
    other, _ = start(SERVER, "local.server", "--port", "1", "--directory", f"{left}-of-another/run")
    owner.kill()
    owner.wait()

    with temporary_folder() as folder:
        there = list(temporary.iterdir())

    assert there == [folder]
    assert server.wait(30)
    assert other.poll() is None
    assert capsys.readouterr().out == f"  Removed {left}, which a killed command left; local runs stopped in it: 1\n"
    assert list(temporary.iterdir()) == []


def test_a_measurement_that_goes_on_is_left_alone(
    start: Start, temporary: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    owner, theirs = start(OWNER, str(temporary))
    server, _ = start(SERVER, "local.server", "--directory", theirs)
    (temporary / "orders-run-begins").mkdir()

    with temporary_folder():
        pass

    assert {path.name for path in temporary.iterdir()} == {Path(theirs).name, "orders-run-begins"}
    assert (owner.poll(), server.poll(), capsys.readouterr().out) == (None, None, "")
