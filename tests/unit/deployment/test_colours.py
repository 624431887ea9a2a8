"""Colours are printed only for a person at a terminal."""

import io
from contextlib import redirect_stderr, redirect_stdout

import pytest

from deployment.colours import STATUS_TONES, coloured, status_with_tone, with_tone
from environments.order_rules import FINAL_STATUSES, OPEN_STATUSES
from operations.commands.columns import align_columns
from operations.commands.terminal_io import say, say_error


class Terminal(io.StringIO):
    """A screen that a program writes to."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)


def test_a_terminal_shows_the_colour_of_a_tone() -> None:
    with redirect_stdout(Terminal()):
        shown = [coloured("text", tone) for tone in ("good", "bad", "open", "normal")]

    assert shown == ["\x1b[32mtext\x1b[0m", "\x1b[31mtext\x1b[0m", "\x1b[33mtext\x1b[0m", "text"]


@pytest.mark.parametrize(
    ("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb"), ("TERM", "")], ids=["NO_COLOR", "dumb", "unknown"]
)
def test_a_terminal_that_wants_or_knows_no_colours_gets_none(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)

    with redirect_stdout(Terminal()):
        assert coloured("text", "bad") == "text"


def test_what_is_no_terminal_gets_none_though_the_environment_asks_for_them(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FORCE_COLOR", "CLICOLOR_FORCE"):
        monkeypatch.setenv(name, "1")

    with redirect_stdout(io.StringIO()), redirect_stderr(Terminal()):
        assert coloured("text", "bad") == "text"
        assert coloured("text", "bad", error=True) == "\x1b[31mtext\x1b[0m"


def test_every_status_has_a_tone() -> None:
    assert STATUS_TONES.keys() == {*OPEN_STATUSES, *FINAL_STATUSES}
    assert status_with_tone("of another version").tone == "normal"


def test_a_line_and_an_error_are_coloured_and_steer_nothing() -> None:
    with redirect_stdout(Terminal()) as out, redirect_stderr(Terminal()) as err:
        say(status_with_tone("PAID", "PAID \x1b[2J"))
        say("plain \x1b[2J")
        say_error("got x, expected y")

    assert out.getvalue() == "\x1b[32mPAID \\x1b[2J\x1b[0m\nplain \\x1b[2J\n"
    assert err.getvalue() == "\x1b[31mgot x, expected y\x1b[0m\n"


def test_a_coloured_cell_leaves_the_columns_aligned() -> None:
    rows = [("A", "B"), (with_tone("\x1bx", "bad"), "1"), (with_tone("longest", "good"), with_tone("2", "bad"))]

    with redirect_stdout(Terminal()):
        coloured = align_columns(rows)

    assert coloured == "A        B\n\x1b[31m\\x1bx\x1b[0m    1\n\x1b[32mlongest\x1b[0m  \x1b[31m2\x1b[0m"
    assert align_columns(rows) == "A        B\n\\x1bx    1\nlongest  2"
