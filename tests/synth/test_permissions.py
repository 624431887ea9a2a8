"""The golden table of permissions, and rules that every permission must keep."""

import difflib
import os
import re
from pathlib import Path

import pytest

from tests.synth.support.permission_table import documents, lines, statements, table
from tests.synth.support.stack_json import StackJson, name_of

GOLDEN = Path(__file__).with_name("permissions.golden.txt")
REWRITE = "if that is meant: ORDERS_REWRITE_PERMISSIONS=1 .venv/bin/python -m pytest tests/synth/test_permissions.py"


def test_the_permissions_are_those_of_the_golden_table(dev: StackJson) -> None:
    expected = GOLDEN.read_text(encoding="utf-8") if GOLDEN.exists() else ""
    found = table(dev)
    if os.environ.get("ORDERS_REWRITE_PERMISSIONS") == "1":
        GOLDEN.write_text(found, encoding="utf-8")
        expected = found

    difference = difflib.unified_diff(
        expected.splitlines(), found.splitlines(), GOLDEN.name, "this checkout", lineterm="", n=2
    )

    if lines := list(difference):
        how = (
            "If that is meant: ORDERS_REWRITE_PERMISSIONS=1 .venv/bin/python -m pytest tests/synth/test_permissions.py"
        )
        pytest.fail("\n".join(["the permissions changed", *lines, how]), pytrace=False)


def test_every_environment_has_the_same_permissions(stack: StackJson, dev: StackJson) -> None:
    def comparable(one: StackJson) -> list[str]:
        provider = one.document["provider"]["aws"][0]
        # Only local has the mailbox. Local has no boundary, because that is made with the delivery
        # roles. The data key exists only where the settings ask for it (test_encryption_keys.py).
        own = ("-mailbox", " is bounded by ", "data-key", "-data: ")
        common = [line for line in lines(one) if not any(part in line for part in own)]
        text = "\n".join(common)
        text = text.replace(one.name, "orders-X").replace(provider["allowed_account_ids"][0], "ACCOUNT")
        return text.replace(provider["region"], "REGION").splitlines()

    assert comparable(stack) == comparable(dev)


def test_a_source_may_do_exactly_what_its_resolvers_ask_of_it(stack: StackJson) -> None:
    for source in stack.all("appsync_datasource"):
        if source["type"] != "AMAZON_DYNAMODB":
            continue
        role = stack.referred(source["service_role_arn"])
        users = [one for one in stack.all("appsync_function") if stack.referred(one["data_source"]) is source]

        # AppSync reads the item after its condition failed.
        asked = {"GetItem"} | {found for one in users for found in re.findall(r"\boperation: '(\w+)'", one["code"])}
        tables = {source["dynamodb_config"]["table_name"]}
        if "TransactGetItems" in asked:
            # For the transaction DynamoDB checks GetItem on each of its tables.
            asked -= {"TransactGetItems"}
            tables |= {
                found for one in users for found in re.findall(r"^const \w+_TABLE = '(.*)';$", one["code"], re.M)
            }

        granted = [
            statement
            for one in stack.all("iam_role_policy")
            if stack.referred(one["role"]) is role
            for statement in statements(one["policy"])
            if not all(action.startswith("kms:") for action in statement["Action"])
        ]

        names = {arn.rpartition("/")[2] for statement in granted for arn in statement["Resource"]}
        assert names == {stack.referred(table)["name"] for table in tables}, source["name"]
        for statement in granted:
            assert set(statement["Action"]) == {f"dynamodb:{operation}" for operation in asked}, source["name"]


def test_every_role_is_assumed_by_one_service_and_only_for_this_account(stack: StackJson) -> None:
    account = stack.document["provider"]["aws"][0]["allowed_account_ids"][0]

    for role in stack.all("iam_role"):
        (trust,) = statements(role["assume_role_policy"])
        (service,) = trust["Principal"].values()
        # Lambda doesn't send a source account.
        conditions = None if service == "lambda.amazonaws.com" else {"StringEquals": {"aws:SourceAccount": account}}

        assert list(trust["Principal"]) == ["Service"], name_of(role)
        assert re.fullmatch(r"(lambda|appsync|states|scheduler)\.amazonaws\.com", service), name_of(role)
        assert trust["Action"] == ["sts:AssumeRole"], name_of(role)
        assert trust.get("Condition") == conditions, name_of(role)


def test_every_function_machine_source_and_schedule_has_a_role_of_its_own(stack: StackJson) -> None:
    users = [
        *(one["role"] for one in stack.all("lambda_function")),
        *(one["role_arn"] for one in stack.all("sfn_state_machine")),
        *(one["service_role_arn"] for one in stack.all("appsync_datasource") if one["type"] != "NONE"),
        *(one["target"]["role_arn"] for one in stack.all("scheduler_schedule")),
        *(one["log_config"]["cloudwatch_logs_role_arn"] for one in stack.all("appsync_graphql_api")),
    ]

    assert len(users) == len(set(users))
    assert set(users) == {stack.reference(role, "arn") for role in stack.all("iam_role")}


def test_only_announce_may_publish(stack: StackJson) -> None:
    announce = stack.reference(stack.named("iam_role", "announce"), "arn")
    granted = [where for where, text in documents(stack).items() if '"Allow"' in text and "sns:Publish" in text]

    (document,) = (text for where, text in documents(stack).items() if where == f"topic {stack.name}-announcements")
    refused = statements(document)[1]

    # Alarms have a topic of their own.
    assert granted == [f"publish-announcements of {stack.name}-announce", f"topic {stack.name}-ops"]
    assert refused["Effect"] == "Deny"
    assert refused["Action"] == ["sns:Publish"]
    assert refused["Condition"] == {"ArnNotEquals": {"aws:PrincipalArn": announce}}
