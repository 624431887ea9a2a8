"""An order's story: what each part of the system did with it. EXPRESS workflows leave no other history."""

import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from deployment.colours import status_with_tone, with_tone
from operations import amounts, timestamps
from operations.dead_letter_reasons import logged_failure
from operations.dead_letters import DeadLetter
from operations.logs import LogLine
from operations.undelivered_objects import UndeliveredObject

BAD_ENDS = {"ExecutionFailed": "failed", "ExecutionAborted": "was aborted", "ExecutionTimedOut": "ran out of time"}
# What start_workflow logs of each; a test compares them.
WORKFLOW_STARTED = "workflow started"
# What a write that finds the order gone, final or with another workflow ends in; and where such a workflow goes on.
CONDITION_FAILED, LEFT_ALONE_STATE = "DynamoDB.ConditionalCheckFailedException", "SomebodyElseHasIt"
FAILURES = ("TaskFailed", "TaskTimedOut", "LambdaFunctionFailed", "LambdaFunctionTimedOut", "TaskStartFailed")


@dataclass(frozen=True, order=True, kw_only=True)
class StoryEvent:
    """One thing that happened; events of one moment are told by their rank, then in words.

    `traces` are X-Ray's that the log line names, each with the part that is in it.
    """

    at: int
    rank: int = 0
    who: str
    what: str
    traces: tuple[tuple[str, str], ...] = field(default=(), compare=False)


def order_events(row: Mapping[str, Any]) -> Iterable[StoryEvent]:
    """Return what the row remembers: its beginning and its last change."""
    placed, changed = timestamps.attribute_time(row, "created_at"), timestamps.attribute_time(row, "updated_at")
    if placed is not None:
        yield StoryEvent(at=placed, rank=-1, who="order", what="placed")
    if changed is not None and row["updated_at"] != row.get("created_at"):
        reason = f" ({row['failure_reason']})" if row.get("failure_reason") else ""
        what = f"{row.get('status')}{reason}, version {row.get('version')}"
        yield StoryEvent(
            at=changed,
            rank=1,
            who="order",
            what=status_with_tone(str(row.get("status")), f"last changed: {what}"),
        )


def payment_events(row: Mapping[str, Any]) -> Iterable[StoryEvent]:
    """Yield what was charged, if the row says when."""
    charged = timestamps.attribute_time(row, "created_at")
    if charged is None:
        return
    what = f"{row['result']}: {amounts.amount_text(row, 'amount')}, {row['charge_id']}"
    reason = f" ({row['reason']})" if row.get("reason") else ""
    yield StoryEvent(at=charged, who="payment", what=f"{what}{reason}")


def execution_name(line: LogLine) -> str:
    """The execution that a line of the workflow's log is about."""
    return str(line.fields.get("execution_arn", "")).rpartition(":")[2]


def workflow_events(lines: Iterable[LogLine]) -> Iterable[StoryEvent]:
    """The states that executions entered, what failed in them, and how they ended."""
    for line in lines:
        what = _step_text(str(line.fields.get("type", "")), line.fields.get("details") or {})
        if what:
            # All events of one moment in the order in which the workflow numbered them.
            rank = int(line.fields.get("id", 0))
            yield StoryEvent(at=line.at, rank=rank, who=f"workflow {execution_name(line)[:8]}", what=what)


def unlogged_run_events(
    row: Mapping[str, Any] | None, payment: Mapping[str, Any] | None, started: Sequence[int], logged: Iterable[int]
) -> Iterable[StoryEvent]:
    """The workflows of which nothing was logged. Step Functions delivers logs at its best effort: they did run.

    Each that was started has its log at about that moment. Without any start on record, a lease or a charge shows one.
    """
    left = list(started) or _starts_on_record(row, payment)
    for moment in logged:
        if left:
            left.remove(min(left, key=lambda start: abs(start - moment)))
    for moment in left:
        yield StoryEvent(at=moment, rank=1, who="workflow", what="no log of this run")


def function_events(use_case: str, lines: Iterable[LogLine]) -> Iterable[StoryEvent]:
    """Return what a function logged about the order."""
    for line in lines:
        fields = line.fields
        details = [str(fields[name]) for name in ("action", "result", "status", "reason") if fields.get(name)]
        version = [f"version {fields['version']}"] if "version" in fields else []
        what = logged_failure(line) + (f": {', '.join(details + version)}" if details or version else "")
        # start_workflow names the trace in which its hint was sent, too.
        named = (("hint", fields.get("hint_trace_id")), (use_case, fields.get("xray_trace_id")))
        yield StoryEvent(
            at=line.at,
            who=use_case,
            what=with_tone(what, "bad") if fields.get("level") == "ERROR" else what,
            traces=tuple((part, str(trace)) for part, trace in named if trace),
        )


def dead_letter_events(letters: Iterable[DeadLetter], *, now: int) -> Iterable[StoryEvent]:
    """Hints that failed: when they were sent, and that they still wait."""
    for letter in letters:
        waits = f"message {letter.message_id} waits in the dead-letter queue"
        yield StoryEvent(at=letter.sent_at, who="hint", what=f"sent as message {letter.message_id}, which failed")
        yield StoryEvent(at=now, who="dead letter", what=with_tone(waits, "bad"))


def undelivered_events(kept: Iterable[UndeliveredObject], user_id: str, order_id: str) -> Iterable[StoryEvent]:
    """Announcements that could not be made and still wait."""
    for batch in kept:
        for change in batch.changes:
            if (change.user_id, change.order_id) == (user_id, order_id):
                change_ = f"{change.after}, version {change.version}"
                what = f"{change_}: not announced after {batch.tries}, kept as {batch.id}"
                yield StoryEvent(at=batch.kept_at, who="undelivered", what=with_tone(what, "bad"))


def story_rows(events: Sequence[StoryEvent]) -> list[tuple[str, str, str]]:
    """The events in time order, as rows of a table."""
    return [(timestamps.time_text(event.at), event.who, event.what) for event in sorted(events)]


def _starts_on_record(row: Mapping[str, Any] | None, payment: Mapping[str, Any] | None) -> list[int]:
    # Sweep voids too, but a charge is a workflow's.
    charged = timestamps.attribute_time(payment or {}, "created_at")
    if payment and payment["result"] != "voided" and charged is not None:
        return [charged]
    taken_up = timestamps.attribute_time(row, "updated_at") if row and "lease_owner" in row else None
    return [] if taken_up is None else [taken_up]


def _step_text(type_: str, details: Mapping[str, Any]) -> str | None:
    if type_ == "ExecutionStarted":
        return "started"
    if type_ == "ExecutionSucceeded":
        return "ended"
    if type_ in BAD_ENDS:
        return with_tone(f"{BAD_ENDS[type_]}{_cause_text(details)}", "bad")
    if type_ in FAILURES:
        # No trouble, but what keeps two workflows from paying one order; the next state says so.
        return None if details.get("error") == CONDITION_FAILED else with_tone(f"trouble{_cause_text(details)}", "bad")
    if type_.endswith("StateEntered") and not type_.startswith("Choice"):
        name = str(details.get("name"))
        return (
            f"{name}: nothing to do, the order is final, gone or with another workflow"
            if name == LEFT_ALONE_STATE
            else name
        )
    return None


def _cause_text(details: Mapping[str, Any]) -> str:
    cause = str(details.get("cause", ""))
    with suppress(ValueError, AttributeError, RecursionError):
        cause = str(json.loads(cause).get("errorMessage", cause))
    parts = [part for part in (str(details.get("error", "")), cause.split("\n")[0]) if part]
    return f": {', '.join(parts)}" if parts else ""
