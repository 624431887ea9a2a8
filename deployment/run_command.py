"""Runs a command to its end: other programs are let finish, and what the user has to change is one line."""

import io
import os
import select
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import current_thread, main_thread
from types import TracebackType
from typing import Any, NoReturn

from deployment.colours import coloured
from deployment.disk_errors import explain_disk_error
from deployment.escaped_text import visible, visible_lines
from deployment.node_variables import drop_variables_of_node
from deployment.passed_on_signals import ENDINGS, PassedOnSignals
from deployment.standard_streams import escape_what_cannot_be_shown, flush_output, open_closed_streams
from environments.ctrl_c import INTERRUPTED
from environments.user_error import UserError

# What asks the person at the terminal, such as `ask`, and returns what was typed.
Confirm = Callable[[str], str]


def run(main: Callable[[Sequence[str]], int]) -> NoReturn:
    """Run a command with what was typed after its name, and exit as it says; whoever ends it has it tidy up."""
    open_closed_streams()
    end_as_by_ctrl_c()
    drop_variables_of_node()
    escape_what_cannot_be_shown()
    sys.excepthook = _print_exception
    try:
        code = main(sys.argv[1:])
        print(end="", flush=True)
        sys.exit(code)
    except UserError as error:
        flush_output()
        sys.exit(coloured(visible_lines(f"{error}"), "bad", error=True))
    except OSError as error:
        if isinstance(error, BrokenPipeError) and output_is_closed():
            sys.exit(1)
        line = explain_disk_error(error)
        if line is None:
            raise
        sys.exit(coloured(visible(line), "bad", error=True))
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        sys.exit(INTERRUPTED)


def end_as_by_ctrl_c() -> None:
    """Let `kill`, or a terminal that is closed, raise KeyboardInterrupt too: what has to be undone is undone."""
    for number in ENDINGS:
        if signal.getsignal(number) != signal.SIG_IGN:  # nohup ignores the terminal's end
            signal.signal(number, signal.default_int_handler)


@contextmanager
def without_interrupts() -> Iterator[None]:
    """Let nobody end the program meanwhile who can be made to wait."""
    if current_thread() is not main_thread():
        yield
        return
    before = {number: signal.signal(number, signal.SIG_IGN) for number in ENDINGS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def output_is_closed() -> bool:
    """Return True if the reader of the output has ended, as `head` does; the rest of the output is then dropped."""
    output = select.poll()
    output.register(sys.stdout, 0)
    if not output.poll(0):
        return False
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return True


def can_ask() -> bool:
    """Return True if somebody is at a terminal."""
    return sys.stdin is not None and sys.stdin.isatty()


def ask(question: str) -> str:
    """Return what the user types; nothing where there is nobody."""
    try:
        return input(question)
    except EOFError:
        return ""


def run_to_its_end(
    command: Sequence[str], *, on_line: Callable[[str], None] | None = None, heard_by: str = "", **options: Any
) -> int:
    """Run a program as `subprocess` would and return its exit code; whoever ends this one has the program end well.

    With `on_line`, its output goes there line by line; an OSError of that ends nothing before the program has ended.
    `heard_by` names programs of the program's own that are to hear of the end in its place.
    `subprocess.run` kills it a quarter of a second after Ctrl-C: Terraform needs longer to save and unlock the state.
    """
    if on_line:
        options |= {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    failure: OSError | None = None
    with PassedOnSignals(heard_by=heard_by) as signals, signals.start(command, **options) as process:
        # A carriage return begins no line: what follows it may be somebody's text.
        output = process.stdout and io.TextIOWrapper(process.stdout, encoding="utf-8", errors="replace", newline="\n")
        for line in output if on_line and output else ():
            try:
                if on_line and not failure:
                    on_line(line.rstrip("\r\n"))
            except OSError as error:
                failure = error
        code = process.wait()
    if signals.happened:
        raise KeyboardInterrupt
    if failure:
        raise failure
    return code


def _print_exception(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Print a traceback as Python does; the text in it may come from outside."""
    print(visible_lines("".join(traceback.format_exception(kind, error, trace)).rstrip("\n")), file=sys.stderr)
