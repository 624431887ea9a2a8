"""Lines in columns, as they can be pasted anywhere."""

from collections.abc import Sequence

from deployment.terminal import visible


def columns(rows: Sequence[Sequence[str]], *, indent: int = 0) -> str:
    """Align the rows, each on a line of its own whatever its cells hold; the last column is as long as it likes."""
    if not rows:
        return ""
    rows = [[visible(cell) for cell in row] for row in rows]
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]) - 1)]
    aligned = (
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1]]) for row in rows
    )
    return "\n".join((" " * indent + line).rstrip() for line in aligned)


def count(number: int, noun: str, nouns: str | None = None) -> str:
    """`1 message`, `2 messages`."""
    return f"{number} {noun}" if number == 1 else f"{number} {nouns or noun + 's'}"
