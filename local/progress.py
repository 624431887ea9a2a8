"""Progress on the terminal: what is being done, and how long it took."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

# What is said may hold names that others chose: to none of them brackets or colons mean anything.
console = Console(highlight=False, soft_wrap=True, markup=False, emoji=False)


@contextmanager
def step(doing: str) -> Iterator[None]:
    """Show what is being done while it lasts, then leave a line with its duration; nothing is left of a failure."""
    started = time.monotonic()
    if sys.stdout.isatty():
        with console.status(f"{doing} …"):
            yield
    else:
        yield
    console.print(f"  {doing:<58} {time.monotonic() - started:6.1f} s")
