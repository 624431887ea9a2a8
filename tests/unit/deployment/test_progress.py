"""Progress is one line that is rewritten on a terminal, and new lines elsewhere."""

import io
import re
import threading
from contextlib import redirect_stdout

import pytest
from rich.cells import cell_len

from deployment import progress
from deployment.progress import show_progress, step

CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\r")


class Terminal(io.StringIO):
    """A screen that a program writes to."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal of 40 columns."""
    screen = Terminal()
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.delenv("NO_COLOR", raising=False)
    return screen


@pytest.fixture
def file(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """A file in place of a terminal, though the environment may claim a terminal."""
    written = io.StringIO()
    for name in ("FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "CLICOLOR_FORCE"):
        monkeypatch.setenv(name, "1")
    monkeypatch.setattr(progress, "EVERY_SECONDS", 0.001)
    return written


def lines(screen: Terminal) -> list[str]:
    return [line.rstrip() for line in CONTROL.sub("\n", screen.getvalue()).split("\n") if line.strip()]


def test_a_terminal_shows_what_is_done_at_the_moment_and_keeps_the_duration(terminal: Terminal) -> None:
    with redirect_stdout(terminal), step("Deploying", now=lambda: "34 of 106"):
        pass

    shown = lines(terminal)
    assert {line.partition(" s  ")[2] for line in shown[:-1]} == {"34 of 106"}
    assert re.fullmatch(r"  Deploying +\d+\.\d s", shown[-1])
    assert terminal.getvalue().count("Deploying") == 1


@pytest.mark.parametrize("columns", ["40", "20", "8", "1"])
def test_a_narrow_terminal_wraps_nothing(terminal: Terminal, monkeypatch: pytest.MonkeyPatch, columns: str) -> None:
    monkeypatch.setenv("COLUMNS", columns)

    with (
        redirect_stdout(terminal),
        show_progress(lambda: "waiting for sqs_queue placed, sqs_queue mailbox and 99 more 注文注文注文"),
    ):
        pass

    shown = lines(terminal)
    assert shown
    assert max(map(cell_len, shown)) < max(int(columns), 2)


def test_a_narrow_terminal_cuts_the_line_that_stays(terminal: Terminal) -> None:
    with redirect_stdout(terminal), step("Deploying orders-local and web-local with cdktf deploy"):
        pass

    kept = terminal.getvalue().splitlines()[-1]
    assert len(CONTROL.sub("", kept)) < 40
    assert re.search(r"\d\.\d s$", kept)
    assert "…" in kept


def test_without_a_terminal_lines_come_by_themselves_and_steer_nothing(file: io.StringIO) -> None:
    told, count = threading.Event(), iter(range(1_000_000))

    def now() -> str:
        number = next(count)
        if number == 2:
            told.set()
        return f"made {number}\x1b[2J"

    with redirect_stdout(file), step("Deploying", now=now):
        came = told.wait(60)

    said = file.getvalue().splitlines()
    assert came
    assert [line.partition(" s  ")[2] for line in said[:2]] == [r"made 0\x1b[2J", r"made 1\x1b[2J"]
    assert re.fullmatch(r"  Deploying {49} +\d+\.\d s", said[-1])
    assert "\x1b" not in file.getvalue()


def test_what_is_over_at_once_is_one_line_without_a_terminal(
    file: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "EVERY_SECONDS", 3600)

    with redirect_stdout(file), step("Deploying"):
        pass

    assert len(file.getvalue().splitlines()) == 1


@pytest.mark.parametrize("kind", ["dumb", "unknown", ""])
def test_a_terminal_that_obeys_nothing_gets_lines(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setenv("TERM", kind)

    with redirect_stdout(terminal), step("Deploying"):
        pass

    assert CONTROL.search(terminal.getvalue()) is None


def test_what_others_print_meanwhile_is_kept_above(terminal: Terminal) -> None:
    long = "aws_sqs_queue.placed: Creation complete after 26s [id=[red]x[/red]]" * 3

    with redirect_stdout(terminal), show_progress(lambda: "34 of 106"):
        print(long)

    assert long in CONTROL.sub("", terminal.getvalue())


def test_nothing_is_left_of_a_failure(terminal: Terminal) -> None:
    with redirect_stdout(terminal), pytest.raises(ZeroDivisionError), step("Deploying", now=lambda: "34 of 106"):
        raise ZeroDivisionError

    assert "Deploying" not in terminal.getvalue()


def test_a_terminal_without_colours_gets_none(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")

    with redirect_stdout(terminal), step("Deploying"):
        print("PAID")

    assert re.search(r"\x1b\[[0-9;]*m", terminal.getvalue()) is None
