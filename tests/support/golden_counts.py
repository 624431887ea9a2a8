"""The counted figures of the system, in one file: a figure that grows, or that falls by much, fails its test."""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parents[1] / "counts.golden.txt"
REWRITE = "ORDERS_REWRITE_COUNTS=1"
# A line of code more is no regression; a library is.
MOST_BYTES = 1.01
# What is far below its figure could grow up to there unseen.
LEAST = 0.9


def require_golden(found: Mapping[str, float]) -> None:
    """Fail unless each figure is about the one in the golden file; with ORDERS_REWRITE_COUNTS=1 write it there."""
    known = read_counts(GOLDEN)
    if os.environ.get("ORDERS_REWRITE_COUNTS") == "1":
        known = {**known, **found}
        write_counts(GOLDEN, known)
    wrong = [
        f"{name}: {figure:g}, in {GOLDEN.name} {known.get(name, 0):g}"
        for name, figure in found.items()
        if not is_golden(figure, known.get(name, 0), in_bytes="bytes" in name)
    ]
    if wrong:
        how = f"If that is meant, run the test once with {REWRITE} (docs/testing.md)"
        pytest.fail("\n".join([*wrong, how]), pytrace=False)


def is_golden(found: float, known: float, *, in_bytes: bool) -> bool:
    """Return True if a figure is no larger than the known one, and not much smaller."""
    return known * LEAST <= found <= known * (MOST_BYTES if in_bytes else 1)


def read_counts(path: Path) -> dict[str, float]:
    """Return the figures of a golden file by their names; it has a line for each, the figure first."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return {name: float(figure) for figure, name in (line.split(" ", 1) for line in lines)}


def write_counts(path: Path, counts: Mapping[str, float]) -> None:
    """Write such a file, sorted by name."""
    path.write_text("".join(f"{counts[name]:.12g} {name}\n" for name in sorted(counts)), encoding="utf-8")
