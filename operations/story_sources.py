"""Collects an order's story from where its parts are kept."""

from collections.abc import Iterable, Mapping
from typing import Any

from environments.names import FUNCTIONS
from operations import moments, undelivered
from operations.dead_letters import held
from operations.environment import Environment
from operations.logs import LogLine, lines
from operations.reasons import order_named
from operations.story import (
    STARTED,
    Event,
    execution_of,
    of_dead_letters,
    of_function,
    of_order,
    of_payment,
    of_undelivered,
    of_unlogged_runs,
    of_workflow,
)

Row = Mapping[str, Any]
# More than these took an order up only when something is badly wrong; the first ones tell what.
EXECUTIONS = 10


def story(
    environment: Environment, user_id: str, order_id: str, row: Row | None, payment: Row | None, *, hours: int
) -> list[Event]:
    """Return what happened to the order, in no order; logs are read until so many hours after its last change."""
    since, until = _window(order_id, row, payment, hours=hours)
    events = [*(of_order(row) if row else ()), *(of_payment(payment) if payment else ())]
    executions = _executions(environment, user_id, order_id, since=since, until=until)
    for execution in list(executions)[:EXECUTIONS]:
        group = environment.names.workflow_log
        events += of_workflow(lines(environment, group, naming=execution, since=since, until=until))
    started: list[int] = []
    for use_case in FUNCTIONS:
        group = environment.names.function_log(use_case)
        logged = _own(lines(environment, group, naming=order_id, since=since, until=until), user_id)
        events += of_function(use_case, logged)
        started += [line.at for line in logged if line.fields.get("message") == STARTED]
    events += of_unlogged_runs(row, payment, started, executions.values())
    with held(environment) as letters:
        own = [letter for letter in letters if order_named(letter.body) == (user_id, order_id)]
    events += of_dead_letters(own, now=moments.now())
    events += of_undelivered(undelivered.kept(environment, since=since), user_id, order_id)
    return events


def _window(order_id: str, row: Row | None, payment: Row | None, *, hours: int) -> tuple[int, int]:
    """Between when the logs may tell of the order."""
    now = moments.now()
    found = [moments.known(one, name) for one in (row, payment) if one for name in ("created_at", "updated_at")]
    known = [moment for moment in found if moment is not None]
    first = min(known) if known else (moments.of_ulid(order_id) or now) - moments.DAY
    is_open = row is not None and "due_at" in row
    last = now if is_open or not known else min(now, max(known) + hours * moments.HOUR)
    return max(first - moments.MINUTE, 0), last


def _executions(environment: Environment, user_id: str, order_id: str, *, since: int, until: int) -> dict[str, int]:
    """The executions that the order was given to, with the moment of their first line that names it.

    The rest of their lines is read by the execution, because a failure doesn't name the order.
    """
    naming = lines(environment, environment.names.workflow_log, naming=order_id, since=since, until=until)
    others = {execution_of(line) for line in naming if _begins_anothers(line, user_id)}
    found: dict[str, int] = {}
    for line in naming:
        if execution_of(line) not in others:
            found.setdefault(execution_of(line), line.at)
    return found


def _begins_anothers(line: LogLine, user_id: str) -> bool:
    """Return True if an execution begins there with the hint of another customer's order."""
    hint = order_named(str((line.fields.get("details") or {}).get("input", "")))
    return hint is not None and hint[0] != user_id


def _own(found: Iterable[LogLine], user_id: str) -> list[LogLine]:
    """Without what is about another customer's order of the same id."""
    return [line for line in found if _customer(line) in (None, user_id)]


def _customer(line: LogLine) -> Any:
    """The customer that a function's line names, in older ones as a row's key; None when it names nobody."""
    key = line.fields.get("order_key")
    return line.fields.get("user_id", key.get("user_id") if isinstance(key, dict) else None)
