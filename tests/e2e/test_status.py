"""`make status` says what is wrong in a line."""

import json
import os
import signal

from tests.conftest import Deployment
from tests.e2e.waiting import eventually


def test_nothing_is_wrong_with_a_run_that_is_up(deployment: Deployment) -> None:
    assert deployment.run.problems() == []


def test_a_crashed_server_is_one_line_that_says_what_to_do(deployment: Deployment) -> None:
    record = json.loads((deployment.run.directory / "run.json").read_text(encoding="utf-8"))
    os.kill(record["pid"], signal.SIGKILL)

    problems = eventually(deployment.run.problems, bool, within_seconds=5)

    assert problems == ["the local run isn't up: start it with `make up`"]
