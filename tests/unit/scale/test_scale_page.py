"""The tables of docs/scale.md are generated from the rates, the quotas and the simulation."""

import subprocess
import sys

import pytest

from deployment.repository_paths import ROOT
from scale.scale_page import PAGE_FILE, tables, with_tables


def test_the_tables_are_what_make_scale_writes() -> None:
    document = PAGE_FILE.read_text(encoding="utf-8")

    assert with_tables(document, tables()) == document


def test_a_marker_that_is_missing_is_said() -> None:
    with pytest.raises(ValueError, match="must have the markers of queue once, got 0"):
        with_tables("<!-- stream: made by `make scale` -->", {"queue": "| a |\n"})


def test_a_table_that_was_changed_by_hand_is_made_anew() -> None:
    document = "before\n<!-- queue: made by `make scale` -->\n\n| by hand |\n\n<!-- end of queue -->\nafter\n"

    assert with_tables(document, {"queue": r"| \1 a |" + "\n"}) == document.replace("| by hand |", r"| \1 a |")


@pytest.mark.parametrize(
    ("error", "complained", "code"),
    [
        ("KeyboardInterrupt", "interrupted\n", 130),
        ("PermissionError(13, 'Permission denied', 'x')", "the system said: Permission denied: x\n", 1),
    ],
)
def test_what_ends_it_is_one_line(error: str, complained: str, code: int) -> None:
    fail = f"import scale.scale_page, runpy\ndef tables(): raise {error}\nscale.scale_page.tables = tables"

    done = subprocess.run(
        [sys.executable, "-c", f"{fail}\nrunpy.run_module('scale', run_name='__main__')"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (done.stdout, done.stderr, done.returncode) == ("", complained, code)
