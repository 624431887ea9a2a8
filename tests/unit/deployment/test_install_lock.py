"""Two commands that have to install don't work in one folder at the same time."""

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from deployment.repository_paths import ROOT

SCRIPT = """#!/usr/bin/env bash
set -euo pipefail
cd "$(dirname "$0")/.."
. .ci/install_lock
installed_meanwhile stamp needed && echo "nothing to do" && exit
echo begun >>story
while [ ! -e go ]; do sleep 0.05; done
touch stamp
echo ended >>story
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with a script that installs until it may end."""
    (tmp_path / ".ci").mkdir()
    for name in ("install_lock", "hold_install_lock.py"):
        shutil.copy(ROOT / ".ci" / name, tmp_path / ".ci")
    (tmp_path / ".ci" / "install").write_text(SCRIPT)
    (tmp_path / ".ci" / "install").chmod(0o755)
    (tmp_path / "needed").touch()
    return tmp_path


def start(checkout: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen([checkout / ".ci" / "install"], stdout=subprocess.PIPE, text=True)


def story(checkout: Path) -> list[str]:
    path = checkout / "story"
    return path.read_text().split() if path.exists() else []


def wait_for_begin(checkout: Path) -> None:
    deadline = time.monotonic() + 30
    while story(checkout) != ["begun"]:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_the_second_command_waits_and_finds_all_installed(checkout: Path) -> None:
    os.utime(checkout / "needed", (1, 1))
    with start(checkout) as first:
        wait_for_begin(checkout)
        with start(checkout) as second:
            assert second.stdout is not None
            said = second.stdout.readline()
            (checkout / "go").touch()
            rest, _ = second.communicate(timeout=30)

    assert said == "  Another command installs packages in this folder: waiting for it\n"
    assert rest == "nothing to do\n"
    assert (first.returncode, second.returncode) == (0, 0)
    assert story(checkout) == ["begun", "ended"]


def test_a_command_that_was_killed_holds_nobody_up(checkout: Path) -> None:
    with start(checkout) as first:
        wait_for_begin(checkout)
        first.kill()
    (checkout / "go").touch()

    with start(checkout) as second:
        said, _ = second.communicate(timeout=30)

    assert said == ""
    assert story(checkout) == ["begun", "begun", "ended"]
