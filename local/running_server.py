"""The server process of one run, as another process finds it: by its id, and by what it was started with."""

import os
import signal
import time
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import psutil

from local.health import NotReady, health, wait_until_ready

STOP_SECONDS = 15
ANSWER_SECONDS = 30
KEEP_SECONDS = 120


class NotStopped(Exception):
    """The process goes on, with what it holds; the message says why."""


def is_server_of_run(pid: int, directory: Path) -> bool:
    """Return True if the process is the server of the run in that folder, not another that got the number since."""
    try:
        words = psutil.Process(pid).cmdline()
    except psutil.Error:  # nobody has the number, or somebody else, whose words can't be seen
        return False
    return "local.server" in words and ("--directory", str(directory)) in pairwise(words)


def servers_below(folder: Path) -> list[tuple[int, Path]]:
    """Return the ids of the servers whose runs are in a folder, or in folders of it, with the folder of each run."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        words = process.info["cmdline"] or []
        directories = [Path(value) for option, value in pairwise(words) if option == "--directory"]
        if "local.server" in words and directories and directories[0].is_relative_to(folder):
            found.append((process.pid, directories[0]))
    return found


def stop_server(pid: int, directory: Path) -> None:
    """End the process and what it started; by force when it doesn't end by itself."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while is_server_of_run(pid, directory) and time.monotonic() < deadline:
            time.sleep(0.05)
        if is_server_of_run(pid, directory):
            os.kill(pid, signal.SIGKILL)


def save_and_stop_server(pid: int, directory: Path, *, endpoint_url: str) -> None:
    """Let the process keep what it holds and end, never by force; raises NotStopped when it goes on."""
    try:
        refused_before = _refused_stops(wait_until_ready(endpoint_url, within_seconds=ANSWER_SECONDS))
    except NotReady as error:
        raise NotStopped(str(error)) from error
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    deadline, said = time.monotonic() + KEEP_SECONDS, "nothing"
    while is_server_of_run(pid, directory):
        if time.monotonic() > deadline:
            raise NotStopped(f"it was told to {KEEP_SECONDS} s ago and hasn't ended: {said}")
        try:
            answer = health(endpoint_url, timeout_seconds=1)
        except NotReady as error:  # while it writes it answers nobody
            said = str(error)
        else:
            if _refused_stops(answer) > refused_before:
                raise NotStopped(str(answer["reason"]))
        time.sleep(0.05)


def _refused_stops(answer: dict[str, object]) -> int:
    return int(str(answer.get("refused_stops", 0)))
