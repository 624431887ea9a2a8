"""Tools for the paths through the system, and the logs that show which call was refused."""

import json
from collections.abc import Callable, Generator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.e2e.faults.support.announcements import Announcements
from tests.e2e.faults.support.one_order import WORKFLOW_LOG, OneOrder
from tests.e2e.faults.support.sweeper import Sweeper
from tests.e2e.iam.support.grants import Grant
from tests.e2e.support.administrator_access import AdministratorAccess
from tests.e2e.support.mailbox import Mailbox
from verify.customer import Customer
from verify.polling import eventually

SEEN_WITHIN_SECONDS = 60


@dataclass(frozen=True, kw_only=True)
class PathContext:
    """The local run and the tools that a path uses."""

    account: AdministratorAccess
    announcements: Announcements
    mailbox: Mailbox
    new_customer: Callable[[], Customer]
    server_log: Path
    sweeper: Sweeper

    def new_order(self) -> OneOrder:
        """Make an order, not placed yet, of a new customer."""
        return OneOrder(self.new_customer(), self.account)

    def finish(self, order: OneOrder) -> str:
        """Have the sweep take up an order that a refusal left open; return its final status."""
        with suppress(order.moved):
            order.make_due()
        self.sweeper.sweep()
        return order.final_status()


# A generator with two yields. First it prepares the path with the permission. Then the permission
# is gone and the path breaks. Then the permission is back and the path works.
PathSteps = Callable[[PathContext, Grant], Generator[None, None, None]]
# Reads the lines that may report a refusal.
Source = Callable[[PathContext, OneOrder], list[str]]


@dataclass(frozen=True)
class Refusal:
    """The source that reports a missing permission, and its words; by default those of IAM."""

    source: Source
    words: str | None = None

    def wait_for(self, context: PathContext, order: OneOrder, grant: Grant) -> None:
        """Wait until the source reports the refusal."""
        words = (self.words or f"not authorized to perform: {grant.action}").lower()
        found = eventually(
            lambda: [line for line in self.source(context, order) if words in line.lower()],
            bool,
            within_seconds=SEEN_WITHIN_SECONDS,
            pause_seconds=0.2,
        )
        assert found, f"nobody said {words!r} of order {order.id}, which is {order.row().get('status')}"


def function_log(function: str) -> Source:
    """Read a function's log lines about the order."""
    return lambda context, order: context.account.log_lines(function, order.id)


def mapping_of(function: str) -> Source:
    """Read the last processing result of the function's event source mapping."""

    def read(context: PathContext, _order: OneOrder) -> list[str]:
        name = context.account.outputs["functions"][function]
        answer = context.account.client("lambda").list_event_source_mappings(FunctionName=name)
        return [str(mapping["LastProcessingResult"]) for mapping in answer["EventSourceMappings"]]

    return read


def workflow_log(context: PathContext, order: OneOrder) -> list[str]:
    """Read the log of the workflow's executions for the order."""
    pages = context.account.client("logs").get_paginator("filter_log_events").paginate(logGroupName=WORKFLOW_LOG)
    events = [event["message"] for page in pages for event in page["events"]]
    own = {json.loads(event)["execution_arn"] for event in events if order.id in event}
    return [event for event in events if json.loads(event)["execution_arn"] in own]


def sweep_log(context: PathContext, _order: OneOrder) -> list[str]:
    """Read the sweep's log lines about shards. An order that it can't find has no line."""
    return context.account.log_lines("sweep", "could not sweep shard")


def announce_log(context: PathContext, _order: OneOrder) -> list[str]:
    """Read the log lines of `announce` about what it couldn't read. They name no order."""
    return context.account.log_lines("announce", "could not read what waits")


def scheduler_log(context: PathContext, _order: OneOrder) -> list[str]:
    """Read the emulator's log lines about schedules. AWS has a metric in their place."""
    lines = context.server_log.read_text(encoding="utf-8", errors="replace").splitlines()
    return [line for line in lines if "schedule not run" in line]
