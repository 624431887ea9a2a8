"""Customer-managed keys are switched on in a running system: nothing is replaced."""

import json
from typing import Any

import pytest

from deployment.local_outputs import aws_environment
from deployment.stack import Stack
from tests.synth.support.synth_run import copy_checkout, synthesize

# Types that change: those that store data, and the functions that get permissions on the key.
TYPES = {
    *("aws_dynamodb_table", "aws_sqs_queue", "aws_cloudwatch_log_group", "aws_lambda_function"),
    "aws_s3_bucket_server_side_encryption_configuration",
}


@pytest.fixture(scope="module")
def with_keys(outputs: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Stack:
    """The deployed stack, synthesized with customer-managed keys."""
    checkout = copy_checkout(tmp_path_factory.mktemp("keys") / "checkout")
    file = checkout / "environments.toml"
    text = file.read_text(encoding="utf-8").replace("[local]", "[local]\ncustomer_keys = true")
    file.write_text(text, encoding="utf-8")
    done = synthesize(checkout, checkout / "cdktf.out")
    assert done.exit_code == 0, done.printed
    return Stack("orders-local", done.output / "stacks" / "orders-local", aws_environment(outputs))


@pytest.fixture(scope="module")
def planned(with_keys: Stack) -> list[dict[str, Any]]:
    """The changes that a deployment would make."""
    with_keys.initialize("-reconfigure", quiet=True)
    with_keys.read_terraform("plan", "-input=false", "-lock=false", "-out=keys.tfplan")
    plan = json.loads(with_keys.read_terraform("show", "-json", "keys.tfplan"))
    return [one for one in plan["resource_changes"] if one["change"]["actions"] != ["no-op"]]


def test_nothing_is_removed_or_replaced(planned: list[dict[str, Any]]) -> None:
    changed = {one["address"] for one in planned if one["change"]["actions"] == ["update"]}
    removed = [one["address"] for one in planned if "delete" in one["change"]["actions"]]

    assert removed == []
    assert {address.partition(".")[0] for address in changed} >= TYPES


def test_only_a_key_its_alias_and_permissions_are_made(planned: list[dict[str, Any]]) -> None:
    made = {one["type"] for one in planned if one["change"]["actions"] == ["create"]}

    assert made == {"aws_iam_role_policy", "aws_kms_alias", "aws_kms_key"}
