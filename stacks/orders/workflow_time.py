"""The longest time of a workflow, computed from its States Language definition."""

import json
from typing import Any

from environments.settings import SettingsError

States = dict[str, dict[str, Any]]


def check_worst_path(definition: str) -> None:
    """Raise SettingsError if the machine's timeout could end a workflow before it has settled."""
    machine = json.loads(definition)
    worst = longest_path(machine["States"], machine["StartAt"])
    if worst >= machine["TimeoutSeconds"]:
        raise SettingsError(
            "the machine timeout must be longer than the workflow's worst path,"
            f" got {machine['TimeoutSeconds']} s and {worst} s"
        )


def longest_path(states: States, name: str) -> int:
    """Return the seconds from entering a state to the machine's end, on the slowest path."""
    state = states[name]
    steps = [state, {"Next": state.get("Default")}, *state.get("Catch", []), *state.get("Choices", [])]
    following = {step["Next"] for step in steps if step.get("Next")}
    own = _longest_task(state) if state["Type"] == "Task" else 0
    return own + max((longest_path(states, after) for after in following), default=0)


def _longest_task(state: dict[str, Any]) -> int:
    """Return the seconds until a task has failed for good.

    A throttled attempt ends at once; any other attempt is counted with its whole timeout.
    """
    seconds: int = state["TimeoutSeconds"]
    for retrier in state.get("Retry", []):
        for attempt in range(retrier["MaxAttempts"]):
            seconds += min(retrier["IntervalSeconds"] * retrier["BackoffRate"] ** attempt, retrier["MaxDelaySeconds"])
            if retrier["ErrorEquals"] != ["Lambda.TooManyRequestsException"]:
                seconds += state["TimeoutSeconds"]
    return seconds
