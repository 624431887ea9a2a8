"""Lines in columns, as they can be pasted anywhere."""

from collections.abc import Sequence

from deployment.colours import Toned, painted
from deployment.terminal import visible


def columns(rows: Sequence[Sequence[str]], *, indent: int = 0) -> str:
    """Align the rows, each on a line of its own whatever its cells hold; the last column is as long as it likes.

    On a terminal, a cell with a tone has its colour.
    """
    if not rows:
        return ""
    widths = [max(len(visible(row[place])) for row in rows) for place in range(len(rows[0]) - 1)] + [0]
    aligned = ("  ".join(map(_cell, row, widths)) for row in rows)
    return "\n".join((" " * indent + line).rstrip() for line in aligned)


def _cell(cell: str, width: int) -> str:
    text = visible(cell)
    return painted(text, cell.tone if isinstance(cell, Toned) else "normal") + " " * (width - len(text))


def count(number: int, noun: str, nouns: str | None = None) -> str:
    """`1 message`, `2 messages`."""
    return f"{number} {noun}" if number == 1 else f"{number} {nouns or noun + 's'}"
