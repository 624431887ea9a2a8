"""How long a workflow may take, computed from its States Language definition."""

import json
from typing import Any

from environments.settings import SettingsError

States = dict[str, dict[str, Any]]


def check_worst_path(definition: str) -> None:
    """Refuse a machine that could be cut off before it has settled; SettingsError says both times."""
    machine = json.loads(definition)
    worst = longest_path(machine["States"], machine["StartAt"])
    if worst >= machine["TimeoutSeconds"]:
        raise SettingsError(
            "the machine timeout must be longer than the workflow's worst path,"
            f" got {machine['TimeoutSeconds']} s and {worst} s"
        )


def longest_path(states: States, name: str) -> int:
    """Seconds from entering a state to the machine's end, if whatever can go slowly does."""
    state = states[name]
    steps = [state, {"Next": state.get("Default")}, *state.get("Catch", []), *state.get("Choices", [])]
    following = {step["Next"] for step in steps if step.get("Next")}
    own = _longest_task(state) if state["Type"] == "Task" else 0
    return own + max((longest_path(states, after) for after in following), default=0)


def _longest_task(state: dict[str, Any]) -> int:
    """Seconds until a task has failed for good; an attempt that is throttled ends at once, any other times out."""
    seconds: int = state["TimeoutSeconds"]
    for retrier in state.get("Retry", []):
        for attempt in range(retrier["MaxAttempts"]):
            seconds += min(retrier["IntervalSeconds"] * retrier["BackoffRate"] ** attempt, retrier["MaxDelaySeconds"])
            if retrier["ErrorEquals"] != ["Lambda.TooManyRequestsException"]:
                seconds += state["TimeoutSeconds"]
    return seconds
