"""The AWS_LAMBDA data source."""

import io
import json
import zipfile
from typing import Any

import pytest

from tests.emulator.support.deployed_api import Api, allow, create_api, create_role
from tests.emulator.support.graphql_calls import data_of, post

SDL = "type Query { ask(payload: AWSJSON): AWSJSON } schema { query: Query }"
ASK = """
export function request(ctx) { return { operation: 'Invoke', payload: ctx.args.payload } }
export function response(ctx) { return { result: ctx.result, error: ctx.error } }
"""
CODE = """
class NoSuchThing(Exception):
    pass

def handler(event, context):
    if event == "raise":
        raise NoSuchThing("it isn't here")
    return {"got": event, "list": [1, "a", None]}
"""
LAMBDA_TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


@pytest.fixture(scope="module")
def function_arn(emulator: Any) -> str:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("main.py", CODE)
    made = emulator.client("lambda").create_function(
        FunctionName="appsync-function",
        Runtime="python3.13",
        Role=create_role(emulator, "appsync-function", trust=LAMBDA_TRUST),
        Handler="main.handler",
        Code={"ZipFile": archive.getvalue()},
    )
    arn: str = made["FunctionArn"]
    return arn


def deploy(emulator: Any, pool: Any, function_arn: str, role: str) -> Api:
    api = create_api(emulator, SDL, **pool.settings())
    api.data_source("function", "AWS_LAMBDA", serviceRoleArn=role, lambdaConfig={"lambdaFunctionArn": function_arn})
    api.resolver("Query.ask", ASK, source="function")
    return api


@pytest.fixture(scope="module")
def api(emulator: Any, pool: Any, function_arn: str) -> Api:
    return deploy(
        emulator,
        pool,
        function_arn,
        create_role(emulator, "appsync-invoker", allow(["lambda:InvokeFunction"], function_arn)),
    )


def ask(api: Api, token: str, payload: Any) -> Any:
    answer = post(api.url, "query($p: AWSJSON) { ask(payload: $p) }", {"p": json.dumps(payload)}, token=token)
    return json.loads(data_of(answer)["ask"])


@pytest.mark.parametrize("payload", [{"a": [1]}, [1, 2], "text", None])
def test_a_function_gets_the_payload_and_its_result_comes_back(api: Api, token: str, payload: Any) -> None:
    assert ask(api, token, payload) == {"result": {"got": payload, "list": [1, "a", None]}, "error": None}


def test_an_exception_is_ctx_error(api: Api, token: str) -> None:
    assert ask(api, token, "raise") == {
        "result": None,
        "error": {"message": "it isn't here", "type": "Lambda:Unhandled"},
    }


def test_a_role_without_the_right_to_invoke_is_an_error(
    emulator: Any, pool: Any, function_arn: str, token: str
) -> None:
    api = deploy(emulator, pool, function_arn, create_role(emulator, "appsync-no-invoker"))

    answer = ask(api, token, {})

    assert answer["error"]["type"] == "Lambda:AccessDeniedException"
    assert answer["result"] is None
