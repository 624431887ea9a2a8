"""`--user`: the customer whose orders a command is about."""

import re
from collections.abc import Callable
from typing import Any

import click

from environments.user_error import UserError

# Cognito's `sub` is a UUID in small letters, and its version says nothing. Under a part of one nothing is found, which
# would look as if there were no order and no charge.
WHOLE_ID = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def user_option(help_: str) -> Callable[[Any], Any]:
    """Add `--user`, which takes a customer's whole id."""
    return click.option("--user", metavar="USER_ID", callback=_checked_user_id, help=help_)


def _checked_user_id(_context: click.Context, _parameter: click.Parameter, typed: str | None) -> str | None:
    """Return the id as Cognito writes it; UserError for what can't be a whole one, under which nobody has an order."""
    if typed is None:
        return None
    if not WHOLE_ID.fullmatch(typed.lower()):
        raise UserError(
            f"--user: got {typed!r}, expected a customer's whole id, such as 0fad7bc7-2451-4d65-bbe5-7c4b879c227a:"
            " `sub` in the user pool, and in a mail about an order what follows `Announcement` up to the first slash"
        )
    return typed.lower()
