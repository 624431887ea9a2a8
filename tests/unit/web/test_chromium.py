"""The choice of the browser for the browser tests."""

from pathlib import Path

import pytest

from tests.web.support.chromium import chromium, missing


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without a browser. The returned folder is on its PATH."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    return tmp_path


def a_program(folder: Path, name: str) -> str:
    program = folder / name
    program.touch(mode=0o755)
    return str(program)


def test_chromium_is_found_by_its_name(path: Path) -> None:
    a_program(path, "google-chrome")
    wanted = a_program(path, "chromium")

    assert chromium() == wanted


def test_a_browser_that_was_named_comes_first(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a_program(path, "chromium")
    monkeypatch.setenv("CHROMIUM", a_program(path, "my-chromium"))

    assert chromium() == str(path / "my-chromium")


def test_a_machine_without_one_says_so_in_a_line(path: Path) -> None:
    assert chromium() is None
    assert missing().startswith("Chromium isn't here: none of chromium, ")
    assert "\n" not in missing()
