"""A program's output as a terminal receives it."""

import fcntl
import os
import pty
import struct
import subprocess
import termios
from collections.abc import Mapping, Sequence
from pathlib import Path


def run_in_terminal(command: Sequence[str], *, folder: Path, environment: Mapping[str, str], columns: int = 80) -> str:
    """Run a program in a terminal, with more variables than this process has; return what the terminal receives.

    It doesn't hear of the `make` that may run the tests: another `make` would print its folder then.
    """
    inherited = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
    mine, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    with subprocess.Popen(command, cwd=folder, env={**inherited, **environment}, stdout=its, stderr=its) as process:
        os.close(its)
        received = b""
        while True:
            try:
                part = os.read(mine, 4096)
            except OSError:  # the other end is closed
                break
            if not part:
                break
            received += part
        process.wait()
    os.close(mine)
    return received.decode()
