"""Nothing is changed before somebody said so."""

import sys
from collections.abc import Callable
from typing import Any

import click

from environments.user_error import UserError
from operations.commands.terminal import agreed, answer, say

Command = Callable[..., Any]


def changes(command: Command) -> Command:
    """Give a command --dry-run and --yes."""
    yes = click.option("--yes", is_flag=True, help="Don't ask.")
    return dry_run_only(yes(command))


def dry_run_only(command: Command) -> Command:
    """Give a command --dry-run."""
    return click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")(command)


def approved(what: str, *, dry_run: bool, yes: bool) -> bool:
    """Return True to go on: never in a dry run; else when --yes was given or a person at a terminal agrees."""
    if dry_run:
        say(f"Would {what}. Dry run: nothing was changed.")
        return False
    if yes:
        return True
    if not is_terminal():
        raise UserError(f"nothing was changed: this would {what}; without a terminal to ask at, it needs --yes")
    if agreed(f"This will {what}. Go on?"):
        return True
    raise UserError("nothing was changed")


def typed(what: str, *, word: str, dry_run: bool) -> bool:
    """Return True to go on with what can't be undone: when a person at a terminal types the word."""
    if dry_run:
        say(f"Would {what}. Dry run: nothing was changed.")
        return False
    if not is_terminal():
        raise UserError(f"nothing was changed: this would {what}, and wants {word} typed at a terminal")
    given = answer(f"This will {what}, for good. Type {word} to go on")
    if given != word:
        raise UserError(f"nothing was changed: expected {word}, got {given!r}")
    return True


def is_terminal() -> bool:
    """Return True if there is somebody to ask."""
    return sys.stdin.isatty()
