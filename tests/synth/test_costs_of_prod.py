"""`make cost` counts what is deployed to prod."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from deployment.repository_paths import ROOT
from local.costs import __main__ as program


def test_the_resources_that_cost_by_the_month_are_those_of_prod(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(program, "PAGE", ROOT / ".build" / "costs.test.md")
    monkeypatch.setattr(program, "measure", lambda _: SimpleNamespace(minute=None, metrics=0))
    monkeypatch.setattr(program, "idle_lines", lambda deployed, *_: deployed.all_of("kms_key"))
    monkeypatch.setattr(program, "write_atomically", lambda path, text: (tmp_path / path.name).write_text(text))
    monkeypatch.setattr(program, "costs_page", lambda _measured, idle, *_: f"{len(idle)} keys")
    monkeypatch.setattr(program, "costs_summary", lambda *_: "")

    assert program.main([]) == 0

    assert (tmp_path / "costs.test.md").read_text() == "3 keys"
