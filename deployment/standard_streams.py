"""Standard input, output and error, which whoever starts a command may have closed, or led to a full disk."""

import io
import os
import sys
from typing import Literal

OUTPUT = "standard output"
NUMBERS = (0, 1, 2)


def open_closed_streams() -> None:
    """Open what is closed of the three onto nothing.

    Else Python has None in its place, and the next file that is opened gets its number: programs would print into it.
    """
    for number in NUMBERS:
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # the lowest number that is free
    sys.stdin = sys.stdin or _nothing("r")
    sys.stdout = sys.stdout or _nothing("w")
    sys.stderr = sys.stderr or _nothing("w")


def escape_what_cannot_be_shown() -> None:
    """Print a character that the terminal hasn't got as an escape."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def flush_output() -> bool:
    """Write what is left of the output, and return True; where that fails, drop it: nothing fails at the end then."""
    try:
        number = sys.stdout.fileno()
    except ValueError:  # it is no file
        return True
    try:
        sys.stdout.flush()
        os.write(number, b"")  # what failed may be gone; the next fails too
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), number)
        return False
    return True


def _nothing(mode: Literal["r", "w"]) -> io.TextIOWrapper:
    return open(os.devnull, mode, encoding="utf-8")  # until the process ends
