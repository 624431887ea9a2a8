"""The end of a server: what it holds is kept first, if that is wanted, and it ends only once that is done."""

import asyncio
import logging
from pathlib import Path
from typing import Any

from emulator.appsync.realtime.connection import close_all
from emulator.ministack import embedded
from emulator.ministack.state import saved_state
from emulator.ministack.state.request_gate import Door
from emulator.ministack.state.saved_state import About, NotKept

# What requests in flight have to be answered in, before the state is kept and after.
GRACE_SECONDS = 1
_log = logging.getLogger(__name__)


class Ending:
    """Decides whether the server may end."""

    def __init__(self, directory: Path, about: About) -> None:
        self.door = Door()
        self.decided = asyncio.Event()
        self._directory = directory
        self._about = about
        self._wanted_at_start = saved_state.is_wanted(directory)
        self._refusals: list[str] = []
        self._task: asyncio.Task[None] | None = None

    @property
    def told(self) -> dict[str, Any]:
        """How often the server was to end and didn't, and why the last time; it is the answer to who stops it.

        The log may be on the disk that is full.
        """
        return {"refused_stops": len(self._refusals), "reason": self._refusals[-1]} if self._refusals else {}

    def begin(self) -> asyncio.Task[None]:
        """Begin to end, unless that is under way or done."""
        if self._task is None or (self._task.done() and not self.decided.is_set()):
            self._task = asyncio.get_running_loop().create_task(self._end())
        return self._task

    async def _end(self) -> None:
        if saved_state.is_still_wanted(self._directory, at_start=self._wanted_at_start):
            embedded.pause()
            await self.door.close(grace_seconds=GRACE_SECONDS)
            try:
                embedded.keep(self._directory, self._about)
            except Exception as error:  # whatever it is, what the server holds is nowhere else
                self._refusals.append(_line(error))
                embedded.go_on()
                self.door.open()
                _log.exception("this server goes on, because its state can't be kept")
                return
        close_all()  # a WebSocket ends when it's closed
        self.decided.set()

    def finish(self) -> None:
        """End what the emulator started, once nothing is served any more."""
        embedded.stop(self._directory)


def _line(error: Exception) -> str:
    said = f"{error}" if isinstance(error, NotKept) else f"{type(error).__name__}: {error}"
    return " ".join(said.split())
