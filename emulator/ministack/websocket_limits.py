"""Bounds the WebSockets that wait to be opened, and those that are open."""

import asyncio
import logging
from typing import Protocol

from emulator.ministack.idle_connections import share_of_files

_log = logging.getLogger(__name__)
OPENING_SECONDS = 0.003  # to open a connection and a subscription takes half of it
WAITING_MAX = 120  # a hundred clients may come at once; nobody waits for more than 0.4 s
OPEN_MAX = 5_000  # AppSync has no such quota; each takes an open file and 31 KB


class Handshake(Protocol):
    """A handshake that came."""

    def open(self) -> bool:
        """Open the connection; return False if its client is gone."""

    def refuse(self) -> None:
        """Answer that there are too many, and close the connection."""


class Openings:
    """Opens connections one by one, in the order of arrival: a hundred at once took others 150 ms.

    Of too many that wait, the one that has waited for longest is refused, and its client may try again. So in a flood
    each has the same chance, and learns soon.
    """

    def __init__(self, *, most: int = WAITING_MAX) -> None:
        self._most = most
        self._waiting: dict[Handshake, None] = {}
        self._timer: asyncio.TimerHandle | None = None

    def add(self, handshake: Handshake, loop: asyncio.AbstractEventLoop) -> None:
        """Open or refuse the connection when it is its turn."""
        self._waiting[handshake] = None
        if self._timer is None:
            self._open_next(loop)
        elif len(self._waiting) > self._most:
            self._first().refuse()

    def remove(self, handshake: Handshake) -> None:
        """Forget a handshake whose client is gone."""
        self._waiting.pop(handshake, None)

    def _open_next(self, loop: asyncio.AbstractEventLoop) -> None:
        self._timer = None
        while self._waiting and self._timer is None:
            if self._first().open():
                self._timer = loop.call_later(OPENING_SECONDS, self._open_next, loop)

    def _first(self) -> Handshake:
        first = next(iter(self._waiting))
        del self._waiting[first]
        return first


class OpenWebSockets:
    """The WebSockets that there are, from the handshake to the end: beyond a number of them no more are let in.

    Each takes an open file. At least half of the process's stay free, for HTTP among others.
    """

    def __init__(self, *, most: int = OPEN_MAX) -> None:
        self._most = most
        self._open: set[object] = set()
        self._is_full = False

    def add(self, connection: object) -> bool:
        """Let a connection in; return False if there are too many."""
        if len(self._open) >= self._bound():
            if not self._is_full:
                _log.warning(
                    "%d WebSockets are open, as many as may be: more are refused until some are closed", len(self._open)
                )
            self._is_full = True
            return False
        self._open.add(connection)
        return True

    def remove(self, connection: object) -> None:
        """Count a connection no longer; do nothing for one that wasn't let in."""
        self._open.discard(connection)
        if len(self._open) < self._bound() * 0.9:
            self._is_full = False  # so that a flood at the bound is one line in the log

    def _bound(self) -> int:
        return share_of_files(self._most, part=2)
