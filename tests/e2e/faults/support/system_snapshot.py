"""A snapshot of the system during a deployment: running functions and work in progress."""

import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

from tests.e2e.support.administrator_access import AdministratorAccess

LOOK_SECONDS = 0.05
DEPLOYMENT_SECONDS = 300


@dataclass(frozen=True)
class Snapshot:
    """The state of the system. `charging_code` is the hash of charge_payment's package."""

    milliseconds: int
    charging_code: str
    is_charging: bool
    is_announcing: bool
    is_sweeping: bool
    statuses: Counter[str]
    delayed_hints: int
    received_hints: int


def snapshot_of(account: AdministratorAccess) -> Snapshot:
    """Take a snapshot now."""
    functions, name = account.client("lambda"), account.outputs["functions"]["charge_payment"]
    milliseconds, charging = int(time.time() * 1000), is_charging(account)
    pages = account.client("dynamodb").get_paginator("scan").paginate(TableName=account.outputs["orders_table"])
    return Snapshot(
        milliseconds,
        functions.get_function_configuration(FunctionName=name)["CodeSha256"],
        charging,
        mapping_of_announce(account)["State"] == "Enabled",
        [schedule["State"] for schedule in schedules_of_sweep(account)] == ["ENABLED"],
        Counter(row["status"]["S"] for page in pages for row in page["Items"]),
        count_hints(account, "Delayed"),
        count_hints(account, "NotVisible"),
    )


def snapshot_when_charging(account: AdministratorAccess) -> Snapshot:
    """Wait until a deployment ends the throttling of charge_payment, and take a snapshot.

    By then the deployment has uploaded the function's new code.
    """
    deadline = time.monotonic() + DEPLOYMENT_SECONDS
    while not is_charging(account):
        assert time.monotonic() < deadline, "the deployment leaves charge_payment throttled"
        time.sleep(LOOK_SECONDS)
    return snapshot_of(account)


def is_charging(account: AdministratorAccess) -> bool:
    """Return False if charge_payment is throttled."""
    name = account.outputs["functions"]["charge_payment"]
    found = account.client("lambda").get_function_concurrency(FunctionName=name)
    return bool(found.get("ReservedConcurrentExecutions") != 0)


def count_hints(account: AdministratorAccess, state: str) -> int:
    """Count the queue's hints that are `Delayed`, or `NotVisible`: received and not deleted."""
    name, url = f"ApproximateNumberOfMessages{state}", account.outputs["queue_url"]
    return int(account.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=[name])["Attributes"][name])


def schedules_of_sweep(account: AdministratorAccess) -> list[dict[str, Any]]:
    """Return the schedule of the sweep, or nothing while a deployment replaces it."""
    return list(account.client("scheduler").list_schedules(NamePrefix="orders-local-sweep")["Schedules"])


def mapping_of_announce(account: AdministratorAccess) -> dict[str, Any]:
    """Return the event source mapping from the orders' stream to `announce`."""
    name = account.outputs["functions"]["announce"]
    (found,) = account.client("lambda").list_event_source_mappings(FunctionName=name)["EventSourceMappings"]
    return dict(found)
