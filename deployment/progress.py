"""Progress of what takes long: a line that is rewritten on a terminal, elsewhere a new one every few seconds."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from rich.console import Console
from rich.live import Live
from rich.text import Text

from deployment.colours import is_terminal
from deployment.escaped_text import visible

EVERY_SECONDS = 5.0
REFRESHES_PER_SECOND = 4
DOING_WIDTH = 58


@contextmanager
def step(doing: str, *, now: Callable[[], str] | None = None) -> Iterator[None]:
    """Show what is being done while it lasts, then leave a line with its duration; nothing is left of a failure.

    `now` returns what is being done at the moment, when that is more than always the same.
    """
    started = time.monotonic()
    with show_progress(now or (lambda: doing)):
        yield
    text, width = Text(visible(doing)), _doing_width()
    text.truncate(width, overflow="ellipsis", pad=True)
    print(f"  {text.plain} {time.monotonic() - started:6.1f} s", flush=True)


@contextmanager
def show_progress(now: Callable[[], str]) -> Iterator[None]:
    """Show, until it is over, for how long and what `now` returns; a terminal forgets it then."""
    started = time.monotonic()

    def line() -> str:
        return f"  {time.monotonic() - started:3.0f} s  {visible(now())}"

    with _rewritten(line) if is_terminal(sys.stdout) else _repeated(line):
        yield


@contextmanager
def _rewritten(line: Callable[[], str]) -> Iterator[None]:
    console = _console()

    def fitting() -> Text:
        text = Text(line(), no_wrap=True)
        text.truncate(max(console.width - 1, 1), overflow="ellipsis")
        return text

    with Live(get_renderable=fitting, console=console, transient=True, refresh_per_second=REFRESHES_PER_SECOND) as live:
        live.refresh()
        yield


@contextmanager
def _repeated(line: Callable[[], str]) -> Iterator[None]:
    over = threading.Event()

    def repeat() -> None:
        with suppress(OSError):  # the reader has left, or the disk is full: what prints next says so
            while not over.wait(EVERY_SECONDS):
                print(line(), flush=True)

    thread = threading.Thread(target=repeat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _doing_width() -> int:
    """As wide as leaves room for the duration."""
    return max(1, min(DOING_WIDTH, _console().width - 12)) if is_terminal(sys.stdout) else DOING_WIDTH


def _console() -> Console:
    # What is said may hold names that others chose: to none of them brackets or colons mean anything.
    return Console(highlight=False, soft_wrap=True, markup=False, emoji=False, force_terminal=True)
