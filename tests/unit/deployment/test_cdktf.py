"""cdktf runs with the options of the make targets, in the intended account."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from deployment import aws_account, cdktf, deploy, environment_stacks
from deployment.cdktf import cdktf_environment, main
from deployment.local_outputs import write_outputs
from deployment.repository_paths import ROOT
from deployment.stack import Stack
from environments.settings import environment_names
from environments.user_error import UserError

OUTPUTS = {
    "aws_endpoint_url": "http://127.0.0.1:4566",
    "region": "us-east-1",
    "access_key_id": "key",
    "secret_access_key": "secret",
}
Runs = list[tuple[list[str], str | None]]


@pytest.fixture(autouse=True)
def toolchain(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with a Terraform that needs no installation."""
    monkeypatch.setattr(cdktf, "terraform_environment", lambda: {"TERRAFORM_BINARY_NAME": "terraform"})
    monkeypatch.delenv("AWS_CA_BUNDLE", raising=False)


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Runs:
    """Record cdktf's arguments and endpoint, in a checkout with a running local run."""
    asked: Runs = []

    def run(arguments: Sequence[str], *, aws: Mapping[str, str], **_: object) -> int:
        asked.append((list(arguments), aws.get("AWS_ENDPOINT_URL")))
        return 3 if "orders-staging" in arguments else 0

    write_outputs(tmp_path, OUTPUTS)
    monkeypatch.setattr(aws_account, "RUN_DIRECTORY", tmp_path)
    monkeypatch.setattr(aws_account, "require_usable_settings", lambda: None)
    monkeypatch.setattr(cdktf, "run_cdktf", run)
    monkeypatch.setattr(environment_stacks, "is_deployed", lambda _: True)
    return asked


def test_a_run_with_an_account_of_its_own_inherits_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL_SQS", "AWS_REGION"):
        monkeypatch.setenv(name, "the user's")

    environment = cdktf_environment({"AWS_ACCESS_KEY_ID": "key", "AWS_REGION": "us-east-1"})

    found = {name: value for name, value in environment.items() if name.startswith("AWS_")}
    assert found == {"AWS_ACCESS_KEY_ID": "key", "AWS_REGION": "us-east-1"}


def test_a_run_on_aws_keeps_the_users_account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "the user's")

    assert cdktf_environment({})["AWS_PROFILE"] == "the user's"


@pytest.mark.parametrize("aws", [{}, {"AWS_ENDPOINT_URL": "http://127.0.0.1:4566"}])
def test_what_cdktf_starts_reaches_loopback_without_a_proxy(
    monkeypatch: pytest.MonkeyPatch, aws: dict[str, str]
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "corp.example")

    environment = cdktf_environment(aws)

    assert environment["HTTPS_PROXY"] == "http://proxy.example"
    assert {environment[name] for name in ("NO_PROXY", "no_proxy")} == {"corp.example,127.0.0.1,localhost,::1"}


def test_the_toolchain_speaks_without_colours_or_redrawing() -> None:
    environment = cdktf_environment({})

    assert environment["CI"] == "1"
    assert environment["FORCE_COLOR"] == "0"
    assert environment["TERRAFORM_BINARY_NAME"] == "terraform"


def test_cdktf_hears_nobody_who_could_answer_a_question_that_is_not_seen(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    script = tmp_path / "cdktf.py"
    script.write_text("import sys; sys.exit(len(sys.stdin.read()))", encoding="utf-8")
    monkeypatch.setattr(cdktf, "NODE", Path(sys.executable))
    monkeypatch.setattr(cdktf, "CDKTF", script)
    reading, writing = os.pipe()
    os.write(writing, b"\n")
    os.close(writing)
    kept = os.dup(0)
    os.dup2(reading, 0)

    try:
        codes = [cdktf.run_cdktf([], aws={}), cdktf.run_cdktf([], aws={}, log=tmp_path / "log")]
    finally:
        os.dup2(kept, 0)
        os.close(kept)
        os.close(reading)

    assert codes == [0, 0]


def test_each_line_of_cdktf_is_heard_as_it_comes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    script = tmp_path / "cdktf.py"
    heard_it = tmp_path / "heard it"
    script.write_text(
        "import pathlib, sys, time\nprint('first', flush=True)\n"
        f"while not pathlib.Path({str(heard_it)!r}).exists(): time.sleep(0.01)\n"
        "print('\\xe9 second', file=sys.stderr)\nsys.exit(3)\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(cdktf, "NODE", Path(sys.executable))
    monkeypatch.setattr(cdktf, "CDKTF", script)
    heard: list[str] = []

    def on_line(line: str) -> None:
        heard.append(line)
        heard_it.touch()

    code = cdktf.run_cdktf([], aws={}, on_line=on_line)

    assert (code, heard) == (3, ["first", "é second"])


def test_its_terraform_hears_of_the_end_and_cdktf_does_not(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[tuple[object, object]] = []
    (tmp_path / "cdktf.py").touch()
    monkeypatch.setattr(cdktf, "NODE", Path(sys.executable))
    monkeypatch.setattr(cdktf, "CDKTF", tmp_path / "cdktf.py")
    monkeypatch.setattr(cdktf, "terraform_environment", lambda: {"TERRAFORM_BINARY_NAME": "/opt/tf/terraform"})
    monkeypatch.setattr(cdktf, "run_to_its_end", lambda *_, **named: asked.append((named["heard_by"], named["stdin"])))

    cdktf.run_cdktf([], aws={})

    assert asked == [("terraform", subprocess.DEVNULL)]


def test_what_cdktf_says_of_an_account_is_shown_and_not_obeyed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "cdktf.py").write_text(r"print('\x1b[1m\x1b[2Jname \u202eevil')", encoding="utf-8")
    monkeypatch.setattr(cdktf, "NODE", Path(sys.executable))
    monkeypatch.setattr(cdktf, "CDKTF", tmp_path / "cdktf.py")

    code = cdktf.run_cdktf([], aws={})

    assert (code, capsys.readouterr().out) == (0, "\\x1b[2Jname \\u202eevil\n")


def test_the_local_environment_is_reached_where_its_run_is(runs: Runs) -> None:
    code = main(["diff", "local"])

    assert code == 0
    endpoint = "http://127.0.0.1:4566"
    assert runs == [(["diff", "orders-local"], endpoint), (["diff", "web-local"], endpoint)]


@pytest.mark.parametrize("given", [["--var=a=b"], ["--var", "a=b"]])
def test_an_environment_on_aws_is_reached_there_with_cdktfs_own_options(runs: Runs, given: list[str]) -> None:
    main(["diff", "dev", *given, "--output", "x"])

    assert runs == [
        (["diff", "orders-dev", *given, "--output", "x"], None),
        (["diff", "web-dev", "--output", "x"], None),
    ]


@pytest.mark.parametrize("command", ["deploy", "destroy"])
def test_a_deployment_and_a_removal_are_terraforms(runs: Runs, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    asked: list[tuple[object, ...]] = []

    def change(*given: object, aws: Mapping[str, str], confirm: object) -> None:
        asked.append((*given, aws.get("AWS_ENDPOINT_URL"), confirm))

    monkeypatch.setattr(deploy, "deploy_or_destroy", change)

    codes = [main([command, "all", "--var", "a=b"], confirm=input), main([command, "local"])]

    assert (codes, runs) == ([0, 0], [])
    assert asked == [
        *((command, name, ["--var", "a=b"], None, input) for name in environment_names() if name != "local"),
        (command, "local", [], "http://127.0.0.1:4566", None),
    ]


def test_where_the_api_is_not_deployed_yet_its_own_diff_is_all_there_is(
    runs: Runs, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(environment_stacks, "is_deployed", lambda system: system.name != "orders-dev")
    monkeypatch.setattr(cdktf, "environment_names", lambda: ["dev", "local", "prod"])

    code = main(["diff"])

    assert code == 0
    assert [arguments for arguments, _ in runs] == [
        ["diff", "orders-dev"],
        ["diff", "orders-prod"],
        ["diff", "web-prod"],
    ]
    assert capsys.readouterr().out == "web-dev is planned once orders-dev is deployed.\n"


@pytest.mark.parametrize(
    ("options", "output"), [([], "cdktf.out"), (["--output", "/x"], "/x"), (["-o", "/x"], "/x"), (["--output=x"], "x")]
)
def test_whether_the_api_is_deployed_is_asked_of_the_state_that_its_synthesized_stack_names(
    runs: Runs, monkeypatch: pytest.MonkeyPatch, options: list[str], output: str
) -> None:
    asked: list[Stack] = []
    monkeypatch.setattr(environment_stacks, "is_deployed", asked.append)

    main(["diff", "local", *options])

    (system,) = asked
    assert (system.name, system.folder) == ("orders-local", ROOT / output / "stacks" / "orders-local")
    assert system.environment["AWS_ENDPOINT_URL"] == "http://127.0.0.1:4566"


@pytest.mark.parametrize("command", ["deploy", "destroy"])
def test_what_changes_an_environment_needs_its_name_or_all(runs: Runs, command: str) -> None:
    with pytest.raises(UserError) as error:
        main([command, "--auto-approve"])

    assert str(error.value) == f"{command} needs an environment: {', '.join(environment_names())}, or say all"
    assert runs == []


@pytest.mark.parametrize("arguments", [[], ["apply", "dev"]])
def test_another_command_is_refused(runs: Runs, arguments: list[str]) -> None:
    with pytest.raises(UserError) as error:
        main(arguments)

    assert str(error.value) == f"the commands are synth, diff, deploy, destroy; got {'apply' if arguments else 'none'}"
    assert runs == []


@pytest.mark.parametrize("rest", [[], ["all"]])
def test_all_are_those_on_aws_until_one_fails(runs: Runs, rest: list[str]) -> None:
    code = main(["diff", *rest])

    assert code == 3
    assert runs == [(["diff", "orders-dev"], None), (["diff", "web-dev"], None), (["diff", "orders-staging"], None)]


@pytest.mark.parametrize("rest", [[], ["all"]])
def test_synth_is_for_all_environments_at_once(runs: Runs, rest: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    main(["synth", *rest])

    assert runs == [(["synth"], None)]
    assert capsys.readouterr().out == ""


def test_synth_of_one_environment_says_that_it_is_of_all(runs: Runs, capsys: pytest.CaptureFixture[str]) -> None:
    main(["synth", "dev"])

    assert runs == [(["synth"], None)]
    assert capsys.readouterr().out == (
        "synth writes all environments at once; orders-dev is in cdktf.out/stacks/orders-dev/\n"
    )


def test_without_the_npm_packages_one_line_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(cdktf, "NODE", tmp_path / "node")

    with pytest.raises(UserError) as error:
        cdktf.run_cdktf(["synth"], aws={})

    assert str(error.value) == "the npm packages are not installed: run `make install`"


def test_an_unknown_environment_is_one_line_and_a_failure() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "deployment.cdktf", "diff", "nowhere"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    known = ", ".join(environment_names())
    assert done.stderr == f"ENV=nowhere is not in environments.toml; it has {known}, or say all\n"
    assert done.stdout == ""
    assert done.returncode == 1
