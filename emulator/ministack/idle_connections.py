"""Bounds the connections that wait for their clients: each takes one of the process's open files."""

import asyncio
import resource

CONNECTIONS_MAX = 1000  # more than the clients of a local run open
# More is enough for every client and function at once. macOS lets a process have no more than this.
FILES_MAX = 10_240


class IdleConnections:
    """The connections whose client has sent no whole request, the least recently heard first."""

    def __init__(self, most: int = CONNECTIONS_MAX) -> None:
        self._most = most
        self._waiting: dict[asyncio.Transport, None] = {}

    def add(self, transport: asyncio.Transport) -> None:
        """Wait for a client; close the connection that has been silent for longest when there are too many."""
        self.remove(transport)
        self._waiting[transport] = None
        if len(self._waiting) > share_of_files(self._most, part=4):
            silent = next(iter(self._waiting))
            self.remove(silent)
            silent.abort()  # it may have left an answer unread, for which a close would wait

    def refresh(self, transport: asyncio.Transport) -> None:
        """Count a connection as the one that was heard last, if it waits."""
        if transport in self._waiting:
            self.add(transport)

    def remove(self, transport: asyncio.Transport) -> None:
        """Wait no longer; do nothing for a connection that doesn't wait."""
        self._waiting.pop(transport, None)


def share_of_files(most: int, *, part: int) -> int:
    """Return `most`, or a half (2), a third (3) … of the files that this process may open, if that is less."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return most if soft == resource.RLIM_INFINITY else min(most, soft // part)


def raise_open_files() -> None:
    """Let this process open as many files as it may, up to FILES_MAX.

    The usual limit is 1,024, and 256 on macOS. Without a file left the server closes each new connection at once.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = FILES_MAX if hard == resource.RLIM_INFINITY else min(hard, FILES_MAX)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
