"""The end of a server: if wanted, its state is saved first, and it ends only after that."""

import asyncio
import logging
from pathlib import Path
from typing import Any

from emulator.appsync.realtime.connection import close_all
from emulator.ministack import embedded
from emulator.ministack.state import saved_state
from emulator.ministack.state.request_gate import RequestGate
from emulator.ministack.state.saved_state import NotKept, SavedStateInfo

# The time for requests in flight, before the state is saved and again after it.
GRACE_SECONDS = 1
_log = logging.getLogger(__name__)


class GracefulShutdown:
    """Decides if the server may end."""

    def __init__(self, directory: Path, info: SavedStateInfo) -> None:
        self.request_gate = RequestGate()
        self.decided = asyncio.Event()
        self._directory = directory
        self._info = info
        self._wanted_at_start = saved_state.is_saving_enabled(directory)
        self._refusals: list[str] = []
        self._task: asyncio.Task[None] | None = None

    @property
    def told(self) -> dict[str, Any]:
        """The number of refused stops and the last reason: the answer to the program that stops it.

        It isn't only in the log, because the disk of the log may be full.
        """
        return {"refused_stops": len(self._refusals), "reason": self._refusals[-1]} if self._refusals else {}

    def begin(self) -> asyncio.Task[None]:
        """Start to end, unless that is in progress or done."""
        if self._task is None or (self._task.done() and not self.decided.is_set()):
            self._task = asyncio.get_running_loop().create_task(self._end())
        return self._task

    async def _end(self) -> None:
        if saved_state.is_saving_still_enabled(self._directory, at_start=self._wanted_at_start):
            embedded.pause()
            await self.request_gate.close(grace_seconds=GRACE_SECONDS)
            try:
                embedded.keep(self._directory, self._info)
            except Exception as error:  # on any error go on: the state is nowhere else
                self._refusals.append(_line(error))
                embedded.go_on()
                self.request_gate.open()
                _log.exception("this server goes on, because its state can't be kept")
                return
        close_all()  # otherwise open WebSockets would delay the end
        self.decided.set()

    def finish(self) -> None:
        """End the emulator's own threads and processes, after the last request."""
        embedded.stop(self._directory)


def _line(error: Exception) -> str:
    said = f"{error}" if isinstance(error, NotKept) else f"{type(error).__name__}: {error}"
    return " ".join(said.split())
