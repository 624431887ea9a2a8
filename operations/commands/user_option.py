"""`--user`: the customer whose orders a command is about."""

from collections.abc import Callable
from typing import Any

import click

from environments.user_error import UserError


def user_option(help_: str) -> Callable[[Any], Any]:
    """Add `--user`, which takes a customer's id."""
    return click.option("--user", metavar="USER_ID", callback=_checked_user_id, help=help_)


def _checked_user_id(_context: click.Context, _parameter: click.Parameter, typed: str | None) -> str | None:
    """Return what was typed; UserError for an e-mail address, under which nobody has an order."""
    if typed is not None and (not typed or "@" in typed):
        raise UserError(
            f"--user: got {typed!r}, expected a customer's id: `sub` in the user pool, and in a mail about an order"
            " what follows `Announcement` up to the first slash"
        )
    return typed
