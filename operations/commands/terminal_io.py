"""The one door to the terminal. What rows, messages, logs and errors hold goes through it, shown and never obeyed."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import click

from deployment.colours import TonedText, coloured, terminal_width
from deployment.escaped_text import visible
from operations.commands.columns import align_columns, fitted


def say(line: str) -> None:
    """Print one line; on a terminal, one with a tone has its colour."""
    click.echo(coloured(visible(line), line.tone if isinstance(line, TonedText) else "normal"))


def say_error(line: str) -> None:
    """Print what stands in the way, one line on standard error."""
    click.echo(coloured(visible(line), "bad", error=True), err=True)


def say_lines(text: str) -> None:
    """Print a text whose line breaks are this program's own."""
    for line in text.split("\n"):
        say(line)


def say_table(rows: Sequence[Sequence[str]], *, indent: int = 0, least: Mapping[int, int] | None = None) -> None:
    """Print rows in columns; a line break in a cell is an escape there, and starts no line.

    On a terminal that is too narrow, the columns in `least` are shortened to so many characters at worst.
    """
    width = terminal_width()
    if least and width is not None:
        rows = fitted(rows, width=width - indent, least=least)
    # Each cell was made visible there, and may have a colour since.
    click.echo(align_columns(rows, indent=indent))


def say_json(document: Any) -> None:
    """Print data as JSON, whose own escapes leave nothing to obey and keep it exact."""
    say_lines(json.dumps(document, indent=2))


def ask_yes_no(question: str) -> bool:
    """Ask a question, and return True if the answer is yes."""
    return click.confirm(visible(question))


def ask_word(question: str) -> str:
    """Ask for a word, and return what was typed."""
    return str(click.prompt(visible(question), default="", show_default=False)).strip()
