"""The control plane refuses what AWS refuses, so that a wrong deployment fails here too."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.emulator.support.deployed_api import JS, PASS, Api, create_api

SDL = "type Query { one: String two: String }"


@pytest.fixture
def api(emulator: Any) -> Api:
    api = create_api(emulator, SDL, authenticationType="AWS_IAM")
    api.data_source("another")
    return api


def refused(call: Any, **arguments: Any) -> str:
    with pytest.raises(ClientError) as refusal:
        call(**arguments)
    assert refusal.value.response["Error"]["Code"] == "BadRequestException"
    return str(refusal.value.response["Error"]["Message"])


def test_a_function_is_deleted_once_no_pipeline_has_it(api: Api) -> None:
    api.function("used", PASS)
    api.pipeline("Query.one", PASS, ["used"])
    names = {"apiId": api.api_id, "functionId": api.functions["used"]}

    message = refused(api.client.delete_function, **names)
    api.client.delete_resolver(apiId=api.api_id, typeName="Query", fieldName="one")

    assert message == "Resolver for type Query and field one associated with function"
    api.client.delete_function(**names)


def test_a_data_source_is_deleted_once_nothing_uses_it(api: Api) -> None:
    api.resolver("Query.two", source="another")
    api.function("user", PASS, source="another")
    names = {"apiId": api.api_id, "name": "another"}

    by_resolver = refused(api.client.delete_data_source, **names)
    api.client.delete_resolver(apiId=api.api_id, typeName="Query", fieldName="two")
    by_function = refused(api.client.delete_data_source, **names)
    api.client.delete_function(apiId=api.api_id, functionId=api.functions["user"])

    assert by_resolver == "Resolver for type Query and field two associated with data source"
    assert by_function == "Function user associated with data source"
    api.client.delete_data_source(**names)


def test_code_is_no_longer_than_appsync_takes(api: Api) -> None:
    longest = PASS + " " * (32_768 - len(PASS))
    api.function("long", longest)
    api.resolver("Query.one", longest)
    of_function = {"name": "long", "dataSourceName": "nothing", "runtime": JS, "code": longest + " "}
    of_resolver = {"typeName": "Query", "fieldName": "one", "dataSourceName": "nothing", "runtime": JS}

    messages = {
        refused(api.client.create_function, apiId=api.api_id, **of_function),
        refused(api.client.update_function, apiId=api.api_id, functionId=api.functions["long"], **of_function),
        refused(api.client.update_resolver, apiId=api.api_id, code=longest + " ", **of_resolver),
    }

    assert messages == {"code has 32769 characters, at most 32768 are allowed"}


def test_a_pipeline_has_at_most_ten_functions(api: Api) -> None:
    api.function("used", PASS)
    api.pipeline("Query.one", PASS, ["used"] * 10)
    functions = {"functions": [api.functions["used"]] * 11}

    message = refused(
        api.client.update_resolver,
        apiId=api.api_id,
        typeName="Query",
        fieldName="one",
        kind="PIPELINE",
        pipelineConfig=functions,
        runtime=JS,
        code=PASS,
    )

    assert message == "the pipeline has 11 functions, at most 10 are allowed"
