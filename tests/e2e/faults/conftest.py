"""The deployed system with a proxy between its functions and AWS."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.account import Account
from tests.e2e.faults.books import Books
from tests.e2e.faults.proxy import FaultProxy, redirected
from tests.e2e.mailbox import Mailbox


@pytest.fixture(scope="module")
def proxy(outputs: dict[str, Any], account: Account) -> Iterator[FaultProxy]:
    """What the functions take for AWS while the tests of a file run."""
    functions = outputs["functions"]
    with (
        FaultProxy(outputs["aws_endpoint_url"], functions) as listening,
        redirected(account.client("lambda"), functions, listening),
    ):
        yield listening


@pytest.fixture
def books(account: Account, mailbox: Mailbox) -> Iterator[Books]:
    """Orders beside payments; after the test nothing may be left on the queues."""
    kept = Books(account, mailbox)
    yield kept
    assert kept.undone() == 0
    assert [message["Body"] for message in account.messages("dead_letter_queue_url")] == []
