"""A log group has a limited size.

AWS: keeps log events as long as the group's retention says, a day or more, on Amazon's disks (CloudWatch Logs User
Guide, "Working with log groups and log streams").
MiniStack: keeps all of them in memory, whatever the retention: a workflow's log and those of its functions are 25 KB an
order, so that 10,000 orders take 250 MB.
Here a group keeps its newest events, those of the last thousand orders or more.
"""

import functools
import itertools
import time
from typing import Any

from ministack.services import cloudwatch_logs

from emulator.ministack.repairs.patching import AnyCallable, RepairContext, replace

KEPT = 20_000
# Counting the events of all groups takes time, so it isn't done for each event.
EVERY_EVENTS = 2_000
# A writer to an old stream must still find the stream.
IDLE_SECONDS = 60


def apply(_context: RepairContext) -> None:
    """Remove the oldest events from time to time."""

    def forgetting(append: AnyCallable) -> AnyCallable:
        written = itertools.count(1)

        @functools.wraps(append)
        def appended(stream: dict[str, Any], events: list[Any]) -> None:
            append(stream, events)
            # One number for each event, from any number of threads, without a lock.
            if any(next(written) % EVERY_EVENTS == 0 for _ in [*events]):
                with cloudwatch_logs._log_events_lock:
                    for _, group in cloudwatch_logs._log_groups.all_items():
                        forget_oldest(group["streams"])

        return appended

    replace(cloudwatch_logs, "_append_log_events", forgetting)


def forget_oldest(streams: dict[str, Any]) -> None:
    """Keep the newest events of a group, whose streams are in the order of their creation."""
    names = list(streams)
    excess = sum(len(streams[name]["events"]) for name in names) - KEPT
    idle_since = (time.time() - IDLE_SECONDS) * 1000
    for name in names:
        if excess <= 0:
            return
        stream = streams[name]
        count = min(excess, len(stream["events"]))
        excess -= count
        stream["events"] = stream["events"][count:]
        if not stream["events"] and (stream["lastIngestionTime"] or stream["creationTime"]) < idle_since:
            del streams[name]
