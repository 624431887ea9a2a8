"""Markdown, as far as the pages need it."""

from collections.abc import Iterable, Iterator, Sequence


def table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a table."""
    yield _row(heading)
    yield _row(["---"] * len(heading))
    for row in rows:
        yield _row(row)


def code(text: str) -> str:
    """The text as it stands, inside backticks; nothing for no text."""
    if not text:
        return ""
    fence = "`" * (1 + max((len(run) for run in _backticks(text)), default=0))
    return f"{fence} {text} {fence}" if "`" in text else f"{fence}{text}{fence}"


def block(text: str, language: str) -> list[str]:
    """The lines of a code block around the text."""
    fence = "`" * max(3, 1 + max((len(run) for run in _backticks(text)), default=0))
    return [f"{fence}{language}", *text.splitlines(), fence]


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def _backticks(text: str) -> Iterator[str]:
    run = ""
    for character in f"{text} ":
        if character == "`":
            run += character
        elif run:
            yield run
            run = ""
