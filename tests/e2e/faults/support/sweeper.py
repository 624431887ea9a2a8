"""The sweep, run when a test wants it and not each minute."""

import json
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from tests.e2e.faults.support.one_order import OneOrder
from tests.e2e.support.account import Account

# After so many, a sweep gives an order up.
ALL_HINTS = 30
SETTABLE = ("Name", "GroupName", "ScheduleExpression", "FlexibleTimeWindow", "Target")


class Sweeper:
    """Runs the deployed sweep."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def sweep(self) -> str:
        """Sweep once: "done", or the name of the error."""
        name = self._account.outputs["functions"]["sweep"]
        answer = self._account.client("lambda").invoke(FunctionName=name, Payload=b"{}")
        said = json.loads(answer["Payload"].read())
        return str(said.get("errorType", "unknown")) if "FunctionError" in answer else "done"

    def sweep_at_once(self, count: int) -> list[str]:
        """So many sweeps at the same time."""
        self._account.client("lambda")  # made before the threads ask for it
        with ThreadPoolExecutor(count) as threads:
            return [sweep.result() for sweep in [threads.submit(self.sweep) for _ in range(count)]]


def schedule_of(function: str) -> dict[str, str]:
    """The name of the schedule that runs a function each minute, as Scheduler's operations take it."""
    return {"Name": f"orders-local-{function}", "GroupName": "orders-local-schedules"}


@contextmanager
def manual_sweeper(account: Account) -> Iterator[Sweeper]:
    """Hold the schedule, so that no sweep but the test's takes an order."""
    with schedule_held("sweep", account):
        yield Sweeper(account)


@contextmanager
def schedule_held(function: str, account: Account) -> Iterator[None]:
    """Hold a function's schedule."""
    scheduler = account.client("scheduler")
    found: dict[str, Any] = scheduler.get_schedule(**schedule_of(function))
    as_it_was = {name: found[name] for name in SETTABLE}
    scheduler.update_schedule(**as_it_was, State="DISABLED")
    try:
        yield
    finally:
        scheduler.update_schedule(**as_it_was, State=found["State"])


def lose_hints(orders: Collection[OneOrder], account: Account) -> None:
    """Place orders whose messages get lost, so that nobody works on them."""
    with account.hints_held():
        for order in orders:
            order.place()
        account.messages("queue_url", remove=True)
