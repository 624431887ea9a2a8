"""The order of the tests, and the one deployed system that the end-to-end tests share."""

from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from local.emulator.process import free_port
from local.run import LocalRun

TIERS = ("unit", "synth", "integration", "e2e")
TESTS = Path(__file__).parent
DEPLOYMENT = pytest.StashKey["Deployment"]()


class Deployment:
    """A local run of the tests' own, brought up in the background: deploying is mostly waiting."""

    def __init__(self, directory: Path) -> None:
        self.run = LocalRun(directory)
        self._pool = ThreadPoolExecutor(1, "deployment")
        self._outputs: Future[dict[str, Any]] = self._pool.submit(self.run.up, port=free_port())

    def outputs(self) -> dict[str, Any]:
        return self._outputs.result()

    def stop(self) -> None:
        self._pool.shutdown(wait=True)
        self.run.down()


def tier(item: pytest.Item) -> int:
    """The position of a test's folder among the tiers."""
    return TIERS.index(item.path.relative_to(TESTS).parts[0])


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=tier)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Start deploying as soon as it is known that an end-to-end test will run."""
    if not session.config.option.collectonly and any(TIERS[tier(item)] == "e2e" for item in session.items):
        directory = session.config._tmp_path_factory.mktemp("run")  # type: ignore[attr-defined]  # no public way here
        session.config.stash[DEPLOYMENT] = Deployment(directory)


def pytest_sessionfinish(session: pytest.Session) -> None:
    deployment = session.config.stash.get(DEPLOYMENT, None)
    if deployment:
        deployment.stop()


@pytest.fixture(scope="session")
def deployment(request: pytest.FixtureRequest) -> Deployment:
    """The tests' own deployed system; waits until it is up."""
    deployment: Deployment = request.config.stash[DEPLOYMENT]
    deployment.outputs()
    return deployment


@pytest.fixture(scope="session")
def outputs(deployment: Deployment) -> dict[str, Any]:
    """What `.local/outputs.json` would hold for the deployed system."""
    return deployment.outputs()
