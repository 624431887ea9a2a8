r"""The server's log: no text of others controls a terminal, forges a line or fills the disk.

A menu, an order or a request may hold `\u202e`, which turns the rest of a line around, or a line break.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

CHARACTERS_MAX = 4_000
LINES_A_MINUTE = 100
_MINUTE_SECONDS = 60.0
_log = logging.getLogger(__name__)


def apply() -> None:
    """Write all of this process's log in this way; apply this once the log is set up."""
    for handler in logging.getLogger().handlers:
        given = handler.formatter or logging.Formatter()
        handler.setFormatter(PlainLines(given._fmt, given.datefmt))
        handler.addFilter(FewAlike())
    threading.excepthook = _log_failed_thread


class PlainLines(logging.Formatter):
    """Writes a message as one line, with an escape for each character that isn't shown as itself."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  # logging's name
        """Return the line of a record."""
        record.message = _plain(record.message.rstrip())
        return super().formatMessage(record)

    def formatException(self, ei: Any) -> str:  # noqa: N802  # logging's name
        """Return the lines of an exception."""
        return "\n".join(map(_plain, super().formatException(ei).split("\n")))


class FewAlike(logging.Filter):
    """Lets so many lines a minute through from one place in the code; anybody may be refused for ever."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._since = clock()
        self._lines: dict[tuple[str, int], int] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Return True for a line that is to be written; the last one says so."""
        now = self._clock()
        if now - self._since >= _MINUTE_SECONDS:
            self._since = now
            self._lines.clear()
        place = (record.pathname, record.lineno)
        number = self._lines[place] = self._lines.get(place, 0) + 1
        if number == LINES_A_MINUTE:
            record.msg = f"{record.msg} (what follows from here in this minute is left out)"
        return number <= LINES_A_MINUTE


def _plain(line: str) -> str:
    shown = line if len(line) <= CHARACTERS_MAX else f"{line[:CHARACTERS_MAX]}…"
    if shown.isprintable():
        return shown
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode("ascii")
        for character in shown
    )


def _log_failed_thread(failed: Any) -> None:
    name = failed.thread.name if failed.thread else "a thread"
    _log.error("%s ends", name, exc_info=(failed.exc_type, failed.exc_value, failed.exc_traceback))
