"""Wait for the lock of this checkout's installations, then become the program that installs.

The system frees the lock when that program ends, however it ends. This uses the standard library
alone: nothing is installed yet.
"""

import fcntl
import os
import sys
from pathlib import Path


def main(command: list[str]) -> None:
    """Run the command under the lock; INSTALL_LOCK tells it if the lock had to be waited for."""
    Path(".build").mkdir(exist_ok=True)
    lock = os.open(".build/install.lock", os.O_RDWR | os.O_CREAT, 0o644)
    held = "held"
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        held = "waited"
        print("  Another command installs packages in this folder: waiting for it", flush=True)
        fcntl.flock(lock, fcntl.LOCK_EX)
    os.set_inheritable(lock, True)
    os.execve(command[0], command, {**os.environ, "INSTALL_LOCK": held})  # noqa: S606  # it becomes the installation


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
