"""Documentation that is generated from the synthesized stacks and must be up to date."""

import difflib
import os
from pathlib import Path

import pytest

from deployment.repository_paths import ROOT

HOW = "if that is meant: ORDERS_REWRITE_PAGES=1 .venv/bin/python -m pytest tests/synth/test_generated_pages.py"


def require_same(path: Path, made: str) -> None:
    """Fail unless the file has this content. With ORDERS_REWRITE_PAGES=1, write it instead."""
    if os.environ.get("ORDERS_REWRITE_PAGES") == "1":
        path.write_text(made, encoding="utf-8")
    there = path.read_text(encoding="utf-8") if path.exists() else ""
    name = path.relative_to(ROOT).as_posix()
    if lines := list(difflib.unified_diff(there.splitlines(), made.splitlines(), name, "this checkout", lineterm="")):
        pytest.fail("\n".join([f"{name} is not what is deployed", *lines, HOW]), pytrace=False)
