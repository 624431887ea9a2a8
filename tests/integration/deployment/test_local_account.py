"""Clients of the local run use its own keys, whatever AWS settings the user has."""

import os
from pathlib import Path

import pytest
from botocore.loaders import Loader

from deployment.aws_account import local_session
from deployment.local_outputs import write_outputs
from deployment.stack import Stack
from emulator.ministack import embedded
from emulator.ministack.administrator_keys import make_keys
from environments.user_error import UserError
from local.server_process import Server, free_port
from operations import environment
from operations.environment import open_environment
from tests.integration.support.state_backend import aws_variables

VARIABLES = {
    "AWS_PROFILE": "broken",
    "AWS_DEFAULT_PROFILE": "broken",
    "AWS_SESSION_TOKEN": "somebody's",
    "AWS_MAX_ATTEMPTS": "many",
    "AWS_RETRY_MODE": "none",
    "AWS_CA_BUNDLE": "/dev/null/x",
    "AWS_ENDPOINT_URL": "nowhere",
    "AWS_ENDPOINT_URL_STS": "http://127.0.0.1:9",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
    "AWS_DEFAULT_REGION": "nowhere",
    "AWS_USE_FIPS_ENDPOINT": "true",
    "AWS_USE_DUALSTACK_ENDPOINT": "true",
    "AWS_S3_US_EAST_1_REGIONAL_ENDPOINT": "nowhere",
}
FILES = {"AWS_CONFIG_FILE": "config", "AWS_SHARED_CREDENTIALS_FILE": "credentials"}
OF_S3 = "s3 =\n  us_east_1_regional_endpoint = nowhere\n"
CONFIGURATION = f"[default]\nendpoint_url = nowhere\nretry_mode = none\nca_bundle = /dev/null/x\n{OF_S3}"


@pytest.fixture(params=["variables", "named files", "files in the home", "files that are none"])
def broken_aws_settings(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """AWS settings of the user with which no SDK can work."""
    home = tmp_path / "home" / ".aws"
    home.mkdir(parents=True)
    for name in FILES.values():
        (home / name).write_text("no section" if request.param == "files that are none" else CONFIGURATION)
    monkeypatch.setenv("HOME", str(home.parent))
    for variable, name in FILES.items():
        monkeypatch.delenv(variable, raising=False)
        if request.param == "named files":
            monkeypatch.setenv(variable, str(home / name))
    model = home / "models" / "sts" / "2011-06-15" / "service-2.json"
    model.parent.mkdir(parents=True)
    model.write_text("{")
    monkeypatch.setattr(Loader, "CUSTOMER_DATA_PATH", str(home / "models"))
    for variable, value in VARIABLES.items():
        if request.param == "variables":
            monkeypatch.setenv(variable, value)
    local_session.cache_clear()


@pytest.mark.usefixtures("broken_aws_settings")
def test_every_kind_of_client_reaches_it(
    emulator: Server, synthesized_output: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    write_outputs(tmp_path, emulator.account)
    monkeypatch.setattr(environment, "RUN_DIRECTORY", tmp_path)
    stack = Stack("state-local", synthesized_output / "stacks" / "state-local", aws_variables(emulator))

    makers = [emulator.client, stack.client, open_environment("local").client]

    assert [client("sts").get_caller_identity()["Account"] for client in makers] == ["000000000000"] * 3
    assert all("Buckets" in client("s3").list_buckets() for client in makers)


def test_where_it_does_not_answer_nobody_is_told_to_sign_in(
    synthesized_output: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    account = {"aws_endpoint_url": url, "region": "us-east-1", "access_key_id": "a", "secret_access_key": "b"}
    write_outputs(tmp_path, account)
    monkeypatch.setattr(environment, "RUN_DIRECTORY", tmp_path)
    stack = Stack("state-local", synthesized_output / "stacks" / "state-local", {"AWS_ENDPOINT_URL": url})

    with pytest.raises(UserError) as deploying, stack.calling_aws():
        raise ConnectionRefusedError("nobody listens")
    with pytest.raises(UserError) as on_call:
        open_environment("local")

    assert str(deploying.value) == ("state-local in us-east-1: nobody listens; `make status` says how the local run is")
    assert str(on_call.value) == (
        f'the local run doesn\'t answer: Could not connect to the endpoint URL: "{url}/"; `make status` says more'
    )


def test_its_server_and_all_that_runs_in_it_read_no_files_of_the_user(tmp_path: Path) -> None:
    variables = embedded.environment(port=1, region="us-east-1", keys=make_keys(), directory=tmp_path)

    assert variables["AWS_CONFIG_FILE"] == variables["AWS_SHARED_CREDENTIALS_FILE"] == os.devnull
