"""The order of the tests, and the slow jobs that start in the background before the first one."""

import os
import signal
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

from deployment.escaped_text import visible_lines
from deployment.loopback_without_proxy import without_proxy
from deployment.repository_paths import ROOT
from deployment.run_command import end_as_by_ctrl_c
from tests.support.background import Background, deploy

if TYPE_CHECKING:  # importing it loads boto3, which unit tests don't need
    from local.run import LocalRun
    from local.server_process import Server
    from verify.verified_environment import VerifiedEnvironment

TIERS = ("unit", "synth", "integration", "security", "e2e", "web")
TESTS = Path(__file__).parent
FAULTS = TESTS / "e2e" / "faults"
SECURITY = TESTS / "security"
IAM = TESTS / "e2e" / "iam"
BOOTSTRAP = TESTS / "integration" / "deployment" / "test_bootstrap.py"
DEPLOYED = "e2e"
# The public facts of an environment. A test with the marker public_api gets nothing else.
ADDRESSES = ("graphql_url", "realtime_url", "region", "user_pool_id", "user_pool_client_id")


# A test's time says something of the machine and of what else it does.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")

# The tests' own clients are on loopback. httpx would need one more package for a SOCKS proxy,
# the usual kind in ALL_PROXY.
os.environ.update(without_proxy(os.environ))
for name in ("ALL_PROXY", "all_proxy"):
    os.environ.pop(name, None)


class Deployment:
    """The tests' own deployed system: a local run in a folder of its own."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    @property
    def run(self) -> "LocalRun":
        """The local run, which is up as soon as `outputs` exist."""
        from local.run import LocalRun

        return LocalRun(self._directory)


STARTED = pytest.StashKey[Background]()
DEPLOYMENT = pytest.StashKey[Deployment]()
TARGET = pytest.StashKey["VerifiedEnvironment"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--run", type=Path, help="the folder of a local run that is up (.local): end-to-end tests use it as it is"
    )
    parser.addoption("--env", help="run the end-to-end tests that need public APIs alone, on this environment")
    parser.addoption("--confirm", action="store_true", help="with --env, place orders in a protected environment too")
    parser.addoption("--faults", action="store_true", help="run all the fault tests, not just those for every run")
    parser.addoption("--security", action="store_true", help="run the security scanners, once they are installed")
    parser.addoption("--iam", action="store_true", help="run the tests that take permissions from roles")
    parser.addoption("--screenshots", action="store_true", help="take the README's pictures of the app anew")


def pytest_configure(config: pytest.Config) -> None:
    """Hear signals, and remove AWS credentials from the environment, unless --env names one that needs them."""
    # A shell without job control starts its background jobs with SIGINT ignored, `nohup` and a deployment of ours start
    # theirs with SIGHUP ignored, and so do their child processes.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    if config.option.env:
        end_as_by_ctrl_c()
    if config.option.env and not _has_own_keys(config.option.env, is_confirmed=config.option.confirm):
        return
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ.update({"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull})


def _has_own_keys(environment: str, *, is_confirmed: bool) -> bool:
    """Return True if the environment is the local run, which has keys of its own.

    Raise UsageError if no test may place orders there.
    """
    from environments.settings import settings_of
    from environments.user_error import UserError
    from verify.protected_environment import require_confirmation

    try:
        settings = settings_of(environment)
        require_confirmation(settings, confirmed=is_confirmed, command="e2e")
    except UserError as error:
        raise pytest.UsageError(visible_lines(str(error))) from error
    return settings.custom_endpoint


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show in a failure what a terminal would obey: its text may come from an account."""
    report = yield
    shown = visible_lines(report.longreprtext)
    if shown != report.longreprtext:
        report.longrepr = shown
    report.sections = [(name, visible_lines(content)) for name, content in report.sections]
    return report


def position(item: pytest.Item) -> tuple[int, bool]:
    """Return the sort key of a test: its tier, then whether it waits for the bootstrap."""
    return tier(item), item.path == BOOTSTRAP


def tier(item: pytest.Item) -> int:
    """Return the position of a test's folder among the tiers."""
    folder, *rest = item.path.relative_to(TESTS).parts
    return TIERS.index(rest[0] if folder == "emulator" else folder)


def needs_the_deployed(item: pytest.Item) -> bool:
    """Return True if a test uses the deployed system; a skipped browser test doesn't."""
    return "outputs" in getattr(item, "fixturenames", ()) and not item.get_closest_marker("skip")


def is_left_out(item: pytest.Item, config: pytest.Config) -> bool:
    """Return True if a test runs only on request."""
    if config.option.env:
        return not item.get_closest_marker("public_api")
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
    """Start the slow jobs as soon as the selected tests are known."""
    if session.config.option.collectonly:
        return
    make_folder = session.config._tmp_path_factory.mktemp  # type: ignore[attr-defined]  # no public way here
    background = session.config.stash[STARTED] = Background(make_folder)
    if session.config.option.env:
        session.config.stash[TARGET] = _opened(session.config, make_folder("environment"))
    elif session.config.option.run is None and any(needs_the_deployed(item) for item in session.items):
        session.config.stash[DEPLOYMENT] = Deployment(background.start(DEPLOYED, deploy))
    if any(item.path == BOOTSTRAP for item in session.items):
        from tests.integration.support.bootstrap_runs import run_bootstraps

        background.start(BOOTSTRAP.stem, run_bootstraps)


def _opened(config: pytest.Config, folder: Path) -> "VerifiedEnvironment":
    """Look up the environment that --env names; raise UsageError if it can't be reached."""
    from deployment.local_outputs import aws_environment, read_outputs
    from deployment.stack import synthesized
    from environments.names import SYSTEM
    from environments.settings import settings_of
    from environments.user_error import UserError
    from verify.verified_environment import open_verified_environment

    environment, run = config.option.env, config.option.run
    try:
        aws = aws_environment(read_outputs(run)) if run else None
        stack = synthesized(SYSTEM, environment, output=folder / "cdktf.out", aws=aws)
        return open_verified_environment(stack, settings_of(environment))
    except UserError as error:
        raise pytest.UsageError(visible_lines(str(error))) from error


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
    """The tests' own deployed system, up and running."""
    return request.config.stash.get(DEPLOYMENT, None) or Deployment(request.config.option.run)


@pytest.fixture(scope="session")
def target(request: pytest.FixtureRequest) -> "VerifiedEnvironment":
    """The environment that --env names, read from its stack's outputs."""
    return request.config.stash[TARGET]


@pytest.fixture(scope="session")
def outputs(request: pytest.FixtureRequest, background: Background) -> dict[str, Any]:
    """The outputs of the deployed system, as in `.local/outputs.json`. Waits until it is up."""
    if request.config.option.env:
        found = request.getfixturevalue("target").outputs
        return {name: found[name] for name in ADDRESSES}
    if request.config.option.run:
        from deployment.local_outputs import read_outputs

        return read_outputs(request.config.option.run)
    found = background.result(DEPLOYED)
    assert isinstance(found, dict)
    return found


@pytest.fixture(scope="session")
def server_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The path of the log that the server's process writes."""
    return tmp_path_factory.mktemp("emulator") / "server.log"


@pytest.fixture(scope="session")
def emulator(server_log: Path) -> "Iterator[Server]":
    """Start the server in a temporary directory, and stop it at the end even if tests fail."""
    from local.server_process import free_port, start_server

    server = start_server(port=free_port(), directory=server_log.parent, root=ROOT, log=server_log)
    try:
        yield server
    finally:
        server.stop()
