"""Workflow and resolvers make exactly the status changes of the domain's transition table."""

import re
from pathlib import Path
from typing import Any

import pytest
from orders.domain.order import FINAL_STATUSES, TRANSITIONS, OrderStatus

from deployment.repository_paths import ROOT

Move = tuple[OrderStatus, OrderStatus]
RESOLVERS = ROOT / "stacks" / "orders" / "resolvers"
TABLE = {(source, target) for source, targets in TRANSITIONS.items() for target in targets}
# Only the sweep makes this one. It reads its allowed statuses from the table itself.
SWEEP = {(OrderStatus.PENDING, OrderStatus.FAILED)}


def moves(arguments: dict[str, Any]) -> set[Move]:
    """Return the changes that an UpdateItem allows, without those to the same status."""
    values = {name: value.get("S") for name, value in arguments["ExpressionAttributeValues"].items()}
    target = OrderStatus(values[re.findall(r"#status = (:\w+)", arguments["UpdateExpression"])[0]])
    sources = [OrderStatus(values[name]) for name in re.findall(r"#status = (:\w+)", arguments["ConditionExpression"])]
    return {(source, target) for source in sources if source is not target}


def moves_of_resolver(path: Path) -> set[Move]:
    """Return the changes in a resolver. Its placeholders are named after statuses."""
    text = path.read_text(encoding="utf-8")
    condition = re.search(r"condition: \{\s*expression:\s*'([^']*)'", text)
    targets = re.findall(r"SET #status = :(\w+)", text)
    sources = re.findall(r":(\w+)", condition[1]) if condition else []
    return {(OrderStatus(source.upper()), OrderStatus(target.upper())) for source in sources for target in targets}


def updates(states: dict[str, Any]) -> dict[str, Any]:
    return {
        name: state["Arguments"]
        for name, state in states.items()
        if state.get("Resource") == "arn:aws:states:::dynamodb:updateItem"
    }


def test_the_moves_of_all_writers_together_are_the_transition_table(states: dict[str, Any]) -> None:
    workflow = set().union(*(moves(arguments) for arguments in updates(states).values()))
    resolvers = set().union(*(moves_of_resolver(path) for path in (RESOLVERS / "functions").glob("*.js")))

    assert workflow == {
        (OrderStatus.PENDING, OrderStatus.PAYING),
        (OrderStatus.PAYING, OrderStatus.PAID),
        (OrderStatus.PAYING, OrderStatus.FAILED),
    }
    assert workflow | resolvers | SWEEP == TABLE


def test_every_move_adds_one_to_the_version_and_says_when(states: dict[str, Any]) -> None:
    for arguments in updates(states).values():
        assert "#version = #version + :one" in arguments["UpdateExpression"]
        assert "updated_at = :updated_at" in arguments["UpdateExpression"]
        assert arguments["ExpressionAttributeNames"] == {"#status": "status", "#version": "version"}
        assert arguments["ExpressionAttributeValues"][":one"] == {"N": "1"}


def test_a_paying_order_is_taken_over_from_nobody_who_lives(states: dict[str, Any]) -> None:
    arguments = states["BeginPayment"]["Arguments"]

    # The owner of a lease is the execution, so a retry after a lost answer finds its own lease.
    assert arguments["ConditionExpression"].endswith(
        "#status = :paying AND (due_at < :now OR lease_owner = :me OR attribute_not_exists(lease_owner)))"
    )
    assert arguments["UpdateExpression"].endswith("due_at = :due_at, lease_owner = :me")
    assert arguments["ExpressionAttributeValues"][":me"] == {"S": "{% $states.context.Execution.Id %}"}


@pytest.mark.parametrize("name", ["MarkPaid", "MarkFailed"])
def test_a_final_move_takes_the_order_out_of_the_index(states: dict[str, Any], name: str) -> None:
    arguments = states[name]["Arguments"]

    assert {target for _, target in moves(arguments)} <= FINAL_STATUSES
    assert arguments["UpdateExpression"].endswith(" REMOVE open_shard, due_at, lease_owner")


def test_only_a_failed_order_gets_a_failure_reason(states: dict[str, Any]) -> None:
    setters = [name for name, arguments in updates(states).items() if "failure_reason" in str(arguments)]

    assert setters == ["MarkFailed"]


def test_every_state_can_be_reached_and_leads_somewhere(machine: dict[str, Any], states: dict[str, Any]) -> None:
    following = {
        name: {
            *([state["Next"]] if "Next" in state else []),
            *([state["Default"]] if "Default" in state else []),
            *(catch["Next"] for catch in state.get("Catch", [])),
            *(choice["Next"] for choice in state.get("Choices", [])),
        }
        for name, state in states.items()
    }
    ends = {name for name, state in states.items() if state.get("End") or state["Type"] in ("Succeed", "Fail")}

    assert {machine["StartAt"]}.union(*following.values()) == set(states)
    assert {name for name, followers in following.items() if not followers} <= ends
