"""Starts a program that may lose its work when it is ended, and has it end as it does at Ctrl-C."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from threading import Thread, current_thread, main_thread
from typing import Any, Self

import psutil

ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_LOOK_SECONDS = 0.2


class PassedOnSignals:
    """While it is open, Ctrl-C, `kill` and a closed terminal end the started program, and not this one.

    Terraform saves and unlocks its state at SIGINT alone. A closed terminal would kill it, and Node.js takes back what
    its programs are told to ignore. So a program that reads no terminal becomes a process group of its own.
    """

    def __init__(self, *, heard_by: str = "") -> None:
        """With `heard_by`, programs of that name hear it in place of the one that started them, while there are any."""
        self.happened = False
        self._heard_by = heard_by
        self._can_hear = current_thread() is main_thread()
        self._process: subprocess.Popen[Any] | None = None
        self._shares_terminal = True
        self._is_due = False
        self._told: set[psutil.Process] = set()
        self._keeps_telling = False
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Self:
        if self._can_hear:
            heard = [number for number in ENDINGS if signal.getsignal(number) != signal.SIG_IGN]
            self._before = {number: signal.signal(number, self._hear) for number in heard}
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def start(self, command: Sequence[str], **options: Any) -> subprocess.Popen[Any]:
        """Start the program with the options of `subprocess.Popen`."""
        self._shares_terminal = options.get("stdin") != subprocess.DEVNULL or not self._can_hear
        if not self._shares_terminal:
            options["process_group"] = 0
        with self._ignored_by_the_program(signal.SIGHUP):
            self._process = subprocess.Popen(command, **options)
        if self._is_due:
            self._pass_on()
        return self._process

    @contextmanager
    def _ignored_by_the_program(self, number: signal.Signals) -> Iterator[None]:
        """Have what is started meanwhile ignore a signal; this process gets it afterwards."""
        if not self._can_hear:
            yield
            return
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, {number})
        handler = signal.signal(number, signal.SIG_IGN)
        try:
            yield
        finally:
            signal.signal(number, handler)
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)

    def _hear(self, number: int, _frame: object) -> None:
        is_first, self.happened = not self.happened, True
        if self._process is None:
            self._is_due = True
        elif number == signal.SIGINT:
            # The terminal tells a program that shares it. At a second interrupt Terraform ends without saving: only a
            # person who types it twice wants that.
            if not self._shares_terminal:
                self._pass_on()
        elif is_first:
            self._pass_on()

    def _pass_on(self) -> None:
        if self._process is None or self._process.poll() is not None:
            return
        if self._shares_terminal:
            self._process.send_signal(signal.SIGINT)
            return
        # A program that starts another one has a child of its own name for a moment.
        if _name(psutil.Process(self._process.pid)) == self._heard_by or not self._tell_children():
            os.killpg(self._process.pid, signal.SIGINT)
        elif not self._keeps_telling:
            self._keeps_telling = True
            Thread(target=self._tell_later_children, daemon=True).start()

    def _tell_children(self) -> bool:
        """Interrupt the programs that are to hear it; return False if there is none."""
        found = self._children()
        for child in found:
            with suppress(psutil.NoSuchProcess):
                child.send_signal(signal.SIGINT)
        self._told.update(found)
        return bool(found)

    def _tell_later_children(self) -> None:
        """Interrupt each program that begins after the signal: the one that heard it may have been at its end."""
        assert self._process is not None
        while self._process.poll() is None:
            time.sleep(_LOOK_SECONDS)
            with suppress(psutil.NoSuchProcess):
                for child in self._children() - self._told:
                    child.send_signal(signal.SIGINT)
                    self._told.add(child)

    def _children(self) -> set[psutil.Process]:
        assert self._process is not None
        try:
            found = psutil.Process(self._process.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return set()
        return {child for child in found if _name(child) == self._heard_by}


def _name(process: psutil.Process) -> str | None:
    """Return the name of a process; None once it has ended."""
    try:
        return str(process.name())
    except psutil.NoSuchProcess:
        return None
