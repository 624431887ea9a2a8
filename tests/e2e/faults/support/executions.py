"""The workflow's executions, read from its log."""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.e2e.faults.support.one_order import WORKFLOW_LOG
from tests.e2e.support.administrator_access import AdministratorAccess

ENDS = ("ExecutionSucceeded", "ExecutionFailed", "ExecutionTimedOut", "ExecutionAborted")


@dataclass(frozen=True)
class Execution:
    """An execution's first and last millisecond, its result, and its states' names in order."""

    begun: int
    ended: int
    end: str
    error: str
    states: tuple[str, ...]


def executions(account: AdministratorAccess) -> Iterator[Execution]:
    """Yield the executions that have ended."""
    pages = account.client("logs").get_paginator("filter_log_events").paginate(logGroupName=WORKFLOW_LOG)
    by_arn: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for event in (json.loads(event["message"]) for page in pages for event in page["events"]):
        by_arn[event["execution_arn"]].append(event)
    for events in by_arn.values():
        last = events[-1]
        if last["type"] in ENDS:
            states = tuple(event["details"]["name"] for event in events if event["type"].endswith("StateEntered"))
            begun, ended = int(events[0]["event_timestamp"]), int(last["event_timestamp"])
            yield Execution(begun, ended, last["type"], last["details"].get("error", ""), states)
