"""A measurement that can't be made is one line."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bench.__main__ import main
from bench.flow import NotFinished
from bench.parallel_calls import CallFailed
from bench.run_under_test import RunUnderTest
from environments.user_error import UserError


@pytest.mark.parametrize("option", ["--rounds", "--concurrency", "--orders", "--calls"])
@pytest.mark.parametrize("number", ["0", "-1", "x"])
def test_numbers_are_whole_and_positive(option: str, number: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["flow", f"{option}={number}"])

    assert option in capsys.readouterr().err


def test_a_run_that_has_ended_is_said_to_have(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        pass
    (tmp_path / "run.json").write_text(json.dumps({"pid": ended.pid, "port": 1, "server_code": ""}))
    (tmp_path / "outputs.json").write_text("{}")

    with pytest.raises(UserError, match="has ended: start it with `make up`"):
        RunUnderTest("this", tmp_path)


def test_what_the_run_fails_at_is_for_whoever_measures() -> None:
    assert issubclass(CallFailed, UserError)
    assert issubclass(NotFinished, UserError)
