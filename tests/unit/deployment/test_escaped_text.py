"""Foreign text is printed so that it can't control the terminal."""

import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from orders.domain.text import is_unsafe_to_show as is_unsafe_in_mails

from deployment import unlock
from deployment.escaped_text import is_unsafe_to_show, visible, visible_lines
from deployment.plan_report import report
from deployment.repository_paths import ROOT
from deployment.run_command import run
from deployment.stack import Stack
from deployment.warning_output import print_warning
from environments.user_error import UserError

OBEYED = {
    "\x1b[31mred": r"\x1b[31mred",
    "a\r\nBcc: b": r"a\r\nBcc: b",
    "a\tb\x00\x07\x7f": r"a\tb\x00\x07\x7f",
    "\x85\x90\x9b31m\x9f": r"\x85\x90\x9b31m\x9f",
    "\u202eevil\u202c": r"\u202eevil\u202c",
    "\u2066a\u2069\u200e\u200f\u061c": r"\u2066a\u2069\u200e\u200f\u061c",
    "a\u2028b\u2029c": r"a\u2028b\u2029c",
    "a\u200bb\u2060c\ufeffd\u00ade": r"a\u200bb\u2060c\ufeffd\xade",
    "\ud800\udfff": r"\ud800\udfff",
    "\U000e0001\U000e0041\U000e007f": r"\U000e0001\U000e0041\U000e007f",
    "\ufdd0\ufffe\uffff\U0001ffff\U0010fffe": r"\ufdd0\ufffe\uffff\U0001ffff\U0010fffe",
}
SHOWN = [
    "Margherita",
    "Crème brûlée",
    "寿司",
    "🍕",
    "👩\u200d🍳",
    "می\u200cخواهم",
    "שווארמה",
    r"C:\temp",
    "\u00a0",
    "\ufffd",
]


@pytest.mark.parametrize(("text", "shown"), OBEYED.items(), ids=OBEYED.values())
def test_what_a_terminal_obeys_or_hides_is_an_escape(text: str, shown: str) -> None:
    assert visible(text) == shown


@pytest.mark.parametrize("text", SHOWN)
def test_what_people_write_stays(text: str) -> None:
    assert visible(text) == text


def test_only_a_programs_own_line_breaks_make_lines() -> None:
    assert visible_lines("a\n\x1b\rb") == "a\n\\x1b\\rb"


def test_nothing_of_the_categories_of_control_and_format_is_forgotten_and_mails_have_the_same_rule() -> None:
    points = [chr(point) for point in range(0x110000)]

    assert [character for character in points if is_unsafe_to_show(character) != is_unsafe_in_mails(character)] == []
    kept = [character for character in points if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}]
    assert [character for character in kept if not is_unsafe_to_show(character)] == ["\u200c", "\u200d"]


def test_why_a_command_ends_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    def fail(_: object) -> int:
        raise UserError("the order was refused: \x1b[31m\u202e\nand again")

    with pytest.raises(SystemExit) as ended:
        run(fail)

    assert ended.value.code == "the order was refused: \\x1b[31m\\u202e\nand again"


def test_who_holds_a_lock_is_shown(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    lock = dict.fromkeys(("Who", "Created", "Operation", "ID"), "\x1b[2Jme\u202e\n")
    monkeypatch.setattr(unlock, "read_lock", lambda _: lock)

    with pytest.raises(UserError, match="nothing was removed"):
        unlock.unlock(Stack("orders-dev", ROOT, {}), confirm=lambda _: "")

    said = capsys.readouterr().out
    assert said.count(r"\x1b[2Jme\u202e\n") == 4
    assert not [character for character in said.replace("\n", "") if is_unsafe_to_show(character)]


def test_a_warning_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    print_warning("aws_s3_object.page[\x1b[2J]")

    assert capsys.readouterr().err == "warning: aws_s3_object.page[\\x1b[2J]\n"


def test_an_error_that_nobody_foresaw_is_shown() -> None:
    code = (
        "from deployment.run_command import run\ndef fail(_): raise ValueError('AWS said \\x1b[2J\\u202e')\nrun(fail)"
    )

    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.stderr.startswith("Traceback (most recent call last):\n")
    assert done.stderr.endswith("\nValueError: AWS said \\x1b[2J\\u202e\n")
    assert done.returncode == 1


def test_the_failure_of_a_test_is_shown(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text("from tests.conftest import pytest_runtest_makereport\n")
    (tmp_path / "test_hostile.py").write_text(
        "def test_hostile():\n print('\\x1b[2J')\n raise ValueError('AWS said \\u202e')\n"
    )
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        str(tmp_path),
        str(tmp_path),
    ]

    done = subprocess.run(
        command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )

    assert "ValueError: AWS said \\u202e" in done.stdout, done.stdout
    assert not [character for character in done.stdout.replace("\n", "") if is_unsafe_to_show(character)]


def test_a_plan_shows_what_would_hide_in_it() -> None:
    resource = {
        "address": 'aws_s3_object.page["a\u202eb"]',
        "actions": ["update"],
        "attributes": {"description": {"before": "one\x85line", "after": "user\u202e \u2066// no admin"}},
    }

    text = report("dev", {"resources": [resource], "outputs": {}}, sha256="0")

    assert r'<code>aws_s3_object.page["a\u202eb"]</code>' in text
    assert r"- description: one\x85line" in text
    assert r"+ description: user\u202e \u2066// no admin" in text
    assert not [character for character in text.replace("\n", "") if is_unsafe_to_show(character)]
