"""Attributes and keys of the tables in resolvers, workflow and adapters."""

import re
from typing import Any

from orders.adapters.dynamodb_orders import DynamoDBOrders
from orders.domain.order import OrderStatus
from orders.domain.row import charge_request_from_row, order_from_row
from orders.ports import DueOrder
from orders.use_cases.sweep import HINT_PAUSE_MILLISECONDS

from environments.order_rules import HINT_PAUSE_SECONDS
from operations.undelivered import PROGRESS_ATTRIBUTES
from tests.support.order_rows import KEY, order_row
from tests.synth.support.fake_dynamodb import Client
from tests.synth.support.stack_json import StackJson
from tests.synth.support.table_attributes import AskedRow

# Attributes that an order gets after it was placed.
LATER = {"failure_reason", "lease_owner", "hints"}


def test_the_functions_read_what_post_order_writes(written: set[str]) -> None:
    row = AskedRow(order_row())

    order_from_row(row)
    charge_request_from_row(row)

    assert row.names - LATER <= written
    assert len(row.names) >= 12
    assert order_row().keys() <= written


def test_the_answers_read_what_post_order_writes(code: dict[str, str], written: set[str]) -> None:
    answers = set(re.findall(r"\brow\.(\w+)", code["presentOrder"]))

    assert len(answers) >= 12
    assert answers - LATER <= written


def test_the_workflow_reads_no_row_which_its_log_would_have(states: dict[str, Any]) -> None:
    answers = {state["Arguments"].get("ReturnValues") for state in states.values() if "Arguments" in state}

    assert answers == {None}


def test_what_the_workflow_and_the_sweep_write_are_attributes_of_orders(
    states: dict[str, Any], written: set[str]
) -> None:
    client = Client()
    orders = DynamoDBOrders(client, table="t", index="i")  # type: ignore[arg-type]
    orders.postpone(DueOrder(KEY, due_at_milliseconds=1), until_milliseconds=2, max_hints=3)
    orders.finish(KEY, status=OrderStatus.FAILED, failure_reason="CARD_DECLINED", at_milliseconds=0)
    updates = [
        *(state["Arguments"] for state in states.values() if "UpdateExpression" in state.get("Arguments", {})),
        *client.calls,
    ]

    moved = set()
    for update in updates:
        expression = f"{update['UpdateExpression']} {update['ConditionExpression']}"
        attributes = set(re.findall(r"(?<![#:\w])[a-z]\w*", expression)) - {"attribute_not_exists"}
        attributes |= set(update["ExpressionAttributeNames"].values())

        assert attributes <= written | LATER
        moved |= attributes
    assert len(updates) == 5
    assert moved == PROGRESS_ATTRIBUTES


def test_the_shards_of_the_resolver_are_those_of_the_sweep(dev: StackJson, code: dict[str, str]) -> None:
    variables = dev.named("lambda_function", "sweep")["environment"]["variables"]

    shards = re.findall(r"^const SHARDS = (\d+);$", code["insertOrder"], re.MULTILINE)

    assert shards == [variables["OPEN_ORDERS_SHARDS"]] == ["8"]


def test_a_lost_hint_is_found_within_two_minutes(dev: StackJson, code: dict[str, str]) -> None:
    schedule = dev.named("scheduler_schedule", "sweep")["schedule_expression"]

    (grace,) = re.findall(r"^const GRACE_MILLISECONDS = (\d+);$", code["insertOrder"], re.MULTILINE)

    assert int(grace) == 30_000
    assert schedule == "rate(1 minute)"
    assert HINT_PAUSE_MILLISECONDS == HINT_PAUSE_SECONDS * 1000
