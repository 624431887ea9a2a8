"""`make status` reports every problem in one line."""

import json
import os
import signal
from typing import Any

import pytest

from local.deploy import client
from tests.conftest import Deployment
from verify.polling import eventually


def test_nothing_is_wrong_with_a_run_that_is_up(deployment: Deployment) -> None:
    assert deployment.run.problems() == []


def test_an_api_that_somebody_deleted_is_one_line(deployment: Deployment, outputs: dict[str, Any]) -> None:
    url = outputs["graphql_url"]

    client("appsync", outputs).delete_graphql_api(apiId=url.rpartition("/appsync/")[2].partition("/")[0])

    problems = eventually(deployment.run.problems, bool, within_seconds=5)
    assert problems == [f"graphql_url {url}: a request of nobody's is answered with 404, not 401"]


def test_a_page_that_somebody_deleted_is_one_line(deployment: Deployment, outputs: dict[str, Any]) -> None:
    client("s3", outputs).delete_object(Bucket=outputs["web_bucket"], Key="index.html")

    problems = eventually(deployment.run.problems, bool, within_seconds=5)

    assert [line for line in problems if line.startswith(f"web_url {outputs['web_url']}: ")], problems


@pytest.mark.parametrize(
    ("output", "service", "call", "argument"),
    [
        ("mailbox_queue_url", "sqs", "delete_queue", "QueueUrl"),
        ("dead_letter_queue_url", "sqs", "delete_queue", "QueueUrl"),
        ("queue_url", "sqs", "delete_queue", "QueueUrl"),
        ("topic_arn", "sns", "delete_topic", "TopicArn"),
        ("state_machine_arn", "stepfunctions", "delete_state_machine", "stateMachineArn"),
        ("menu_table", "dynamodb", "delete_table", "TableName"),
        ("payments_table", "dynamodb", "delete_table", "TableName"),
        ("orders_table", "dynamodb", "delete_table", "TableName"),
        ("user_pool_id", "cognito-idp", "delete_user_pool", "UserPoolId"),
        ("functions.sweep", "lambda", "delete_function", "FunctionName"),
    ],
)
def test_whatever_else_is_gone_has_a_line_too(
    deployment: Deployment, outputs: dict[str, Any], output: str, service: str, call: str, argument: str
) -> None:
    name = {**outputs, "functions.sweep": outputs["functions"]["sweep"]}[output]

    getattr(client(service, outputs), call)(**{argument: name})

    problems = eventually(deployment.run.problems, lambda found: any(name in one for one in found), within_seconds=5)
    assert [line for line in problems if line.startswith(f"{output} {name}: ")], problems


def test_a_crashed_server_is_one_line_that_says_what_to_do(deployment: Deployment) -> None:
    record = json.loads((deployment.run.directory / "run.json").read_text(encoding="utf-8"))
    os.kill(record["pid"], signal.SIGKILL)

    expected = ["the local run isn't up: start it with `make up`"]
    assert eventually(deployment.run.problems, lambda found: found == expected, within_seconds=5) == expected
