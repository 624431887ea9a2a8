"""Every AWS call of the workflow is valid by botocore's model of the service."""

import json
from collections.abc import Iterator
from typing import Any

import jsonata
import pytest
from botocore.validate import ParamValidator

from tests.synth.support.boto3_calls import model
from tests.synth.support.stack_json import StackJson
from tests.synth.support.states_language import CONTEXT, INPUT, definition_of

pytestmark = pytest.mark.contract
PREFIX = "arn:aws:states:::"
# Step Functions itself waits (guide, "Service integration patterns").
PATTERNS = (".sync:2", ".sync", ".waitForTaskToken")


def evaluated(template: Any) -> Any:
    """Return the template with its expressions replaced by their values."""
    if isinstance(template, dict):
        return {name: evaluated(value) for name, value in template.items()}
    if isinstance(template, list):
        return [evaluated(value) for value in template]
    if isinstance(template, str) and template.startswith("{%"):
        states = {"input": INPUT, "context": CONTEXT}
        return jsonata.Jsonata.jsonata(template[2:-2].strip()).evaluate(None, {"states": states})
    return template


def problems(resource: str, arguments: dict[str, Any]) -> Iterator[str]:
    """Yield the parts of an integration's call that break the service's model."""
    named = resource.removeprefix(PREFIX)
    for pattern in PATTERNS:
        named = named.removesuffix(pattern)
    service, action = named.removeprefix("aws-sdk:").split(":")
    operation = action[:1].upper() + action[1:]
    known = model(service)
    if not resource.startswith(PREFIX) or operation not in known.operation_names or action[:1].isupper():
        yield f"{resource} is no integration"
        return
    if service == "lambda" and "Payload" in arguments:  # any JSON, which Step Functions encodes
        arguments = arguments | {"Payload": json.dumps(arguments["Payload"]).encode()}
    shape = known.operation_model(operation).input_shape
    assert shape is not None
    report = ParamValidator().validate(arguments, shape)
    if report.has_errors():
        yield from report.generate_report().splitlines()


def tasks(stack: StackJson) -> dict[str, dict[str, Any]]:
    states: dict[str, dict[str, Any]] = definition_of(stack.only("sfn_state_machine"))["States"]
    return {name: state for name, state in states.items() if state["Type"] == "Task"}


def test_every_call_is_known_to_its_service(stack: StackJson) -> None:
    found = {name: list(problems(one["Resource"], evaluated(one["Arguments"]))) for name, one in tasks(stack).items()}

    assert len(found) >= 5
    assert found == {name: [] for name in found}


UPDATE = "arn:aws:states:::dynamodb:updateItem"
KEY = {"user_id": {"S": "a"}}


@pytest.mark.parametrize(
    ("resource", "arguments", "problem"),
    [
        (UPDATE, {"TableName": "t"}, 'Missing required parameter in input: "Key"'),
        (UPDATE, {"TableName": "t", "Key": KEY, "Condition": "x"}, 'Unknown parameter in input: "Condition"'),
        (UPDATE, {"tableName": "t", "Key": KEY}, 'Missing required parameter in input: "TableName"'),
        (UPDATE, {"TableName": "t", "Key": {"user_id": {"N": 1}}}, "Invalid type for parameter Key.user_id.N"),
        (UPDATE, {"TableName": "t", "Key": {"user_id": "a"}}, "Invalid type for parameter Key.user_id"),
        ("arn:aws:states:::dynamodb:upsertItem", {}, "is no integration"),
        ("arn:aws:states:::aws-sdk:sns:Publish", {}, "is no integration"),
        ("arn:aws:states:::aws-sdk:sns:publish", {"Message": "m", "Topic": "t"}, 'Unknown parameter in input: "Topic"'),
        ("arn:aws:states:::lambda:invoke", {"Payload": {}}, 'Missing required parameter in input: "FunctionName"'),
    ],
)
def test_a_call_that_its_service_does_not_know_is_found(resource: str, arguments: Any, problem: str) -> None:
    assert any(problem in found for found in problems(resource, arguments))
