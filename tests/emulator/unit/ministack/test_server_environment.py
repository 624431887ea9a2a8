"""The environment of the server's process, of which MiniStack reads more than sixty variables."""

import os

import pytest

from emulator.ministack import embedded


@pytest.mark.parametrize(
    "name",
    [
        "ALL_PROXY",
        "AWS_PROFILE",
        "DOCKER_HOST",
        "EDGE_PORT",
        "LOCALSTACK_PERSISTENCE",
        "MINISTACK_COGNITO_PRETOKEN_STRICT",
        "SFN_MOCK_CONFIG",
        "SFN_WAIT_SCALE",
        "TRANSLATE_JOB_RUN_SECONDS",
        "USE_SSL",
    ],
)
def test_a_variable_of_whoever_starts_the_server_changes_nothing_in_it(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "environ", {"PATH": "/bin", name: "1"})

    embedded.replace_environment({"AUTH": "true"})

    assert os.environ == {"PATH": "/bin", "AUTH": "true"}


def test_the_server_finds_programs_and_reads_texts_as_its_user_does(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"HOME": "/home/anna", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "PATH": "/bin", "PYTHONUTF8": "1"}
    monkeypatch.setattr(os, "environ", dict(given))

    embedded.replace_environment({"AUTH": "true"})

    assert os.environ == {**given, "AUTH": "true"}
