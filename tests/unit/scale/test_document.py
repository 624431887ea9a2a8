"""docs/scale.md has the tables that the table of rates, the quotas and the simulation make."""

import pytest

from scale.document import FILE, tables, written


def test_the_tables_are_what_make_scale_writes() -> None:
    document = FILE.read_text(encoding="utf-8")

    assert written(document, tables()) == document


def test_a_marker_that_is_missing_is_said() -> None:
    with pytest.raises(ValueError, match="must have the markers of queue once, got 0"):
        written("<!-- stream: made by `make scale` -->", {"queue": "| a |\n"})


def test_a_table_that_was_changed_by_hand_is_made_anew() -> None:
    document = "before\n<!-- queue: made by `make scale` -->\n\n| by hand |\n\n<!-- end of queue -->\nafter\n"

    assert written(document, {"queue": r"| \1 a |" + "\n"}) == document.replace("| by hand |", r"| \1 a |")
