"""The sweep, run by a test and not each minute."""

import json
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from tests.e2e.faults.support.one_order import OneOrder
from tests.e2e.support.administrator_access import AdministratorAccess

# After so many hints, a sweep gives an order up.
ALL_HINTS = 30
SETTABLE = ("Name", "GroupName", "ScheduleExpression", "FlexibleTimeWindow", "Target")


class Sweeper:
    """Runs the deployed sweep."""

    def __init__(self, account: AdministratorAccess) -> None:
        self._account = account

    def sweep(self) -> str:
        """Sweep once; return "done" or the name of the error."""
        name = self._account.outputs["functions"]["sweep"]
        answer = self._account.client("lambda").invoke(FunctionName=name, Payload=b"{}")
        said = json.loads(answer["Payload"].read())
        return str(said.get("errorType", "unknown")) if "FunctionError" in answer else "done"

    def sweep_at_once(self, count: int) -> list[str]:
        """Run so many sweeps at the same time."""
        self._account.client("lambda")  # the threads must not be the first to need it
        with ThreadPoolExecutor(count) as threads:
            return [sweep.result() for sweep in [threads.submit(self.sweep) for _ in range(count)]]


def schedule_of(function: str) -> dict[str, str]:
    """Return name and group of the schedule that runs a function each minute."""
    return {"Name": f"orders-local-{function}", "GroupName": "orders-local-schedules"}


@contextmanager
def manual_sweeper(account: AdministratorAccess) -> Iterator[Sweeper]:
    """Disable the schedule, so that only the test's own sweeps take orders."""
    with schedule_held("sweep", account):
        yield Sweeper(account)


@contextmanager
def schedule_held(function: str, account: AdministratorAccess) -> Iterator[None]:
    """Disable a function's schedule while the block runs."""
    scheduler = account.client("scheduler")
    found: dict[str, Any] = scheduler.get_schedule(**schedule_of(function))
    as_it_was = {name: found[name] for name in SETTABLE}
    scheduler.update_schedule(**as_it_was, State="DISABLED")
    try:
        yield
    finally:
        scheduler.update_schedule(**as_it_was, State=found["State"])


def lose_hints(orders: Collection[OneOrder], account: AdministratorAccess) -> None:
    """Place orders whose messages get lost, so that no workflow starts for them."""
    with account.hints_held():
        for order in orders:
            order.place()
        account.messages("queue_url", remove=True)
