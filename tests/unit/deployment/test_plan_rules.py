"""Plans may not lose data."""

from typing import Any

import pytest

from deployment.plan_rules import FOUND_BY_TAGS, GUARDS, STATEFUL, find_violations, needs_administrator


def plan(*changes: tuple[str, str, list[str]]) -> dict[str, Any]:
    return {
        "resource_changes": [
            {"address": address, "type": type_, "change": {"actions": actions}} for address, type_, actions in changes
        ]
    }


@pytest.mark.parametrize("type_", STATEFUL)
def test_destroying_what_holds_data_is_refused(type_: str) -> None:
    found = find_violations(plan((f"{type_}.it", type_, ["delete"])), allowed=[])

    assert found == [
        f"the plan would destroy {type_}.it, which holds data; if that is meant, set ALLOW_REPLACE={type_}.it"
    ]


@pytest.mark.parametrize("actions", [["delete", "create"], ["create", "delete"]])
def test_replacing_what_holds_data_is_refused_in_either_order(actions: list[str]) -> None:
    found = find_violations(plan(("aws_dynamodb_table.orders", "aws_dynamodb_table", actions)), allowed=[])

    assert len(found) == 1
    assert found[0].startswith("the plan would replace aws_dynamodb_table.orders")


def test_a_named_resource_may_be_replaced_and_only_that() -> None:
    changes = plan(
        ("aws_sqs_queue.placed", "aws_sqs_queue", ["delete", "create"]),
        ("aws_sqs_queue.other", "aws_sqs_queue", ["delete"]),
    )

    found = find_violations(changes, allowed=["aws_sqs_queue.placed"])

    assert [line.split(",")[0] for line in found] == ["the plan would destroy aws_sqs_queue.other"]


def test_what_is_left_of_a_replaced_resource_is_named_as_such() -> None:
    changes = plan(
        ("aws_sqs_queue.placed", "aws_sqs_queue", ["no-op"]), ("aws_sqs_queue.placed", "aws_sqs_queue", ["delete"])
    )
    changes["resource_changes"][1]["deposed"] = "00ab"

    (line,) = find_violations(changes, allowed=[])

    assert line.startswith("the plan would destroy aws_sqs_queue.placed (deposed 00ab), which holds data")
    assert line.endswith("set ALLOW_REPLACE=aws_sqs_queue.placed")


def test_a_name_that_the_plan_does_not_touch_is_refused() -> None:
    found = find_violations(plan(), allowed=["aws_sqs_queue.placed"])

    assert found == ["ALLOW_REPLACE names aws_sqs_queue.placed, which the plan neither destroys nor replaces"]


def test_creating_updating_and_replacing_what_holds_no_data_is_allowed() -> None:
    changes = plan(
        ("aws_sqs_queue.placed", "aws_sqs_queue", ["create"]),
        ("aws_dynamodb_table.orders", "aws_dynamodb_table", ["update"]),
        ("aws_sfn_state_machine.order", "aws_sfn_state_machine", ["delete", "create"]),
        ("aws_kms_key.key", "aws_kms_key", ["no-op"]),
    )

    assert find_violations(changes, allowed=[]) == []


PROTECTED = {"deletion_protection_enabled": True, "point_in_time_recovery": [{"enabled": True}]}
UNPROTECTED = {**PROTECTED, "deletion_protection_enabled": False}
WITHOUT_BACKUPS = {**PROTECTED, "point_in_time_recovery": [{"enabled": False}]}


@pytest.mark.parametrize(
    ("actions", "before", "after", "writes"),
    [
        (["create"], None, PROTECTED, True),
        (["create"], None, UNPROTECTED, False),
        (["delete", "create"], PROTECTED, PROTECTED, True),
        (["update"], PROTECTED, WITHOUT_BACKUPS, True),
        (["update"], WITHOUT_BACKUPS, PROTECTED, True),
        (["update"], UNPROTECTED, PROTECTED, False),
        (["update"], PROTECTED, {**PROTECTED, "tags": {"a": "b"}}, False),
        (["no-op"], PROTECTED, PROTECTED, False),
        (["delete"], PROTECTED, None, True),
    ],
)
def test_making_a_protected_table_and_changing_its_backups_is_an_administrators(
    actions: list[str], before: dict[str, Any] | None, after: dict[str, Any] | None, writes: bool
) -> None:
    change = {"actions": actions, "before": before, "after": after}

    assert needs_administrator({"type": "aws_dynamodb_table", "change": change}) is writes
    assert not needs_administrator({"type": "aws_lambda_function", "change": change})


@pytest.mark.parametrize("type_", STATEFUL)
@pytest.mark.parametrize("actions", [["delete"], ["delete", "create"], ["create", "delete"]])
def test_removing_what_holds_data_is_an_administrators(type_: str, actions: list[str]) -> None:
    change = {"actions": actions, "before": {"name": "it"}, "after": {"name": "it"}}

    assert needs_administrator({"type": type_, "change": change})
    assert not needs_administrator({"type": "aws_lambda_function", "change": change})


@pytest.mark.parametrize(("actions", "is_made"), [(["create"], True), (["update"], False), (["no-op"], False)])
def test_making_a_user_pool_is_an_administrators(actions: list[str], is_made: bool) -> None:
    change = {"actions": actions, "before": {"name": "it"}, "after": {"name": "it"}}

    assert needs_administrator({"type": "aws_cognito_user_pool", "change": change}) is is_made


@pytest.mark.parametrize("type_", FOUND_BY_TAGS)
@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ({"Project": "orders"}, {}, True),
        ({"Project": "orders"}, None, True),
        ({"Project": "orders"}, {"Project": "other"}, True),
        ({"Project": "orders", "Team": "a"}, {"Project": "orders", "Team": "b"}, True),
        ({}, {"Project": "orders"}, True),
        ({"Project": "orders"}, {"Project": "orders"}, False),
    ],
)
def test_changing_the_tags_of_a_key_or_a_user_pool_is_an_administrators(
    type_: str, before: dict[str, str], after: dict[str, str] | None, changes: bool
) -> None:
    change = {"actions": ["update"], "before": {"tags_all": before}, "after": {"tags_all": after}}

    assert needs_administrator({"type": type_, "change": change}) is changes
    assert not needs_administrator({"type": "aws_lambda_function", "change": change})


@pytest.mark.parametrize("type_", GUARDS)
@pytest.mark.parametrize(
    ("actions", "before", "after", "unknown", "writes"),
    [
        (["create"], None, "new", False, True),
        (["create"], None, None, True, True),
        (["update"], "old", "new", False, True),
        (["update"], "old", None, True, True),
        (["update"], "old", "old", False, False),
        (["delete"], "old", None, False, True),
        (["no-op"], "old", "old", False, False),
    ],
)
def test_writing_what_guards_data_is_an_administrators(
    type_: str, actions: list[str], before: str | None, after: str | None, unknown: bool, writes: bool
) -> None:
    change = {
        "actions": actions,
        "before": {GUARDS[type_]: before},
        "after": {GUARDS[type_]: after},
        "after_unknown": {GUARDS[type_]: unknown},
    }

    assert needs_administrator({"type": type_, "change": change}) is writes
