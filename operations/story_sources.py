"""Collects an order's story from where its parts are kept."""

from collections.abc import Iterable, Mapping
from typing import Any

from environments.names import FUNCTIONS
from operations import timestamps, undelivered
from operations.dead_letter_reasons import hinted_order
from operations.dead_letters import hold_dead_letters
from operations.environment import Environment
from operations.logs import LogLine, read_lines
from operations.order_story import (
    WORKFLOW_STARTED,
    StoryEvent,
    dead_letter_events,
    execution_name,
    function_events,
    order_events,
    payment_events,
    undelivered_events,
    unlogged_run_events,
    workflow_events,
)

Row = Mapping[str, Any]
# More than these took an order up only when something is badly wrong; the first ones tell what.
MOST_EXECUTIONS = 10


def collect_story(
    environment: Environment, user_id: str, order_id: str, row: Row | None, payment: Row | None, *, hours: int
) -> list[StoryEvent]:
    """Return what happened to the order, in no order; logs are read until so many hours after its last change."""
    since, until = _log_window(order_id, row, payment, hours=hours)
    events = [*(order_events(row) if row else ()), *(payment_events(payment) if payment else ())]
    executions = _executions(environment, user_id, order_id, since=since, until=until)
    for execution in list(executions)[:MOST_EXECUTIONS]:
        group = environment.names.workflow_log
        events += workflow_events(read_lines(environment, group, naming=execution, since=since, until=until))
    started: list[int] = []
    for use_case in FUNCTIONS:
        group = environment.names.function_log(use_case)
        logged = _lines_of_customer(read_lines(environment, group, naming=order_id, since=since, until=until), user_id)
        events += function_events(use_case, logged)
        started += [line.at for line in logged if line.fields.get("message") == WORKFLOW_STARTED]
    events += unlogged_run_events(row, payment, started, executions.values())
    with hold_dead_letters(environment) as letters:
        own = [letter for letter in letters if hinted_order(letter.body) == (user_id, order_id)]
    events += dead_letter_events(own, now=timestamps.now())
    events += undelivered_events(undelivered.list_undelivered(environment, since=since), user_id, order_id)
    return events


def _log_window(order_id: str, row: Row | None, payment: Row | None, *, hours: int) -> tuple[int, int]:
    """Between when the logs may tell of the order."""
    now = timestamps.now()
    found = [
        timestamps.attribute_time(one, name) for one in (row, payment) if one for name in ("created_at", "updated_at")
    ]
    known = [moment for moment in found if moment is not None]
    first = min(known) if known else (timestamps.ulid_time(order_id) or now) - timestamps.DAY
    is_open = row is not None and "due_at" in row
    last = now if is_open or not known else min(now, max(known) + hours * timestamps.HOUR)
    return max(first - timestamps.MINUTE, 0), last


def _executions(environment: Environment, user_id: str, order_id: str, *, since: int, until: int) -> dict[str, int]:
    """The executions that the order was given to, with the moment of their first line that names it.

    The rest of their lines is read by the execution, because a failure doesn't name the order.
    """
    naming = read_lines(environment, environment.names.workflow_log, naming=order_id, since=since, until=until)
    others = {execution_name(line) for line in naming if _starts_anothers_order(line, user_id)}
    found: dict[str, int] = {}
    for line in naming:
        if execution_name(line) not in others:
            found.setdefault(execution_name(line), line.at)
    return found


def _starts_anothers_order(line: LogLine, user_id: str) -> bool:
    """Return True if an execution begins there with the hint of another customer's order."""
    hint = hinted_order(str((line.fields.get("details") or {}).get("input", "")))
    return hint is not None and hint[0] != user_id


def _lines_of_customer(found: Iterable[LogLine], user_id: str) -> list[LogLine]:
    """Without what is about another customer's order of the same id."""
    return [line for line in found if _named_customer(line) in (None, user_id)]


def _named_customer(line: LogLine) -> Any:
    """The customer that a function's line names, in older ones as a row's key; None when it names nobody."""
    key = line.fields.get("order_key")
    return line.fields.get("user_id", key.get("user_id") if isinstance(key, dict) else None)
