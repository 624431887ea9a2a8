"""Every command has a help text, and none changes anything without a confirmation."""

import re
import shlex
import subprocess
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from deployment.repository_paths import ROOT
from environments.user_error import UserError
from operations.__main__ import main
from operations.commands import confirm, operations
from operations.commands.examples import example

CHANGING = {
    *("dead-letters redrive", "dead-letters drop", "undelivered announce", "undelivered drop"),
    *("order retry", "order fail", "subscribers renew", "restore copy"),
}
CANNOT_BE_UNDONE = {"dead-letters purge"}


def commands(group: click.Group = operations, path: str = "") -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{path}{name} ")
        else:
            yield f"{path}{name}", command


ALL = dict(commands())
GROUPS = sorted({" ".join(path.split()[:-1]) for path in ALL} - {""})
PAGES = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
IN_PAGES = {typed.strip('"') for page in PAGES for typed in re.findall(r'DO=("[^"]+"|\w+)', page.read_text("utf-8"))}


@pytest.mark.parametrize("path", ALL)
def test_every_command_has_help_with_an_example(path: str) -> None:
    said = CliRunner().invoke(operations, [*path.split(), "--help"])

    assert said.exit_code == 0
    assert f'make ops ENV=dev DO="{path}' in said.output


@pytest.mark.parametrize("path", ["", *GROUPS, *ALL])
def test_no_line_of_a_help_is_longer_than_100_characters(path: str) -> None:
    said = CliRunner().invoke(operations, [*path.split(), "--help"])

    assert said.exit_code == 0
    assert [line for line in said.output.splitlines() if len(line) > 100] == []


def test_an_example_of_more_than_one_line_is_one_command_to_a_shell() -> None:
    words = [f"restore copy --orders {'o' * 60} --payments {'p' * 60}", "status"]

    lines = example(*words).split("\n")

    typed = "make() { for word; do printf '<%s>' \"$word\"; done; echo; }\n" + "\n".join(lines[2:])
    heard = subprocess.run(["bash", "-c", typed], capture_output=True, text=True, check=True).stdout.splitlines()
    assert len(lines) > len(words) + 2
    assert [" ".join(line.split()) for line in heard] == [f"<ops><ENV=dev><DO={one}>" for one in words]


def test_what_changes_something_has_a_dry_run_and_asks() -> None:
    options = {path: {name for parameter in command.params for name in parameter.opts} for path, command in ALL.items()}

    assert {path for path, names in options.items() if "--yes" in names} == CHANGING
    assert {path for path, names in options.items() if "--dry-run" in names} == CHANGING | CANNOT_BE_UNDONE


NUMBERS = [
    pytest.param(path, option, id=f"{path} {option.opts[0]}")
    for path, command in ALL.items()
    for option in command.params
    if isinstance(option.type, (click.types.IntParamType, click.types.FloatParamType))
]


def test_there_are_options_that_take_a_number() -> None:
    assert {"order show --hours", "order list --most"} <= {number.id for number in NUMBERS}


@pytest.mark.parametrize(("path", "option"), NUMBERS)
@pytest.mark.parametrize("typed", ["-3", "0", "1e3", "9999999999", "9" * 5_000], ids=lambda typed: typed[:9])
def test_a_number_that_is_not_allowed_is_one_line_with_what_is(
    capsys: pytest.CaptureFixture[str], path: str, option: click.Parameter, typed: str
) -> None:
    needed = ["x" for parameter in ALL[path].params if isinstance(parameter, click.Argument)]

    code = main(["--env", "local", *path.split(), *needed, option.opts[0], typed])

    (said,) = capsys.readouterr().err.splitlines()
    assert code == 1
    assert re.fullmatch(rf"{option.opts[0]}: got '{typed}', expected a whole number from 1 to [0-9]+", said)


@pytest.mark.parametrize("option", [pytest.param(number.values[1], id=number.id) for number in NUMBERS])
def test_every_number_has_a_least_and_a_most(option: click.Parameter) -> None:
    allowed = option.type

    assert isinstance(allowed, (click.IntRange, click.FloatRange))
    assert not allowed.clamp
    assert allowed.min is not None
    assert allowed.max is not None


@pytest.mark.parametrize("typed", sorted(IN_PAGES - {"…"}))
def test_the_pages_name_commands_that_there_are(typed: str) -> None:
    command: click.Command = operations
    words = shlex.split(typed)
    while isinstance(command, click.Group):
        command = command.commands[words.pop(0)]

    assert command.make_context(typed, words)


def test_a_dry_run_says_what_and_goes_no_further(capsys: pytest.CaptureFixture[str]) -> None:
    assert not confirm.confirm_change("do it", dry_run=True, yes=True)
    assert not confirm.confirm_by_word("do it", word="queue", dry_run=True)
    assert capsys.readouterr().out == "Would do it. Dry run: nothing was changed.\n" * 2


def test_without_a_terminal_it_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confirm, "is_terminal", lambda: False)

    with pytest.raises(UserError, match="needs --yes"):
        confirm.confirm_change("do it", dry_run=False, yes=False)
    with pytest.raises(UserError, match="wants queue typed at a terminal"):
        confirm.confirm_by_word("do it", word="queue", dry_run=False)
    assert confirm.confirm_change("do it", dry_run=False, yes=True)


@pytest.mark.parametrize(("answer", "goes_on"), [("y\n", True), ("n\n", False), ("\n", False)])
def test_a_person_is_asked(monkeypatch: pytest.MonkeyPatch, answer: str, goes_on: bool) -> None:
    monkeypatch.setattr(confirm, "is_terminal", lambda: True)

    @click.command()
    def ask() -> None:
        click.echo(f"went on: {confirm.confirm_change('do it', dry_run=False, yes=False)}")

    said = CliRunner().invoke(ask, input=answer)

    assert "This will do it. Go on?" in said.output
    assert ("went on: True" in said.output) is goes_on
    assert isinstance(said.exception, UserError) is not goes_on


@pytest.mark.parametrize(("answer", "goes_on"), [("the-queue\n", True), ("yes\n", False), ("\n", False)])
def test_what_can_not_be_undone_wants_the_name(monkeypatch: pytest.MonkeyPatch, answer: str, goes_on: bool) -> None:
    monkeypatch.setattr(confirm, "is_terminal", lambda: True)

    @click.command()
    def ask() -> None:
        click.echo(f"went on: {confirm.confirm_by_word('purge', word='the-queue', dry_run=False)}")

    said = CliRunner().invoke(ask, input=answer)

    assert ("went on: True" in said.output) is goes_on


@pytest.mark.parametrize(
    ("arguments", "code", "line"),
    [
        (["status"], 1, "say which environment of environments.toml: --env dev"),
        (["--env", "nope"], 1, "--env must be one of local, dev, staging, prod, got 'nope'"),
        (["--env", "nope", "permissions"], 1, "--env must be one of local, dev, staging, prod, got 'nope'"),
        (["--env", "dev", "dead-letters", "redrive"], 1, "name the messages to redrive"),
        (["--env", "dev", "undelivered", "announce", "x", "--all"], 1, "name what to announce"),
        (
            ["order", "shw"],
            2,
            "no such command 'shw', did you mean 'show'? `make ops ENV=dev DO=\"order --help\"` says what is allowed",
        ),
        (["nope"], 2, "no such command 'nope'; `make ops ENV=dev DO=\"--help\"` says what is allowed"),
        (
            ["--env", "prod", "order", "show"],
            2,
            "missing argument 'ORDER_ID'; `make ops ENV=prod DO=\"order show --help\"` says what is allowed",
        ),
        (["--env", "dev", "order", "show", "x", "--nope"], 2, "no such option '--nope'; `make ops ENV=dev DO="),
        (
            ["--env", "dev", "order", "open", "--most", "x"],
            1,
            "--most: got 'x', expected a whole number from 1 to 10000",
        ),
        (
            ["--env", "local", "order", "list", "--most"],
            2,
            "option '--most' requires an argument; `make ops ENV=local DO=",
        ),
        (["--env=prod", "order", "show"], 2, "missing argument 'ORDER_ID'; `make ops ENV=prod DO=\"order show --help"),
        (["--env", "dev", "order", "list", "x"], 2, "got unexpected extra argument (x); `make ops ENV=dev DO="),
        (["--env", "dev", "order", "list", "--status", "x"], 2, "invalid value for '--status': 'x' is not one of"),
    ],
)
def test_a_mistake_is_one_line_and_no_success(
    capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, line: str
) -> None:
    assert main(arguments) == code
    (said,) = capsys.readouterr().err.splitlines()
    assert said.startswith(line)


@pytest.mark.parametrize(
    ("words", "usage"),
    [
        (["--help"], 'make ops ENV=dev DO="[OPTIONS] [COMMAND] [ARGS]..."'),
        (["order"], 'make ops ENV=dev DO="order [OPTIONS] COMMAND [ARGS]..."'),
        (["order", "show", "--help"], 'make ops ENV=dev DO="order show [OPTIONS] ORDER_ID"'),
    ],
)
def test_help_says_what_is_typed_for_make(capsys: pytest.CaptureFixture[str], words: list[str], usage: str) -> None:
    assert main(words) == 0

    said = capsys.readouterr().out
    assert said.splitlines()[0] == f"Usage: {usage}"
    assert "python -m" not in said
    assert "--env" not in said


def test_with_an_environment_alone_it_prints_the_address_of_the_dashboard_too(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["--env", "prod"]) == 0

    said = capsys.readouterr().out.splitlines()
    assert any("dead-letters" in line for line in said)
    address = "https://eu-central-1.console.aws.amazon.com/cloudwatch/home?region=eu-central-1#dashboards/dashboard/"
    assert said[-1] == f"Dashboard: {address}orders-prod-dashboard"


def test_a_local_run_has_no_address_of_a_dashboard(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--env", "local"]) == 0

    said = capsys.readouterr().out.splitlines()[-1]
    assert said.startswith("Dashboard: orders-local-dashboard, which only AWS's console shows; `make review` draws it")


def test_alone_it_prints_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert "dead-letters" in capsys.readouterr().out
