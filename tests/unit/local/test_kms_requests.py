"""Requests to KMS are counted by AWS's formulas."""

import json
from typing import Any

import pytest

from environments.settings import settings_of
from local.costs.deployed_environment import DeployedEnvironment
from local.costs.idle_costs import MINUTES_A_MONTH, idle_lines
from local.costs.kms_requests import has_encrypted_variables, key_uses
from local.costs.measured_usage import billing_conditions
from local.costs.reported_usage import UsageCounts

# The examples of the developer guides of SQS and SNS: January, and data keys that are used for five minutes.
JANUARY_SECONDS = 2_678_400
QUEUE = {"name": "o-x-placed", "kms_master_key_id": "key"}
TOPIC = {"name": "o-x-announcements", "kms_master_key_id": "key"}
TABLE = {"name": "o-x-orders", "server_side_encryption": {"enabled": True}}
GROUP = {"name": "/aws/lambda/o-x-charge-payment", "kms_key_id": "key"}
NOTHING: dict[str, Any] = {"server_side_encryption": {"enabled": False}}


def resources(
    *grants: tuple[str, str, str],
    queue: dict[str, Any] = QUEUE,
    topic: dict[str, Any] = TOPIC,
    table: dict[str, Any] = TABLE,
    group: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """A stack with one of each, whose roles may do this: role, action and ARN."""
    return {
        "aws_cloudwatch_log_group": {"Logs": group} if group else {},
        "aws_dynamodb_table": {"orders_1": table},
        "aws_iam_role": {role: {"name": f"o-x-{role}"} for role, _, _ in grants},
        "aws_iam_role_policy": {
            str(number): {
                "role": f"${{aws_iam_role.{role}.name}}",
                "policy": json.dumps({"Statement": [{"Action": [action], "Resource": [arn]}]}),
            }
            for number, (role, action, arn) in enumerate(grants)
        },
        "aws_lambda_function": {"f": {"kms_key_arn": "key"} if group else {}},
        "aws_sns_topic": {"topic": topic},
        "aws_sqs_queue": {"queue": queue},
    }


SEND = ("api", "sqs:SendMessage", "arn:aws:sqs:r:1:o-x-placed")
RECEIVE = ("start-workflow", "sqs:ReceiveMessage", "arn:aws:sqs:r:1:o-x-placed")
PUBLISH = ("announce", "sns:Publish", "arn:aws:sns:r:1:o-x-announcements")
UPDATE = ("order", "dynamodb:UpdateItem", "arn:aws:dynamodb:r:1:table/o-x-orders")
QUERY = ("order", "dynamodb:Query", "arn:aws:dynamodb:r:1:table/o-x-orders/index/open")
STREAM = ("announce", "dynamodb:GetRecords", "${aws_dynamodb_table.orders_1.stream_arn}")


def in_january(stack: dict[str, Any]) -> float:
    return round(JANUARY_SECONDS * sum(use.a_second for use in key_uses(stack)))


@pytest.mark.parametrize(
    ("stack", "requests"),
    [
        (resources(SEND, RECEIVE), 26_784),
        (resources(PUBLISH), 17_856),
        (resources(QUERY), 8_928),
        (resources(UPDATE, QUERY), 8_928),
        (resources(UPDATE, STREAM), 2 * 8_928),
        (resources(group=GROUP), 17_856),
        (resources(SEND, RECEIVE, queue=QUEUE | {"kms_data_key_reuse_period_seconds": 86_400}), 93),
    ],
)
def test_each_user_of_something_encrypted_asks_in_each_period(stack: dict[str, Any], requests: int) -> None:
    assert in_january(stack) == requests


def test_what_has_no_key_that_is_billed_asks_for_none() -> None:
    stack = resources(
        SEND,
        PUBLISH,
        UPDATE,
        queue={"name": QUEUE["name"]},
        topic={"name": TOPIC["name"]},
        table=TABLE | NOTHING,
    )

    assert key_uses(stack) == []
    assert not has_encrypted_variables(stack)
    assert has_encrypted_variables(resources(group=GROUP))


def test_what_goes_on_without_orders_belongs_to_the_month() -> None:
    always = {use.user for use in key_uses(resources(SEND, RECEIVE, PUBLISH, UPDATE, STREAM)) if use.is_without_orders}

    assert always == {"o-x-start-workflow", "o-x-announce"}


def test_an_order_pays_for_what_comes_with_orders_and_the_month_for_the_rest() -> None:
    stack = resources(SEND, RECEIVE, group=GROUP)
    deployed = DeployedEnvironment(settings_of("prod"), system=stack, page={})

    conditions, idle = billing_conditions(deployed), idle_lines(deployed, UsageCounts(), 0)

    (asked,) = (line.quantity for line in idle if line.name == "KMS: requests")
    assert conditions.key_requests_a_second == pytest.approx((2 + 2) / 300)
    assert conditions.has_encrypted_variables
    assert asked == pytest.approx(MINUTES_A_MONTH * 60 / 300)
