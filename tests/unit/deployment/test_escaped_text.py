"""Foreign text is printed so that it can't control the terminal."""

import json
import os
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from orders.domain.text import is_unsafe_to_show as is_unsafe_in_mails

from deployment import unlock
from deployment.escaped_text import is_unsafe_to_show, visible, visible_lines
from deployment.plan_report import report
from deployment.repository_paths import ROOT
from deployment.reviewed_plan import require_equal
from deployment.run_command import run
from deployment.stack import Stack
from deployment.terraform_output import print_line
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


@pytest.mark.parametrize(
    ("text", "shown"),
    {
        "::add-mask::destroy": r"\x3a:add-mask::destroy",
        "  - id\n            ::stop-commands::x": "  - id\n            \\x3a:stop-commands::x",
        "\u00a0\u2003::add-mask::x": "\u00a0\u2003\\x3a:add-mask::x",
        "+ id: ##[add-mask]destroy": r"+ id: \x23#[add-mask]destroy",
        "###[group]": r"#\x23#[group]",
        "arn:aws:s3:::bucket": "arn:aws:s3:::bucket",
        "# a ## b": "# a ## b",
    }.items(),
)
def test_no_line_is_a_command_to_githubs_runner(text: str, shown: str) -> None:
    assert visible_lines(text) == shown


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


def test_what_terraform_prints_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    print_line("\x1b[1m\x1b[32m+ id\x1b[0m = \x1b[8m\x1b[2J\x1b\x1b[0m]0;\u202e")
    print_line("    ##\x1b[0m[add-mask]destroy")
    print_line("    ::add-mask::destroy")

    assert capsys.readouterr().out.split("\n") == [
        r"+ id = \x1b[2J\x1b]0;\u202e",
        r"    \x23#[add-mask]destroy",
        r"    \x3a:add-mask::destroy",
        "",
    ]


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


@contextmanager
def typed(text: str) -> Iterator[None]:
    """Let the programs that are started meanwhile read this text, unless they are given another input."""
    reader, writer = os.pipe()
    os.write(writer, text.encode())
    os.close(writer)
    before = os.dup(0)
    os.dup2(reader, 0)
    try:
        yield
    finally:
        os.dup2(before, 0)
        os.close(before)
        os.close(reader)


def test_what_terraform_prints_in_a_stacks_folder_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    program = tmp_path / "terraform"
    program.write_text(
        "#!/bin/bash\nprintf '%s\\n' \"$*\" \"$(cat)\"\nprintf '\\e[1mid\\e[0m\\e[2J\\n  ::add-mask::x\\n' >&2\n"
    )
    program.chmod(0o755)
    stack = Stack("orders-dev", tmp_path, {})
    stack.__dict__["environment"] = {**os.environ, "TERRAFORM_BINARY_NAME": str(program)}

    with typed("yes\n"):
        stack.terraform("plan", "-input=false")
        stack.terraform("force-unlock", "-force")

    said = ["", r"id\x1b[2J", r"  \x3a:add-mask::x"]
    shown = ["plan -no-color -input=false", *said, "force-unlock -force", *said, ""]
    assert capsys.readouterr() == ("\n".join(shown), "")


FORGED = "</code></summary></details>`|*a*[b](c)@d#1<details><summary>destroy <code>nothing</code></summary>"


def test_no_text_of_a_plan_is_html_or_markdown() -> None:
    resource = {
        "address": f'a["{FORGED}"]',
        "id_before": FORGED,
        "previous_address": f'b["{FORGED}"]',
        "deposed": FORGED,
        "importing": {"id": FORGED},
        "administrator": True,
        "actions": ["update"],
        "replace_paths": [[FORGED]],
        "attributes": {},
    }
    output = {"before": FORGED, "after": f"```\n{FORGED}"}

    text = report("prod", {"resources": [resource], "outputs": {f"x\n\n{FORGED}": output}}, sha256="0")

    html, _, outputs = text.partition("<details><summary>outputs</summary>")
    # Only `code` elements have it, each on a line of an HTML block.
    assert html.count(FORGED.replace("<", "&lt;").replace(">", "&gt;")) == 7
    assert FORGED not in re.sub("<code>.*?</code>", "", html)
    assert html.count("<details>") == html.count("</details>") == 1
    assert all(line.startswith("<") for line in html.splitlines() if "&lt;" in line)
    # And a fence that it can't end.
    assert re.fullmatch(r"\n\n(`{4})diff\n([-+] x\\n\\n[^\n]*\n)+\1\n\n</details>\n", outputs)


def test_why_a_plan_is_refused_is_shown(tmp_path: Path) -> None:
    output = {"a\n::add-mask::destroy": {"before": None, "after": 1}}
    (tmp_path / "dev.json").write_text(json.dumps({"resources": [], "outputs": {}}))

    with pytest.raises(UserError) as refused:
        require_equal({"resources": [], "outputs": output}, review=tmp_path / "dev.json")

    assert str(refused.value).split("\n")[1:] == [r"output a\n::add-mask::destroy: only in the new plan"]
