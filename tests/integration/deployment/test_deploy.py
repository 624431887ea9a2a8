"""A deployment applies the plan that was shown, with the real Terraform, on resources that need no provider."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deployment.deploy import deploy_stack
from deployment.stack import Stack
from environments.user_error import UserError

BUILT_IN = 'provider["terraform.io/builtin/terraform"]'
STATE = "terraform.tfstate"


@pytest.fixture
def stack(tmp_path: Path) -> Stack:
    """A stack of two resources that is deployed already, and is to have another second one."""
    stack = Stack("orders-deploytest", tmp_path, {})
    configure(stack, first="1", second="1")
    deploy_stack(stack, "-var=who=a", confirm=None)
    configure(stack, first="1", second="2")
    return stack


def configure(stack: Stack, **resources: str) -> None:
    """Write a stack of these resources, each with a value, and of a variable."""
    configuration = {
        "terraform": {"backend": {"local": {"path": STATE}}},
        "variable": {"who": {"default": "nobody"}},
        "resource": {"terraform_data": {name: {"input": value} for name, value in resources.items()}},
        "output": {"who": {"value": "${var.who}"}},
    }
    stack.file.write_text(json.dumps(configuration))


def state_of(stack: Stack) -> dict[str, Any]:
    state: dict[str, Any] = json.loads((stack.folder / STATE).read_text(encoding="utf-8"))
    return state


def deployed(stack: Stack) -> dict[str, str]:
    resources = state_of(stack)["resources"]
    return {one["name"]: one["instances"][0]["attributes"]["input"]["value"] for one in resources}


def write_over(stack: Stack, *, serials: int) -> None:
    """Put a resource into the state that the stack doesn't have, so many serials later."""
    state = state_of(stack)
    orphan = {**state["resources"][0], "name": "orphan", "provider": BUILT_IN}
    later = {**state, "serial": state["serial"] + serials, "resources": [*state["resources"], orphan]}
    (stack.folder / STATE).write_text(json.dumps(later))


def yes_after(change: Callable[[], None]) -> Callable[[str], str]:
    """Return a person who looks at the plan for so long that something changes meanwhile."""

    def confirm(_: str) -> str:
        change()
        return "yes"

    return confirm


def test_what_was_shown_is_deployed_though_a_source_was_saved_since(stack: Stack) -> None:
    deploy_stack(stack, "-var=who=b", confirm=yes_after(lambda: configure(stack, first="3")))

    assert deployed(stack) == {"first": "1", "second": "2"}
    assert state_of(stack)["outputs"]["who"]["value"] == "b"
    assert list(stack.folder.glob("plan-*")) == []


def test_who_writes_the_state_after_the_plan_was_shown_has_nothing_destroyed(
    stack: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    deploy_stack(stack, confirm=yes_after(lambda: write_over(stack, serials=0)))

    said = capsys.readouterr().out
    assert "terraform_data.second: Modifying..." in said
    assert "terraform_data.orphan" not in said
    assert deployed(stack) == {"first": "1", "second": "2"}


def test_a_plan_of_an_older_state_is_not_applied(stack: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(UserError, match=r"^terraform apply of orders-deploytest ended with exit code 1$"):
        deploy_stack(stack, confirm=yes_after(lambda: write_over(stack, serials=1)))

    assert "Saved plan is stale" in capsys.readouterr().out
    assert deployed(stack) == {"first": "1", "second": "1", "orphan": "1"}
    assert list(stack.folder.glob("plan-*")) == []
