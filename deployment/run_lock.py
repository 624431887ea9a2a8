"""The lock of a local run's folder: `make up` and `make down` hold it while they work on the run."""

import fcntl
from pathlib import Path

LOCK_NAME = "lock"
BUSY = "another `make up` or `make down` works on this checkout: wait until it is done"


def is_locked(directory: Path) -> bool:
    """Return True while somebody works on the run in the folder."""
    try:
        with (directory / LOCK_NAME).open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except (FileNotFoundError, NotADirectoryError):
        return False
    return False
