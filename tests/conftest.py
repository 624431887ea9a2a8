"""The order of the tests, and what is started in the background because it is mostly waiting."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:  # boto3 comes with it, and the unit tests do without
    from local.run import LocalRun

TIERS = ("unit", "synth", "integration", "e2e")
TESTS = Path(__file__).parent
BOOTSTRAP = "test_bootstrap"
DEPLOYED = "e2e"


class Background:
    """Long jobs that run while other tests do, each in a folder of its own."""

    def __init__(self, folder: Callable[[str], Path]) -> None:
        self._folder = folder
        self._pool = ThreadPoolExecutor(2, "background")
        self._jobs: dict[str, Future[object]] = {}

    def start(self, name: str, job: Callable[[Path], object]) -> None:
        self._jobs[name] = self._pool.submit(job, self._folder(name))

    def result(self, name: str) -> object:
        return self._jobs[name].result()

    def wait(self) -> None:
        self._pool.shutdown(wait=True)


class Deployment:
    """A local run of the tests' own, in a folder of its own."""

    def __init__(self) -> None:
        self._run: LocalRun | None = None

    @property
    def run(self) -> "LocalRun":
        assert self._run is not None, "it was not started"
        return self._run

    def up(self, directory: Path) -> dict[str, Any]:
        from local.emulator.process import free_port
        from local.run import LocalRun

        self._run = LocalRun(directory)
        return self._run.up(port=free_port())

    def stop(self) -> None:
        if self._run:
            self._run.down()


STARTED = pytest.StashKey[Background]()
DEPLOYMENT = pytest.StashKey[Deployment]()


def position(item: pytest.Item) -> tuple[int, bool]:
    """Where a test comes: by tier, and what waits for the bootstrap last in its tier."""
    return tier(item), item.path.stem == BOOTSTRAP


def tier(item: pytest.Item) -> int:
    """The position of a test's folder among the tiers."""
    return TIERS.index(item.path.relative_to(TESTS).parts[0])


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=position)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Start what takes long as soon as it is known which tests will run."""
    if session.config.option.collectonly:
        return
    make_folder = session.config._tmp_path_factory.mktemp  # type: ignore[attr-defined]  # no public way here
    background = session.config.stash[STARTED] = Background(make_folder)
    deployment = session.config.stash[DEPLOYMENT] = Deployment()
    if any(TIERS[tier(item)] == "e2e" for item in session.items):
        background.start(DEPLOYED, deployment.up)
    if any(item.path.stem == BOOTSTRAP for item in session.items):
        from tests.integration.deployment.bootstrapping import tell

        background.start(BOOTSTRAP, tell)


def pytest_sessionfinish(session: pytest.Session) -> None:
    if STARTED in session.config.stash:
        session.config.stash[STARTED].wait()
        session.config.stash[DEPLOYMENT].stop()


@pytest.fixture(scope="session")
def background(request: pytest.FixtureRequest) -> Background:
    """The jobs that were started before the first test."""
    return request.config.stash[STARTED]


@pytest.fixture(scope="session")
def deployment(request: pytest.FixtureRequest, outputs: dict[str, Any]) -> Deployment:
    """The tests' own deployed system, up."""
    return request.config.stash[DEPLOYMENT]


@pytest.fixture(scope="session")
def outputs(background: Background) -> dict[str, Any]:
    """What `.local/outputs.json` would hold for the deployed system; waits until it is up."""
    found = background.result(DEPLOYED)
    assert isinstance(found, dict)
    return found
