"""Reasons why the server's process doesn't start."""

import errno
import os
from pathlib import Path

import pytest

from emulator.ministack.state import saved_state
from emulator.ministack.state.saved_state import UnusableState
from local import server
from local.server import main


def test_a_kept_state_that_is_of_no_use_is_one_line_that_says_how_to_drop_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def find(*_: object) -> None:
        raise UnusableState("the kept state is of port 4566, not 4600")

    monkeypatch.setattr(saved_state, "find_saved_state", find)

    code = main(["--port", "4600", "--directory", str(tmp_path)])

    assert code == 1
    assert capsys.readouterr().err == (
        "local.server: the kept state is of port 4566, not 4600; `make down KEEP=no` drops it\n"
    )


def test_what_the_system_says_of_a_full_disk_is_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_: Path) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(server, "load_or_make_keys", fail)

    code = main(["--port", "4600", "--directory", str(tmp_path)])

    assert (code, capsys.readouterr().err) == (1, "local.server: [Errno 28] No space left on device\n")
