"""`make e2e` runs on any environment, and only tests that need nothing but public APIs."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from deployment.repository_paths import ROOT
from tests.conftest import Deployment
from tests.e2e.conftest import pytest_collection_modifyitems

Pytest = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run_tests() -> Pytest:
    """Run tests as `make e2e` does, without the tests' own keys."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
        return subprocess.run(command, cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, check=False)

    return run


def test_the_tests_of_public_apis_run_by_the_stacks_outputs(deployment: Deployment, run_tests: Pytest) -> None:
    done = run_tests("--env=local", f"--run={deployment.run.directory}", "tests/e2e")

    counted = re.search(r"^(\d+) passed, (\d+) deselected in ", done.stdout, re.MULTILINE)
    assert done.returncode == 0, done.stdout
    assert counted is not None, done.stdout
    passed, left_out = map(int, counted.groups())
    assert passed > 70
    assert left_out > 300


@pytest.mark.parametrize("fixture", ["account", "mailbox", "deployment", "emulator"])
def test_a_test_of_public_apis_can_not_have_keys(fixture: str) -> None:
    item: Any = SimpleNamespace(
        nodeid="test_it", path=Path("test_it.py"), fixturenames=["customer", fixture], get_closest_marker=bool
    )

    with pytest.raises(pytest.UsageError, match=f"^test_it has the marker public_api, and takes {fixture}$"):
        pytest_collection_modifyitems([item])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--env=nope"], "ERROR: environments.toml has no table [nope]; it has local, dev, staging, prod"),
        (["--env=prod"], "ERROR: prod is protected, and this places orders in it that are charged: make e2e ENV=prod"),
        (["--env=local", "--run=/nowhere"], "ERROR: the local run isn't up: start it with `make up`"),
    ],
)  # fmt: skip
def test_what_can_not_be_tested_is_one_line(run_tests: Pytest, arguments: list[str], said: str) -> None:
    done = run_tests(*arguments, "tests/e2e/test_first_order.py")

    assert done.returncode == 4
    assert done.stderr.strip().startswith(said)
    assert len(done.stderr.strip().splitlines()) == 1
