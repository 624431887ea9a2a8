"""All output to the terminal of the person on call goes through one module."""

import ast
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

from deployment.escaped_text import is_unsafe_to_show, visible
from environments.user_error import UserError
from operations import __main__ as command_line
from operations.__main__ import main
from operations.commands import confirm, operations
from operations.commands import terminal_io as door
from operations.commands.columns import align_columns, fitted
from operations.commands.terminal_io import say, say_error, say_json, say_table

PACKAGE = Path(command_line.__file__).parent
DOOR = Path(door.__file__)
PRINTING = {"echo", "secho", "echo_via_pager", "confirm", "prompt", "print", "write", "stdout", "stderr"}
HOSTILE = "\x1b[31m\r\nBcc: x\t\x9b\u202e\u2028\U000e0041\ud800"
SHOWN = r"\x1b[31m\r\nBcc: x\t\x9b\u202e\u2028\U000e0041\ud800"


def printing(file: Path) -> set[str]:
    """Return the names in a module that print."""
    nodes = list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    return PRINTING & (names | {node.attr for node in nodes if isinstance(node, ast.Attribute)})


def test_only_the_door_prints() -> None:
    found = {str(file.relative_to(PACKAGE)): printing(file) for file in PACKAGE.rglob("*.py") if file != DOOR}

    assert {name: names for name, names in found.items() if names} == {}
    assert printing(DOOR) == {"echo", "confirm", "prompt"}


def test_a_line_is_one_line_and_shows_what_it_holds(capsys: pytest.CaptureFixture[str]) -> None:
    say(HOSTILE)
    say_error(HOSTILE)

    assert capsys.readouterr() == (f"{SHOWN}\n", f"{SHOWN}\n")


def test_a_cell_starts_no_line_and_moves_no_column(capsys: pytest.CaptureFixture[str]) -> None:
    say_table([("a\nb", "c"), ("long enough", "d\x1b[2Ae")])

    assert capsys.readouterr().out == "a\\nb         c\nlong enough  d\\x1b[2Ae\n"
    assert align_columns([("\x1b", "x"), ("\\x1b", "x")]) == "\\x1b  x\n\\x1b  x"


ORDERS = [
    ("ORDER", "STATUS", "PLACED", "TOTAL", "CONTENT"),
    ("0" * 26, "PENDING", "2026-01-01 00:00:00.000Z", "19.00 EUR", f"100 x {'Margherita' * 9}"),
    ("1" * 26, "PAID", "2026-01-01 00:00:00.000Z", "9.00 EUR", "1 x \x1b[31m"),
]
LEAST = {4: 12, 2: 17}


@pytest.mark.parametrize("width", [80, 100, 140])
def test_a_table_fits_its_terminal_by_the_columns_that_may_be_shortened(width: int) -> None:
    rows = fitted(ORDERS, width=width, least=LEAST)

    lines = align_columns(rows).splitlines()
    assert max(map(len, lines)) <= width
    assert [(*row[:2], row[3]) for row in rows] == [(*row[:2], row[3]) for row in ORDERS]
    assert (rows[1][2] == ORDERS[1][2]) is (width > 80)
    assert all(row[4].startswith(("100 x Marg", "1 x ", "CONTENT")) for row in rows)
    assert rows[1][4].endswith("…")


def test_a_table_that_fits_is_left_as_it_is_and_so_is_one_that_nobody_looks_at(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    say_table(ORDERS, least=LEAST)
    assert capsys.readouterr().out == align_columns(ORDERS) + "\n"
    assert [tuple(row) for row in fitted(ORDERS, width=250, least=LEAST)] == ORDERS
    monkeypatch.setattr(door, "terminal_width", lambda: 80)
    say_table(ORDERS, least=LEAST)

    assert max(map(len, capsys.readouterr().out.splitlines())) <= 80


def test_json_is_exact_and_safe(capsys: pytest.CaptureFixture[str]) -> None:
    document = {"name": f"{HOSTILE}\x7f\x80é"}

    say_json(document)

    said = capsys.readouterr().out
    assert json.loads(said) == document
    assert not [character for character in said.replace("\n", "") if is_unsafe_to_show(character)]


@pytest.mark.parametrize(
    ("question", "ask"),
    [
        ("confirm", lambda: confirm.confirm_change(HOSTILE, dry_run=False, yes=False)),
        ("prompt", lambda: confirm.confirm_by_word(HOSTILE, word="word", dry_run=False)),
    ],
)
def test_a_question_shows_what_it_is_about(
    monkeypatch: pytest.MonkeyPatch, question: str, ask: Callable[[], bool]
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(confirm, "is_terminal", lambda: True)
    monkeypatch.setattr(click, question, lambda text, **_: asked.append(text))

    with pytest.raises(UserError):
        ask()

    assert len(asked) == 1
    assert SHOWN in asked[0]
    assert not [character for character in asked[0] if is_unsafe_to_show(character)]


class AwsRefuses(Exception):
    """A stand-in for botocore's error."""

    response: dict[str, Any] = {"Error": {"Code": "Strange"}}  # noqa: RUF012


@pytest.mark.parametrize(
    ("error", "beginning"),
    [
        (UserError(HOSTILE), SHOWN),
        (AwsRefuses(HOSTILE), f"AWS refused: {SHOWN}"),
        (click.UsageError(HOSTILE), SHOWN),
        (ZeroDivisionError(HOSTILE), "Traceback"),
    ],
    ids=["refused", "AWS", "usage", "a fault of its own"],
)
def test_an_error_is_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: Exception, beginning: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(operations, "main", fail)

    assert main(["status"]) != 0

    said = capsys.readouterr().err
    assert said.startswith(beginning)
    assert r"\x9b\u202e\u2028" in said
    assert not [character for character in said.replace("\n", "") if is_unsafe_to_show(character)]


@pytest.mark.parametrize(
    "typed", [["order", "show", "\ud800"], ["order", "show", "\x1b[31m"], ["--env", "\u202e"], ["\t"]]
)
def test_what_is_pasted_with_unseen_characters_is_refused_before_anything_is_asked(
    capsys: pytest.CaptureFixture[str], typed: list[str]
) -> None:
    assert main(typed) == 1

    (line,) = capsys.readouterr().err.splitlines()
    assert line == f"arguments must be of characters that can be seen, got {visible(typed[-1])}"
