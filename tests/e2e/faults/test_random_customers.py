"""Customers act at random: the model must allow each answer, and the history must be right."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.conftest import Deployment
from tests.e2e.conftest import NewCustomer
from tests.e2e.faults.support.api_calls import RecordedApi
from tests.e2e.faults.support.fault_proxy import FaultProxy
from tests.e2e.faults.support.final_rows import final_rows
from tests.e2e.faults.support.history import Event, History, Violation, violations
from tests.e2e.faults.support.open_orders import OpenOrders
from tests.e2e.faults.support.random_customers import CUSTOMERS, RandomCustomers, World
from tests.e2e.faults.support.random_faults import RandomFaults
from tests.e2e.support.administrator_access import AdministratorAccess
from tests.e2e.support.mailbox import Mailbox
from tests.e2e.support.process_memory import server_pid
from verify.polling import eventually

# Without shrinking: workflows run on their own, so the same steps needn't fail again.
STEPS = settings(
    max_examples=12,
    stateful_step_count=30,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
)


@pytest.fixture
def history(tmp_path: Path) -> History:
    """The log of all calls and observations of a test."""
    return History(tmp_path / "history.jsonl")


@pytest.mark.parametrize("share", [0, 0.2], ids=["unharmed", "one call in five broken"])
def test_customers_see_what_the_model_allows(
    share: float,
    proxy: FaultProxy,
    account: AdministratorAccess,
    mailbox: Mailbox,
    deployment: Deployment,
    new_customer: NewCustomer,
    history: History,
) -> None:
    api = RecordedApi([new_customer() for _ in CUSTOMERS], history)
    faults = RandomFaults(history, share=share, seed=1, server_pid=server_pid(deployment.run.directory))
    world = World(api, account, breaks=share > 0)

    with account.redelivery_after(seconds=2):
        with proxy.breaking(faults):
            run_state_machine_as_test(type("RandomCustomers", (RandomCustomers,), {"world": world}), settings=STEPS)
            broken = verdict(world, history, mailbox)
        left = eventually(lambda: account.waiting("queue_url"), lambda count: count == 0, within_seconds=20)
    # One hint may have failed four times. The sweep found its order.
    account.messages("dead_letter_queue_url", remove=True)

    assert broken == []
    assert left == 0
    print(f"\n{faults.calls} calls of the functions, broken: {dict(faults.injected)}")
    assert (faults.injected.total() > 0) == (share > 0)


def verdict(world: World, history: History, mailbox: Mailbox) -> list[Violation]:
    """Wait until all orders are final and announced, and return the violations in the history."""

    def open_orders() -> list[Any]:
        return [row for row in OpenOrders(world.account).rows() if row["user_id"]["S"] in world.api.users]

    for _ in range(20):
        if not eventually(open_orders, lambda rows: not rows, within_seconds=3):
            break
        OpenOrders(world.account).skip_waits()
    return eventually(
        lambda: violations([*history.read(), *told(world, mailbox)]), lambda found: not found, within_seconds=15
    )


def told(world: World, mailbox: Mailbox) -> Iterator[Event]:
    """Find the events that only the end shows: the final rows and the announcements."""
    for user in world.api.users:
        for mail in mailbox.about(user):
            status, version = mail.attributes["status"], int(mail.attributes["version"])
            order_id = mail.attributes["order_id"]
            yield Event(kind="announced", user=user, id=order_id, status=status, version=version)
        yield from final_rows(world.account, user)
