"""AWS errors, a missing sign-in, variables that redirect Terraform: each is reported in a line."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deployment import bootstrap as bootstrapping
from deployment import terraform
from deployment.aws_account import require_usable_settings
from deployment.bootstrap import bootstrap
from deployment.repository_paths import ROOT
from deployment.stack import Stack
from deployment.terraform import terraform_environment
from deployment.unlock import unlock
from environments.user_error import UserError
from local.server_process import Server
from tests.integration.support.state_backend import aws_variables

ADVICE = "are you signed in to its account"


def run(command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command of this checkout without being signed in to AWS."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "TF_"))}
    nowhere = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    return subprocess.run(
        [sys.executable, "-m", *command.split()],
        cwd=ROOT,
        env={**kept, **nowhere, "AWS_EC2_METADATA_DISABLED": "true", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "command", ["deployment.cdktf deploy local", "deployment.plan dev", "deployment.exit_check", "local up"]
)
def test_what_leads_terraform_elsewhere_is_refused_before_anything_runs(command: str) -> None:
    done = run(command, TF_WORKSPACE="qa", TF_DATA_DIR="/x")

    assert done.returncode == 1
    assert done.stdout == ""
    said = "TF_DATA_DIR='/x', TF_WORKSPACE='qa' would change what this command works on"
    assert done.stderr == f"{said}: `unset TF_DATA_DIR TF_WORKSPACE`\n"


@pytest.mark.parametrize("command", ["deployment.cdktf diff dev", "deployment.plan dev", "operations --env dev status"])
def test_a_profile_that_is_missing_is_one_line(command: str, tmp_path: Path) -> None:
    (tmp_path / "config").write_text("[profile home]\n[profile work]\n")

    done = run(command, AWS_PROFILE="broken", AWS_CONFIG_FILE=str(tmp_path / "config"))

    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == (
        "AWS_PROFILE='broken' names no profile of AWS's configuration, which has home, work:"
        " name one of them, or `unset AWS_PROFILE`\n"
    )


@pytest.mark.parametrize(
    ("configuration", "variables", "reason"),
    [
        ("no section", {}, "Unable to parse config file"),
        ("[profile a]\nsource_profile = b\nrole_arn = c", {"AWS_PROFILE": "a"}, 'source_profile "b"'),
        ("[default]\ncredential_process = /dev/null/x", {}, "Not a directory"),
        ("", {"AWS_MAX_ATTEMPTS": "many"}, "'many'"),
        ("", {"AWS_ENDPOINT_URL": "nowhere"}, "nowhere"),
        ("", {"AWS_ACCESS_KEY_ID": "alone"}, "AWS_SECRET_ACCESS_KEY"),
    ],
)
def test_what_else_aws_sdk_cannot_work_with_is_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, configuration: str, variables: dict[str, str], reason: str
) -> None:
    (tmp_path / "config").write_text(configuration)
    for name, value in {"AWS_CONFIG_FILE": str(tmp_path / "config"), **variables}.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(UserError) as error:
        require_usable_settings()

    assert str(error.value).startswith("AWS can't be called as it is set up here")
    assert reason in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "text",
    ["provider_installation {", "\0", 'plugin_cache_dir = "/nowhere"', None],
    ids=["half", "bytes", "cache", "folder"],
)
def test_a_configuration_that_terraform_cannot_read_is_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str | None
) -> None:
    file = tmp_path / "own.tfrc"
    file.mkdir() if text is None else file.write_text(text)
    monkeypatch.setattr(terraform, "SYSTEM_PREFIXES", ())
    monkeypatch.setenv("TF_CLI_CONFIG_FILE", str(file))
    monkeypatch.delenv("TF_PLUGIN_CACHE_DIR", raising=False)

    with pytest.raises(UserError) as error:
        terraform_environment()

    assert str(error.value).startswith("Terraform's CLI configuration can't be used: ")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("command", ["bootstrap", "unlock"])
def test_whoever_is_not_signed_in_is_told_so_in_one_line(command: str) -> None:
    done = run(f"deployment.{command} dev")

    assert done.returncode == 1
    assert done.stderr.startswith("state-dev in eu-central-1: Unable to locate credentials; ")
    assert ADVICE in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("key", ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
def test_keys_that_aws_refuses_are_one_line(
    monkeypatch: pytest.MonkeyPatch, key: str, emulator: Server, synthesized_output: Path, tmp_path: Path
) -> None:
    wrong = {**aws_variables(emulator), key: "AKIA" + "W" * 16}
    stack = Stack("state-local", synthesized_output / "stacks" / "state-local", wrong)
    monkeypatch.setattr(bootstrapping, "synthesized", lambda *_, **__: stack)
    commands: list[Callable[[], Any]] = [
        lambda: bootstrap("local", folder=tmp_path / "bootstrap", aws=wrong),
        lambda: unlock(stack, confirm=lambda _: ""),
    ]

    for command in commands:
        with pytest.raises(UserError) as refused:
            command()
        assert "\n" not in str(refused.value)
        assert "sign" not in str(refused.value).partition("; ")[2]
        assert "; `make status` " in str(refused.value) or "belongs to somebody else" in str(refused.value)
