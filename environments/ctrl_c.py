"""Ctrl-C before a program has begun: it ends without a word, and without a traceback of imports."""

import os
import signal

INTERRUPTED = 130  # as a shell calls it


def end_silently_by_ctrl_c() -> None:
    """Let Ctrl-C end this process at once, until it is told otherwise: while modules load there is nothing to undo."""
    if signal.getsignal(signal.SIGINT) != signal.SIG_IGN:
        signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})  # `deployment.quiet_start` held it back
