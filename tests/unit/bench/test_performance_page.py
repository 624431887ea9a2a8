"""Each command writes its own part of docs/performance.md, and nothing else."""

import pytest

from bench.performance_page import FILE, written

COMMANDS = ("make bench", "make bench-laptop", "make bench-long")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_part_is_made_anew(command: str) -> None:
    document = FILE.read_text(encoding="utf-8")

    once = written(document, command, r"| \1 |")
    again = written(once, command, "| new |")

    assert r"| \1 |" in once
    assert r"| \1 |" not in again
    assert [line for line in again.splitlines() if line.startswith("#")] == [
        line for line in document.splitlines() if line.startswith("#")
    ]


def test_a_marker_that_is_missing_is_said() -> None:
    with pytest.raises(ValueError, match="must have the markers of `make bench` once, got 0"):
        written("nothing", "make bench", "| a |")
