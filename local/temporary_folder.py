"""Folders for runs that are brought up for a measurement: what a killed measurement left goes at the next one."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deployment.escaped_text import visible
from local.running_server import servers_below, stop_server

PREFIX = "orders-run-"
OWNER = "owner"


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Yield a folder that is gone afterwards. Before, remove what killed commands left, and say so in a line each."""
    for left in abandoned_folders():
        stopped = remove_abandoned(left)
        print(f"  Removed {visible(str(left))}, which a killed command left; local runs stopped in it: {stopped}")
    with tempfile.TemporaryDirectory(prefix=PREFIX) as name:
        folder = Path(name)
        locked = folder / f"{OWNER}.new"
        with locked.open("w") as owner:
            fcntl.flock(owner, fcntl.LOCK_EX)  # the system ends it with this process, however that ends
            locked.rename(folder / OWNER)
            yield folder


def abandoned_folders() -> list[Path]:
    """List this user's folders whose owner has ended without removing them."""
    folders = sorted(Path(tempfile.gettempdir()).glob(f"{PREFIX}*"))
    return [folder for folder in folders if _is_abandoned(folder)]


def remove_abandoned(folder: Path) -> int:
    """Stop the servers of the runs in the folder and remove it; returns how many servers there were."""
    servers = servers_below(folder)
    for pid, directory in servers:
        stop_server(pid, directory)
    shutil.rmtree(folder, ignore_errors=True)
    return len(servers)


def _is_abandoned(folder: Path) -> bool:
    try:
        if folder.lstat().st_uid != os.getuid():
            return False
        with (folder / OWNER).open("r+") as owner:
            fcntl.flock(owner, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # it is in use, or has just gone
        return False
    return True
