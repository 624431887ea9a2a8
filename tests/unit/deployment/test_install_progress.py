"""The progress of an installation. bash shows it until Python's packages are installed."""

import re
import subprocess
from pathlib import Path

import pytest

from deployment.repository_paths import ROOT
from tests.unit.support.terminal import run_in_terminal

# Ends when it is asked for its progress the second time: by then the first line is printed. What asks complains, as it
# does when it is ended while it writes.
SCRIPT = f"""
set -euo pipefail
. '{ROOT}/.ci/progress'
how_far() {{
  echo x >>asked
  echo "write error: Broken pipe" >&2
  echo "3 of 7, and more than a narrow terminal has room for"
}}
install() {{ until [ "$(cat asked 2>/dev/null | wc -l)" -ge 2 ]; do sleep 0.01; done; return "$1"; }}
with_progress "Installing" how_far install "$1"
echo done
"""
LINE = "    0 s  Installing: 3 of 7, and more than a narrow terminal has room for"
COLUMNS = 30


def shown_in_terminal(folder: Path, kind: str) -> str:
    """Return what a terminal of 30 columns receives."""
    command = ["bash", "-c", SCRIPT, "script", "0"]
    return run_in_terminal(command, folder=folder, environment={"TERM": kind}, columns=COLUMNS)


def test_a_terminal_has_one_line_that_fits_and_is_gone_at_the_end(tmp_path: Path) -> None:
    received = shown_in_terminal(tmp_path, "xterm")

    *shown, end = received.split("\r\x1b[2K")
    assert end == "done\r\n"
    assert shown[:2] == ["", LINE[: COLUMNS - 1]]
    assert max(map(len, shown)) < COLUMNS


def test_a_terminal_that_obeys_nothing_gets_a_line(tmp_path: Path) -> None:
    received = shown_in_terminal(tmp_path, "dumb")

    assert received == f"{LINE}\r\ndone\r\n"


@pytest.mark.parametrize("code", [0, 3])
def test_without_a_terminal_there_is_a_line_at_once_and_the_commands_exit_code(tmp_path: Path, code: int) -> None:
    done = subprocess.run(
        ["bash", "-c", SCRIPT, "script", f"{code}"], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert done.returncode == code
    assert done.stdout == f"{LINE}\n" + ("" if code else "done\n")
    assert done.stderr == ""
    assert not re.search(r"[\x1b\r]", done.stdout)
