"""Fixtures of a local run whose roles lose permissions, and the table of the paths that broke."""

from collections.abc import Callable, Iterator

import pytest

from tests.conftest import Deployment
from tests.e2e.faults.support.announcements import Announcements
from tests.e2e.faults.support.sweeper import manual_sweeper, schedule_held
from tests.e2e.iam.support.grants import Roles
from tests.e2e.iam.support.path_context import PathContext
from tests.e2e.iam.support.report import table
from tests.e2e.iam.support.used_permissions import Break
from tests.e2e.support.administrator_access import AdministratorAccess
from tests.e2e.support.mailbox import Mailbox
from verify.customer import Customer

BROKEN = pytest.StashKey[list[Break]]()


def pytest_configure(config: pytest.Config) -> None:
    """Refuse a run that somebody uses."""
    if config.option.iam and config.option.run:
        raise pytest.UsageError("--iam takes permissions away, so it starts a local run of its own: leave --run out")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the permissions that were taken away, and the paths that broke."""
    broken = config.stash.get(BROKEN, None)
    for line in table(broken or []):
        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def broken(request: pytest.FixtureRequest) -> list[Break]:
    """The paths that broke so far, filled in by the tests."""
    return request.config.stash.setdefault(BROKEN, [])


@pytest.fixture(scope="package")
def roles(account: AdministratorAccess, broken: list[Break]) -> Roles:
    """The roles of the tests' own run."""
    return Roles(account)


@pytest.fixture(scope="package")
def context(
    account: AdministratorAccess,
    broken: list[Break],
    deployment: Deployment,
    mailbox: Mailbox,
    new_customer: Callable[[], Customer],
) -> Iterator[PathContext]:
    """The run and its tools. The sweep and `announce` don't run each minute, only for a path."""
    with manual_sweeper(account) as sweeper, schedule_held("announce", account):
        yield PathContext(
            account=account,
            announcements=Announcements(account),
            mailbox=mailbox,
            new_customer=new_customer,
            server_log=deployment.run.directory / "server.log",
            sweeper=sweeper,
        )
