"""The server process of one run, as another process finds it: by its id, and by what `ps` says of it."""

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

STOP_SECONDS = 15


def is_own_server(pid: int, directory: Path) -> bool:
    """Whether the process is the server of the run in that folder, and not another that got the number since."""
    told = subprocess.run(["ps", "-ww", "-p", str(pid), "-o", "command="], capture_output=True, text=True, check=False)
    return "local.server" in told.stdout and f" --directory {directory} " in f"{told.stdout.strip()} "


def stop_own_server(pid: int, directory: Path) -> None:
    """End the process and what it started; by force when it doesn't end by itself."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while is_own_server(pid, directory) and time.monotonic() < deadline:
            time.sleep(0.05)
        if is_own_server(pid, directory):
            os.kill(pid, signal.SIGKILL)
