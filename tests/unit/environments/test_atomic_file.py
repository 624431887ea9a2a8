"""A file that a command writes anew is written whole, or stays as it was."""

import importlib
from pathlib import Path
from typing import Any

import pytest

from environments.atomic_file import write_atomically

HALF_A_CHARACTER = "new\ud800"  # fails half-way, as on a full disk


def test_the_new_text_is_there_and_nothing_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "page.md"
    file.write_text("before", encoding="utf-8")

    write_atomically(file, "é\n")

    assert file.read_text(encoding="utf-8") == "é\n"
    assert list(tmp_path.iterdir()) == [file]


def test_what_was_there_stays_when_it_cannot_be_written(tmp_path: Path) -> None:
    file = tmp_path / "page.md"
    file.write_text("before", encoding="utf-8")

    with pytest.raises(UnicodeEncodeError):
        write_atomically(file, HALF_A_CHARACTER)

    assert file.read_text(encoding="utf-8") == "before"
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(
    ("module", "file", "text_of", "others"),
    [
        ("scale.__main__", "PAGE_FILE", "with_tables", {"tables": {}}),
        (
            "local.costs.__main__",
            "PAGE",
            "costs_page",
            {"measure": None, "synthesize": None, "read_deployed_environment": None, "idle_lines": []},
        ),
        ("deployment.provider_lock", "LOCK", "_written", {"_locks": ()}),
    ],
)
def test_commands_that_write_a_committed_file_keep_it(
    module: str, file: str, text_of: str, others: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Nothing:
        minute = metrics = None

    command, committed = importlib.import_module(module), tmp_path / "committed"
    committed.write_text("before", encoding="utf-8")
    monkeypatch.setattr(command, file, committed)
    monkeypatch.setattr(command, text_of, lambda *_: HALF_A_CHARACTER)
    for name, value in others.items():
        found = Nothing() if value is None else value
        monkeypatch.setattr(command, name, lambda *_, found=found: found)
    if hasattr(command, "end_as_by_ctrl_c"):
        monkeypatch.setattr(command, "end_as_by_ctrl_c", lambda: None)

    with pytest.raises(UnicodeEncodeError):
        command.main([])

    assert committed.read_text(encoding="utf-8") == "before"
