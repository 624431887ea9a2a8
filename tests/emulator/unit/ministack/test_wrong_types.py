"""A call that failed is held against its operation's model."""

import json
from typing import Any

import pytest

from emulator.ministack.repairs.core.wrong_types import refusal


def told(
    service: str, body: bytes, *, target: str = "", method: str = "POST", path: str = "/"
) -> tuple[int, str] | None:
    answer = refusal(service, method, path, {"x-amz-target": target} if target else {}, body)
    return None if answer is None else (answer[0], json.loads(answer[2])["__type"])


@pytest.mark.parametrize(
    ("body", "code"),
    [({"TableName": 1}, "SerializationException"), ({}, "ValidationException"), ({"TableName": "a"}, None)],
)
def test_only_what_breaks_the_model_is_refused(body: dict[str, Any], code: str | None) -> None:
    found = told("dynamodb", json.dumps(body).encode(), target="DynamoDB_20120810.DescribeTable")

    assert found == (code and (400, code))


@pytest.mark.parametrize(
    ("method", "path", "operation_takes"),
    [
        ("POST", "/2015-03-31/functions", "Role"),
        ("PUT", "/2015-03-31/functions/arn:aws:lambda:a:b:function:c/configuration", "Role"),
        ("PUT", "/2015-03-31/event-source-mappings/a", "BatchSize"),
        ("DELETE", "/2015-03-31/functions", None),
        ("POST", "/2015-03-31/functions/a/b/c/d", None),
    ],
)
def test_the_path_names_an_operation(method: str, path: str, operation_takes: str | None) -> None:
    wrong = told("lambda", b'{"Role": [], "BatchSize": []}', method=method, path=path)

    assert (wrong is not None) == (operation_takes is not None)


def test_what_the_path_holds_is_not_missing_in_the_body() -> None:
    path = "/2015-03-31/event-source-mappings/a"

    assert told("lambda", b'{"BatchSize": 1}', method="PUT", path=path) is None


@pytest.mark.parametrize(
    ("service", "target", "body"),
    [
        ("sqs", "", b"Action=ListQueues"),
        ("s3", "", b"<a/>"),
        ("dynamodb", "DynamoDB_20120810.DescribeTable", b"["),
        ("dynamodb", "DynamoDB_20120810.NoSuchOperation", b"{}"),
        ("nothing", "Nothing.Do", b"{}"),
    ],
)
def test_what_has_no_model_stays_a_failure(service: str, target: str, body: bytes) -> None:
    assert told(service, body, target=target) is None
