"""The order of the tests, and what is started in the background because it is mostly waiting."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from deployment.checkout import ROOT
from deployment.loopback import without_proxy
from tests.support.background import Background, deploy

if TYPE_CHECKING:  # boto3 comes with it, and the unit tests do without
    from local.run import LocalRun
    from local.server_process import Server

TIERS = ("unit", "synth", "integration", "security", "e2e", "web")
TESTS = Path(__file__).parent
FAULTS = TESTS / "e2e" / "faults"
SECURITY = TESTS / "security"
IAM = TESTS / "e2e" / "iam"
BOOTSTRAP = "test_bootstrap"
DEPLOYED = "e2e"


# The tests' own clients are on loopback. For ALL_PROXY's usual kind, SOCKS, httpx would want one more package.
os.environ.update(without_proxy(os.environ))
for name in ("ALL_PROXY", "all_proxy"):
    os.environ.pop(name, None)


class Deployment:
    """The tests' own deployed system: a local run in a folder of its own."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    @property
    def run(self) -> "LocalRun":
        """The local run; up once `outputs` are there."""
        from local.run import LocalRun

        return LocalRun(self._directory)


STARTED = pytest.StashKey[Background]()
DEPLOYMENT = pytest.StashKey[Deployment]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--run", type=Path, help="the folder of a local run that is up (.local): end-to-end tests use it as it is"
    )
    parser.addoption("--faults", action="store_true", help="run all the fault tests, not just those for every run")
    parser.addoption("--security", action="store_true", help="run the security scanners, once they are installed")
    parser.addoption("--iam", action="store_true", help="run the tests that take permissions from roles")
    parser.addoption("--screenshots", action="store_true", help="take the README's pictures of the app anew")


def pytest_configure() -> None:
    """Keep the account of whoever runs the tests out of them, whether it works or not."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ.update({"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull})


def position(item: pytest.Item) -> tuple[int, bool]:
    """Where a test comes: by tier, and what waits for the bootstrap last in its tier."""
    return tier(item), item.path.stem == BOOTSTRAP


def tier(item: pytest.Item) -> int:
    """The position of a test's folder among the tiers."""
    folder, *rest = item.path.relative_to(TESTS).parts
    return TIERS.index(rest[0] if folder == "emulator" else folder)


def needs_the_deployed(item: pytest.Item) -> bool:
    """Whether a test will ask for the deployed system; a browser test without a browser won't."""
    return "outputs" in getattr(item, "fixturenames", ()) and not item.get_closest_marker("skip")


def is_left_out(item: pytest.Item, config: pytest.Config) -> bool:
    """Whether a test runs only when it is asked for."""
    if FAULTS in item.path.parents:
        return not config.option.faults and not item.get_closest_marker("every_run")
    if IAM in item.path.parents:
        return not config.option.iam
    return SECURITY in item.path.parents and not config.option.security


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    left = {item for item in items if is_left_out(item, config)}
    config.hook.pytest_deselected(items=list(left))
    items[:] = [item for item in items if item not in left]
    items.sort(key=position)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Start what takes long as soon as it is known which tests will run."""
    if session.config.option.collectonly:
        return
    make_folder = session.config._tmp_path_factory.mktemp  # type: ignore[attr-defined]  # no public way here
    background = session.config.stash[STARTED] = Background(make_folder)
    if session.config.option.run is None and any(needs_the_deployed(item) for item in session.items):
        session.config.stash[DEPLOYMENT] = Deployment(background.start(DEPLOYED, deploy))
    if any(item.path.stem == BOOTSTRAP for item in session.items):
        from tests.integration.support.bootstrapping import tell

        background.start(BOOTSTRAP, tell)


def pytest_sessionfinish(session: pytest.Session) -> None:
    stash = session.config.stash
    if STARTED in stash:
        stash[STARTED].wait()
    if DEPLOYMENT in stash:
        stash[DEPLOYMENT].run.down()


@pytest.fixture(scope="session")
def background(request: pytest.FixtureRequest) -> Background:
    """The jobs that were started before the first test."""
    return request.config.stash[STARTED]


@pytest.fixture(scope="session")
def deployment(request: pytest.FixtureRequest, outputs: dict[str, Any]) -> Deployment:
    """The tests' own deployed system, up."""
    return request.config.stash.get(DEPLOYMENT, None) or Deployment(request.config.option.run)


@pytest.fixture(scope="session")
def outputs(request: pytest.FixtureRequest, background: Background) -> dict[str, Any]:
    """What `.local/outputs.json` would hold for the deployed system; waits until it is up."""
    if request.config.option.run:
        from deployment.outputs import read_outputs

        return read_outputs(request.config.option.run)
    found = background.result(DEPLOYED)
    assert isinstance(found, dict)
    return found


@pytest.fixture(scope="session")
def server_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the server's process writes what it has to say."""
    return tmp_path_factory.mktemp("emulator") / "server.log"


@pytest.fixture(scope="session")
def emulator(server_log: Path) -> "Iterator[Server]":
    """Start the server in a temporary directory and stop it at the end, also when tests fail."""
    from local.server_process import free_port, start_server

    server = start_server(port=free_port(), directory=server_log.parent, root=ROOT, log=server_log)
    try:
        yield server
    finally:
        server.stop()
