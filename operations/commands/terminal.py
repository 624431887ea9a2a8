"""The one door to the terminal. What rows, messages, logs and errors hold goes through it, shown and never obeyed."""

import json
from collections.abc import Sequence
from typing import Any

import click

from deployment.terminal import visible
from operations.commands.columns import columns


def say(line: str, *, error: bool = False) -> None:
    """Print one line, on standard error if it is about a failure."""
    click.echo(visible(line), err=error)


def say_lines(text: str, *, error: bool = False) -> None:
    """Print a text whose line breaks are this program's own."""
    for line in text.split("\n"):
        say(line, error=error)


def say_table(rows: Sequence[Sequence[str]], *, indent: int = 0) -> None:
    """Print rows in columns; a line break in a cell is an escape there, and starts no line."""
    say_lines(columns(rows, indent=indent))


def say_json(document: Any) -> None:
    """Print data as JSON, whose own escapes leave nothing to obey and keep it exact."""
    say_lines(json.dumps(document, indent=2))


def agreed(question: str) -> bool:
    """Ask a question, and return True if the answer is yes."""
    return click.confirm(visible(question))


def answer(question: str) -> str:
    """Ask for a word, and return what was typed."""
    return str(click.prompt(visible(question), default="", show_default=False)).strip()
