"""Colours for a person at a terminal: none elsewhere, and none where NO_COLOR is set."""

import os
import shutil
import sys
from typing import TextIO

# SGR codes. All of them can be read on a dark and on a light ground.
TONES = {"good": 32, "bad": 31, "open": 33, "normal": 39}
STATUS_TONES = {"PENDING": "open", "PAYING": "open", "PAID": "good", "FAILED": "bad", "CANCELLED": "normal"}


class TonedText(str):
    """A text with the tone in which a terminal shows it."""

    __slots__ = ("tone",)
    tone: str


def with_tone(text: object, tone: str) -> TonedText:
    """Give a text a tone."""
    found = TonedText(text)
    found.tone = tone
    return found


def status_with_tone(status: str, text: str | None = None) -> TonedText:
    """Give an order's status, or a text that is about it, its tone."""
    return with_tone(status if text is None else text, STATUS_TONES.get(status, "normal"))


def coloured(text: str, tone: str, *, error: bool = False) -> str:
    """Return the text in its tone's colour if what it is printed to is a terminal that shows colours, else as it is.

    An `error` is printed to standard error.
    """
    stream = sys.stderr if error else sys.stdout
    if tone == "normal" or not text or not is_terminal(stream) or os.environ.get("NO_COLOR"):
        return text
    return f"\x1b[{TONES[tone]}m{text}\x1b[0m"


def is_terminal(stream: TextIO | None) -> bool:
    """Return True if the stream is a terminal that obeys control sequences; one that is closed is None."""
    return stream is not None and stream.isatty() and os.environ.get("TERM", "") not in ("", "dumb", "unknown")


def terminal_width() -> int | None:
    """Return how many characters a line of the terminal has; None when standard output is no terminal."""
    return shutil.get_terminal_size().columns if is_terminal(sys.stdout) else None
