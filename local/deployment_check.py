"""Check that everything in outputs.json still exists and answers."""

from collections.abc import Mapping
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request

from deployment.loopback_without_proxy import open_url
from local.deploy import client

# The output that names it, and the call that answers only if it is there.
DESCRIBE_CALLS = (
    ("user_pool_id", "cognito-idp", "describe_user_pool", "UserPoolId"),
    ("orders_table", "dynamodb", "describe_table", "TableName"),
    ("menu_table", "dynamodb", "describe_table", "TableName"),
    ("payments_table", "dynamodb", "describe_table", "TableName"),
    ("queue_url", "sqs", "get_queue_attributes", "QueueUrl"),
    ("dead_letter_queue_url", "sqs", "get_queue_attributes", "QueueUrl"),
    ("mailbox_queue_url", "sqs", "get_queue_attributes", "QueueUrl"),
    ("topic_arn", "sns", "get_topic_attributes", "TopicArn"),
    ("web_bucket", "s3", "head_bucket", "Bucket"),
    ("web_distribution_id", "cloudfront", "get_distribution", "Id"),
    ("state_machine_arn", "stepfunctions", "describe_state_machine", "stateMachineArn"),
)
ANSWER_SECONDS = 5


def missing_resources(outputs: Mapping[str, Any]) -> list[str]:
    """Return what the outputs name and isn't there, a line each; empty when all of it is."""
    calls = [(output, outputs[output], service, call, argument) for output, service, call, argument in DESCRIBE_CALLS]
    functions = [
        (f"functions.{noun}", name, "lambda", "get_function", "FunctionName")
        for noun, name in outputs["functions"].items()
    ]
    clients = {service: client(service, outputs) for service in {call[2] for call in [*calls, *functions]}}
    problems = _api_problems(outputs["graphql_url"]) + _page_problems(outputs["web_url"])
    for output, value, service, call, argument in [*calls, *functions]:
        try:
            getattr(clients[service], call)(**{argument: value})
        except Exception as error:  # whatever is wrong with it is the answer
            problems.append(f"{output} {value}: {error}")
    return problems


def _api_problems(url: str) -> list[str]:
    """Find an API that is gone: one that is there refuses a caller without credentials."""
    request = Request(url, data=b"{}", headers={"content-type": "application/json"})  # noqa: S310
    try:
        with open_url(request, timeout=ANSWER_SECONDS) as answer:
            status = answer.status
    except HTTPError as refusal:
        status = refusal.code
        refusal.close()
    except OSError as error:
        return [f"graphql_url {url}: {error}"]
    return [] if status == 401 else [f"graphql_url {url}: a request of nobody's is answered with {status}, not 401"]


def _page_problems(url: str) -> list[str]:
    try:
        with open_url(url, timeout=ANSWER_SECONDS):
            return []
    except OSError as error:  # an answer that isn't the page is one, too
        return [f"web_url {url}: {error}"]
