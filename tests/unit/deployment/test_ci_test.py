"""`.ci/test` runs every test once, reports every failure, and ends all processes on Ctrl-C."""

import shutil
import signal
import subprocess
import time
from pathlib import Path

import psutil
import pytest

from deployment.repository_paths import ROOT

PYTHON = ".venv/bin/python"
NODE = "node_modules/.bin/node"
# Prints its arguments and does what the file beside it says. Ends on Ctrl-C as pytest does.
PROGRAM = """#!/usr/bin/env bash
trap 'echo told >>"{folder}/told"; exit 2' INT
echo "started: $*" | tee -a "{folder}/started"
. "{folder}/does"
"""
UNTIL_CTRL_C = "while :; do sleep 0.02; done"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout in which stand-ins replace the tests' programs."""
    (tmp_path / ".ci").mkdir()
    for name in ("test", "node_variables"):
        shutil.copy(ROOT / ".ci" / name, tmp_path / ".ci")
    (tmp_path / "does").touch()
    for name in (PYTHON, NODE):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(PROGRAM.format(folder=tmp_path))
        (tmp_path / name).chmod(0o755)
    return tmp_path


def run(checkout: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([".ci/test"], cwd=checkout, capture_output=True, text=True, check=False)


def started(checkout: Path) -> list[str]:
    path = checkout / "started"
    return path.read_text().splitlines() if path.exists() else []


def test_every_file_of_tests_is_run_by_one_process(checkout: Path) -> None:
    done = run(checkout)

    of_python = [line.split()[4:] for line in started(checkout) if "pytest" in line]
    (others,) = (arguments for arguments in of_python if "tests" in arguments)
    named = [path for arguments in of_python for path in arguments if arguments is not others]
    assert done.returncode == 0
    assert sorted(others) == sorted(["tests", *(f"--ignore={path}" for path in named)])
    assert len(named) == len(set(named))
    assert [path for path in named if not (ROOT / path).exists()] == []
    assert len(of_python) == len(started(checkout)) - 1 == 4


@pytest.mark.parametrize("word", ["tests/e2e", "tests/web", "tests/integration", "--ignore=tests/e2e", "--root"])
def test_a_failure_of_any_process_is_shown_and_is_one_of_all(checkout: Path, word: str) -> None:
    (checkout / "does").write_text(f'case " $* " in *" {word} "*) echo "failed: it"; exit 1;; esac')

    done = run(checkout)

    assert done.returncode == 1
    assert done.stdout.count("failed: it") == 1
    assert sorted(line for line in done.stdout.splitlines() if "started" in line) == sorted(started(checkout))
    assert len(started(checkout)) == 5


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_all_processes_hear_of_ctrl_c_and_none_is_started_after_it(checkout: Path, told: signal.Signals) -> None:
    (checkout / "does").write_text(UNTIL_CTRL_C)
    with subprocess.Popen([".ci/test"], cwd=checkout, stdout=subprocess.DEVNULL, start_new_session=True) as tests:
        deadline = time.monotonic() + 20
        while len(started(checkout)) < 4 and time.monotonic() < deadline:
            time.sleep(0.02)

        family = psutil.Process(tests.pid).children(recursive=True)
        tests.send_signal(told)
        _, left = psutil.wait_procs(family, 10)
        for process in left:
            process.kill()

    assert left == []
    assert tests.returncode == 1
    assert (checkout / "told").read_text().split() == ["told"] * 4
    assert len(started(checkout)) == 4
