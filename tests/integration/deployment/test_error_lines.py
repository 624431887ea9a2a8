"""AWS errors, a missing sign-in, variables that redirect Terraform: each is reported in a line."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deployment import bootstrap as bootstrapping
from deployment import page_delivery, terraform
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


HERE = "http://127.0.0.1:4566"
IN_PLACE = "would have this machine called in place of AWS"
CONFIGURATION = f"""
[profile here]
endpoint_url = {HERE}
[profile s3]
services = s3-is-here
[services s3-is-here]
s3 =
  endpoint_url = {HERE}
[profile endpoint]
services = s3-has-an-endpoint
endpoint_url = https://vpce-1.example
[services s3-has-an-endpoint]
s3 =
  endpoint_url = https://bucket.vpce-1.s3.eu-central-1.vpce.amazonaws.com
  addressing_style = path
"""


@pytest.mark.parametrize(
    "command",
    [
        *("deployment.bootstrap dev", "deployment.plan dev", "deployment.unlock dev", "deployment.delivery_roles dev"),
        *("deployment.cdktf diff dev", "deployment.cdktf deploy all --auto-approve", "deployment.cdktf destroy dev"),
        *("deployment.apply_reviewed_plan dev --sha256 0", "verify dev", "operations --env dev status"),
    ],
)
def test_the_local_run_is_not_called_in_place_of_aws(command: str) -> None:
    done = run(command, AWS_ENDPOINT_URL=HERE, AWS_ENDPOINT_URL_S3=HERE)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"AWS_ENDPOINT_URL='{HERE}', AWS_ENDPOINT_URL_S3='{HERE}' {IN_PLACE}: `unset AWS_ENDPOINT_URL"
        " AWS_ENDPOINT_URL_S3`, and the keys of the local run if they are set too\n"
    )


def test_no_page_is_put_into_it_in_place_of_aws(monkeypatch: pytest.MonkeyPatch, dist: Path) -> None:
    monkeypatch.setattr(page_delivery, "DIST", dist)
    monkeypatch.setenv("AWS_ENDPOINT_URL", HERE)

    with pytest.raises(UserError, match=IN_PLACE):
        page_delivery.main(["dev"])


def test_no_test_of_a_deployment_runs_on_it_in_place_of_aws() -> None:
    done = run("pytest -q -p no:cacheprovider --env=dev tests/e2e/test_first_order.py", AWS_ENDPOINT_URL=HERE)

    assert done.returncode == 4
    assert done.stderr.strip().startswith(f"ERROR: AWS_ENDPOINT_URL='{HERE}' {IN_PLACE}")


@pytest.fixture
def with_profiles(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """AWS's configuration, with a profile for each place of an endpoint."""
    (tmp_path / "config").write_text(CONFIGURATION)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))


@pytest.mark.usefixtures("with_profiles")
@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"AWS_ENDPOINT_URL": HERE}, "AWS_ENDPOINT_URL="),
        ({"AWS_ENDPOINT_URL_DYNAMODB": HERE}, "AWS_ENDPOINT_URL_DYNAMODB="),
        ({"AWS_S3_ENDPOINT": HERE}, "AWS_S3_ENDPOINT="),
        ({"AWS_PROFILE": "here"}, f"endpoint_url of the profile 'here' = {HERE} "),
        ({"AWS_PROFILE": "here", "AWS_ENDPOINT_URL_S3": "https://x.example"}, "endpoint_url of the profile 'here' ="),
        ({"AWS_PROFILE": "s3"}, "endpoint_url of s3 in [services s3-is-here], which the profile 's3' names, ="),
        # Terraform's backend reads it all the same.
        ({"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true", "AWS_ENDPOINT_URL_S3": HERE}, "AWS_ENDPOINT_URL_S3="),
    ],
)
def test_an_endpoint_on_this_machine_is_one_line_that_names_its_place(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], said: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(UserError) as error:
        require_usable_settings()

    assert str(error.value).startswith(said)
    assert IN_PLACE in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.usefixtures("with_profiles")
@pytest.mark.parametrize(
    "variables",
    [
        {"AWS_ENDPOINT_URL": "https://vpce-1.example"},
        {"AWS_ENDPOINT_URL_S3": "https://bucket.vpce-1.s3.eu-central-1.vpce.amazonaws.com"},
        {"AWS_PROFILE": "endpoint"},
        {"AWS_PROFILE": "s3", "AWS_ENDPOINT_URL_S3": "https://vpce-1.example"},
        {"AWS_PROFILE": "here", "AWS_ENDPOINT_URL": "https://vpce-1.example"},
        {"AWS_PROFILE": "here", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"},
        {"AWS_ENDPOINT_URL": HERE, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"},
        {"AWS_EC2_METADATA_SERVICE_ENDPOINT": HERE, "AWS_CONTAINER_CREDENTIALS_FULL_URI": HERE},
    ],
)
def test_an_endpoint_elsewhere_and_a_local_source_of_keys_stay_usable(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]
) -> None:
    for name, value in {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", **variables}.items():
        monkeypatch.setenv(name, value)

    require_usable_settings()


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
