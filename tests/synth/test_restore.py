"""A restore expects the deployed tables, and may only touch those and the restored ones."""

import re
from typing import Any

from environments.names import Names
from environments.settings import Settings
from operations.environment import Environment
from operations.on_call_policy import restore_policy
from operations.restored_tables import Protection, expected_protection
from tests.synth.support.service_authorization import misplaced
from tests.synth.support.stack_json import StackJson, name_of

# Actions that change rows or tables.
WRITES = re.compile(r"dynamodb:(BatchWrite|Put|Update|Delete|RestoreTable)")


def test_the_protection_that_is_asked_for_is_the_one_deployed(stack: StackJson, settings: Settings) -> None:
    environment = Environment(names=settings.names, client=lambda _: None)

    expected = expected_protection(environment, settings)

    assert expected == {
        name_of(table): Protection(
            stream=table.get("stream_view_type"),
            recovery=table["point_in_time_recovery"]["enabled"],
            deletion_protection=table["deletion_protection_enabled"],
        )
        for table in stack.all("dynamodb_table")
        if name_of(table) in (settings.names.orders_table, settings.names.payments_table)
    }


def allowed(names: Names, resource: str) -> set[str]:
    """Return the actions that the policy for a restore allows on exactly this resource."""
    statements: list[dict[str, Any]] = restore_policy(names)["Statement"]
    return {action for one in statements if resource in one["Resource"] for action in one["Action"]}


def test_a_restore_puts_rows_into_the_tables_in_use_and_takes_none_out(settings: Settings) -> None:
    names = settings.names
    tables = [names.arn("dynamodb", f"table/{name}") for name in (names.orders_table, names.payments_table)]

    writes = {table: {action for action in allowed(names, table) if WRITES.match(action)} for table in tables}

    expected = {"dynamodb:PutItem", "dynamodb:RestoreTableToPointInTime"}
    assert writes == dict.fromkeys(tables, expected)
    assert allowed(names, "*") == {"dynamodb:ListBackups"}


def test_what_a_restore_may_fill_and_remove_is_no_table_in_use(stack: StackJson, settings: Settings) -> None:
    in_use = [settings.names.arn("dynamodb", f"table/{name_of(table)}") for table in stack.all("dynamodb_table")]
    every = {one for statement in restore_policy(settings.names)["Statement"] for one in statement["Resource"]}
    resources = every - {settings.names.arn("kms", "key/*")}

    patterns = [one for one in resources if one != "*" and one.endswith("*")]

    assert len(patterns) == 4
    assert not [arn for arn in in_use for pattern in patterns if arn.startswith(pattern.rstrip("*"))]
    assert resources - {*patterns, "*"} < {*in_use}


def test_every_action_exists_and_takes_the_resources_it_is_given(settings: Settings) -> None:
    found = [problem for statement in restore_policy(settings.names)["Statement"] for problem in misplaced(statement)]

    assert found == []
