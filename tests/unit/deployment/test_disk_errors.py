"""An error of a disk is one line that names the file or the disk."""

import errno
import json
import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import NoReturn

import pytest

from deployment import disk_errors as subject
from deployment.disk_errors import explain_disk_error, full_disks, reason_in
from deployment.local_outputs import write_outputs
from deployment.review.review_folder import INDEX, TITLE, write_review
from environments.atomic_file import write_atomically
from environments.named_errors import naming
from environments.user_error import UserError

FULL = OSError(errno.ENOSPC, "No space left on device")
TRACEBACK = """jsii.errors.JavaScriptError:
  @jsii/kernel.RuntimeError: Error: ENOSPC: no space left on device, write
      at Kernel.invoke (/tmp/program.js:1:55858)

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "main.py", line 62, in <module>
    main(sys.argv[1:])
RuntimeError: Error: ENOSPC: no space left on device, write
"""


@pytest.fixture
def fill(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[Path], None]:
    """Let the disk of a folder be full, and every other have room."""
    full: list[str] = []

    def look(folder: Path) -> SimpleNamespace:
        left = 0 if str(folder) in full else 10**6
        return SimpleNamespace(f_bavail=left, f_frsize=4096, f_favail=left, f_files=10**6)

    monkeypatch.setattr(subject, "RUN_DIRECTORY", tmp_path)
    monkeypatch.setattr(os, "statvfs", look)
    return lambda folder: full.append(str(folder))


def test_where_the_system_names_no_file_the_full_disk_is_named(fill: Callable[[Path], None], tmp_path: Path) -> None:
    fill(tmp_path)

    assert explain_disk_error(FULL) == f"the system said: No space left on device: the disk of {tmp_path}"


def test_a_folder_that_is_given_comes_first(fill: Callable[[Path], None], tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    fill(tmp_path)
    fill(tmp_path / "run")

    named = full_disks(FULL, tmp_path / "run", tmp_path / "missing")

    assert named == f"the disk of {tmp_path / 'run'}"
    assert full_disks(OSError(errno.ENOSPC, "No space left on device", "/file"), tmp_path) == ""


def test_a_disk_with_room_is_not_named(fill: Callable[[Path], None]) -> None:
    assert explain_disk_error(FULL) == "the system said: No space left on device"


def test_another_error_is_none_of_a_disk() -> None:
    assert explain_disk_error(ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused")) is None
    assert explain_disk_error(ValueError("of no system")) is None


def test_of_a_traceback_about_a_disk_one_line_is_left(fill: Callable[[Path], None], tmp_path: Path) -> None:
    fill(tmp_path)

    said = reason_in(TRACEBACK, tmp_path)

    assert said == f"RuntimeError: Error: ENOSPC: no space left on device, write: the disk of {tmp_path}"


@pytest.mark.parametrize("said", ["Traceback (most recent call last):\nValueError: x", "no space for ENOSPC here"])
def test_what_else_a_program_says_is_left_whole(said: str) -> None:
    assert reason_in(said) == said


@pytest.mark.parametrize(
    "line",
    [
        "ReferenceError: require is not defined in ES module scope, you can use import instead",
        "/x/node: OpenSSL configuration error:",
    ],
)
def test_of_a_node_that_does_not_start_its_own_line_is_left(line: str) -> None:
    code = "throw new Error()" * 1000
    said = f"b'file:///x/jsii-runtime.js:1\\n'\nb'{code}\\n'\nb'{line}\\n'\nTraceback (most recent call last):\nx: y"

    assert reason_in(said) == f"Node.js said: {line}"


WRITERS: dict[str, Callable[[Path], object]] = {
    "run.json": lambda folder: write_atomically(folder / "run.json", "text"),
    "outputs.json": lambda folder: write_outputs(folder, {}),
    "page.md": lambda folder: write_review(folder, {"page.md": "text"}),
}


@pytest.mark.parametrize("name", WRITERS)
def test_a_write_that_fails_names_its_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str) -> None:
    def fail(*_: object, **__: object) -> NoReturn:
        raise OSError(errno.ENOSPC, "No space left on device")

    (tmp_path / INDEX).write_text(TITLE)
    monkeypatch.setattr(json, "dump", fail)
    monkeypatch.setattr(Path, "write_text", fail)

    with pytest.raises((OSError, UserError)) as error:
        WRITERS[name](tmp_path)

    assert str(error.value).endswith(f"[Errno 28] No space left on device: '{tmp_path / name}'")


def test_only_an_error_of_a_write_is_named() -> None:
    with pytest.raises(OSError, match=r"^\[Errno 111\] Connection refused$"), naming(Path("/file")):
        raise ConnectionRefusedError(111, "Connection refused")
    with pytest.raises(OSError, match="'/other'"), naming(Path("/file")):
        raise OSError(errno.ENOSPC, "No space left on device", "/other")
