"""Ask for a confirmation before anything is changed."""

import sys
from collections.abc import Callable
from typing import Any

import click

from environments.user_error import UserError
from operations.commands.terminal_io import ask_word, ask_yes_no, say

Command = Callable[..., Any]


def confirmation_options(command: Command) -> Command:
    """Give a command --dry-run and --yes."""
    yes = click.option("--yes", is_flag=True, help="Don't ask.")
    return dry_run_option(yes(command))


def dry_run_option(command: Command) -> Command:
    """Give a command --dry-run."""
    return click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")(command)


def confirm_change(what: str, *, dry_run: bool, yes: bool) -> bool:
    """Return True to go on: never in a dry run; else when --yes was given or a person at a terminal agrees."""
    if dry_run:
        say(f"Would {what}. Dry run: nothing was changed.")
        return False
    if yes:
        return True
    if not is_terminal():
        raise UserError(f"nothing was changed: this would {what}; without a terminal to ask at, it needs --yes")
    if ask_yes_no(f"This will {what}. Go on?"):
        return True
    raise UserError("nothing was changed")


def confirm_by_word(what: str, *, word: str, dry_run: bool) -> bool:
    """Return True to go on with what can't be undone: when a person at a terminal types the word."""
    if dry_run:
        say(f"Would {what}. Dry run: nothing was changed.")
        return False
    if not is_terminal():
        raise UserError(f"nothing was changed: this would {what}, and wants {word} typed at a terminal")
    given = ask_word(f"This will {what}, for good. Type {word} to go on")
    if given != word:
        raise UserError(f"nothing was changed: expected {word}, got {given!r}")
    return True


def is_terminal() -> bool:
    """Return True if there is somebody to ask."""
    return sys.stdin.isatty()
