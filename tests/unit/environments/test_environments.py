"""`environments.toml`, read by commands that don't synthesize."""

from pathlib import Path

import pytest

from environments.settings import environment_names, load_settings, settings_of
from environments.user_error import UserError


def test_the_local_environment_is_the_first_and_has_a_region() -> None:
    assert environment_names()[0] == "local"
    assert settings_of("local").region == "us-east-1"


def test_an_environment_that_is_not_there_is_one_line() -> None:
    with pytest.raises(UserError) as refused:
        settings_of("test")

    assert str(refused.value) == "environments.toml has no table [test]; it has local, dev, staging, prod"


@pytest.mark.parametrize("content", [b"[dev\n", b"region = = 1\n", b"\xff\xfe", None])
def test_a_file_that_cannot_be_read_is_one_line(content: bytes | None, tmp_path: Path) -> None:
    file = tmp_path / "environments.toml"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(UserError) as refused:
        load_settings(file)

    assert str(refused.value).startswith("environments.toml: ")
    assert "\n" not in str(refused.value)
