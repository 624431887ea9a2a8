"""Options that take a number: each says from where to where."""

from collections.abc import Callable
from typing import Any

import click

from deployment.make_variables import whole_number

ROWS_MAX = 10_000


def number_option(name: str, help_: str, *, default: int, most: int) -> Callable[[Any], Any]:
    """Add an option that takes a whole number from 1 to `most`."""
    return click.option(name, default=default, show_default=True, type=WholeNumber(min=1, max=most), help=help_)


def most_option(help_: str, *, default: int, upper_bound: int = ROWS_MAX) -> Callable[[Any], Any]:
    """Add `--most`: how many a command looks at or shows."""
    return number_option("--most", help_, default=default, most=upper_bound)


class WholeNumber(click.IntRange):
    """A number between two others, refused in the words that make's variables have."""

    def convert(self, value: Any, param: click.Parameter | None, _: click.Context | None) -> int:
        """Return the number; UserError when it is none, or is out of the range."""
        assert param is not None
        assert self.min is not None
        assert self.max is not None
        return whole_number(param.opts[0], str(value), least=int(self.min), most=int(self.max))
