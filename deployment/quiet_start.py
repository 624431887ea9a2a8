"""Become `python -m <module> …` with Ctrl-C held back: `python -S deployment/quiet_start.py <module> …`.

While Python itself starts, Ctrl-C is a traceback. Held back, it is heard by `end_silently_by_ctrl_c`. These modules are
built in and take no time, and -S has Python load no others.

A standard stream that is closed is opened onto nothing: see `deployment/standard_streams.py`.
"""

import _signal  # type: ignore[import-not-found]
import posix
import sys

if __name__ == "__main__":
    _signal.pthread_sigmask(_signal.SIG_BLOCK, {_signal.SIGINT})
    for number in 0, 1, 2:
        try:
            posix.fstat(number)
        except OSError:
            posix.set_inheritable(posix.open("/dev/null", posix.O_RDWR), True)
    posix.execv(sys.executable, [sys.executable, "-m", *sys.argv[1:]])
