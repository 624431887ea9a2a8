"""Lines in columns, as they can be pasted anywhere."""

from collections.abc import Mapping, Sequence

from deployment.colours import TonedText, coloured
from deployment.escaped_text import visible


def align_columns(rows: Sequence[Sequence[str]], *, indent: int = 0) -> str:
    """Align the rows, each on a line of its own whatever its cells hold; the last column is as long as it likes.

    On a terminal, a cell with a tone has its colour.
    """
    if not rows:
        return ""
    widths = [max(len(visible(row[place])) for row in rows) for place in range(len(rows[0]) - 1)] + [0]
    aligned = ("  ".join(map(_cell, row, widths)) for row in rows)
    return "\n".join((" " * indent + line).rstrip() for line in aligned)


def fitted(rows: Sequence[Sequence[str]], *, width: int, least: Mapping[int, int]) -> list[Sequence[str]]:
    """Shorten cells until the columns fit the width, as far as that goes.

    `least` has the columns that may be shortened, in that order, and how many characters of each must stay.
    """
    widths = [max(len(visible(cell)) for cell in column) for column in zip(*rows, strict=True)]
    for place, fewest in least.items():
        excess = sum(widths) + 2 * (len(widths) - 1) - width
        if excess > 0:
            widths[place] = min(widths[place], max(fewest, widths[place] - excess))
    return [
        [_shortened(cell, widths[place]) if place in least else cell for place, cell in enumerate(row)] for row in rows
    ]


def _shortened(cell: str, width: int) -> str:
    text = visible(cell)
    return cell if len(text) <= width else f"{text[: width - 1]}…"


def _cell(cell: str, width: int) -> str:
    text = visible(cell)
    return coloured(text, cell.tone if isinstance(cell, TonedText) else "normal") + " " * (width - len(text))


def count_text(number: int, noun: str, nouns: str | None = None) -> str:
    """`1 message`, `2 messages`."""
    return f"{number} {noun}" if number == 1 else f"{number} {nouns or noun + 's'}"
