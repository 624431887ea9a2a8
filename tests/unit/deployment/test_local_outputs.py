"""`.local/outputs.json` is readable by its owner only, and has the addresses of the local run."""

import fcntl
import os
import stat
from pathlib import Path

import pytest

from deployment.local_outputs import aws_environment, read_outputs, write_outputs
from deployment.run_lock import LOCK_NAME
from environments.user_error import UserError


def test_only_the_owner_may_read_the_file(tmp_path: Path) -> None:
    path = write_outputs(tmp_path, {"secret_access_key": "s"})

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    (tmp_path / "outputs.json").write_text("{}")
    (tmp_path / "outputs.json").chmod(0o644)

    path = write_outputs(tmp_path, {"secret_access_key": "s"})

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_was_written_is_read_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    outputs = {"functions": {"sweep": "orders-local-sweep"}, "region": "us-east-1"}

    write_outputs(tmp_path, {"region": "old"})
    write_outputs(tmp_path, outputs)

    assert read_outputs(tmp_path) == outputs
    assert [path.name for path in tmp_path.iterdir()] == ["outputs.json"]


def test_without_the_file_one_line_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UserError) as error:
        read_outputs(tmp_path)

    assert str(error.value) == "the local run isn't up: start it with `make up`"


def test_without_the_file_while_a_run_is_being_brought_up_one_line_says_so(tmp_path: Path) -> None:
    with (tmp_path / LOCK_NAME).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)

        with pytest.raises(UserError) as error:
            read_outputs(tmp_path)

    assert str(error.value) == "another `make up` or `make down` works on this checkout: wait until it is done"
    with pytest.raises(UserError, match="isn't up"):
        read_outputs(tmp_path)


@pytest.mark.parametrize("content", ["", "{", "[]", "null", "\x00", "[" * 100_000], ids=lambda content: content[:4])
def test_a_damaged_file_is_one_line_that_says_what_to_do(tmp_path: Path, content: str) -> None:
    (tmp_path / "outputs.json").write_text(content)

    with pytest.raises(UserError) as error:
        read_outputs(tmp_path)

    path = tmp_path / "outputs.json"
    assert str(error.value) == f"{path} is damaged: remove it, and `make up` writes it anew"


def test_a_run_whose_folder_is_a_file_is_not_up(tmp_path: Path) -> None:
    (tmp_path / "run").touch()

    with pytest.raises(UserError, match="isn't up"):
        read_outputs(tmp_path / "run")


def test_tools_reach_the_local_run_and_never_aws() -> None:
    outputs = {
        "aws_endpoint_url": "http://127.0.0.1:4566",
        "region": "us-east-1",
        "access_key_id": "key",
        "secret_access_key": "secret",
        "demo_user": {},
    }

    environment = aws_environment(outputs)

    assert environment == {
        "AWS_ENDPOINT_URL": "http://127.0.0.1:4566",
        "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:4566",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
