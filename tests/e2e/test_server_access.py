"""The local run's server refuses foreign keys, unsigned calls and foreign web pages."""

from typing import Any

import boto3
import httpx
import pytest
from botocore.exceptions import ClientError

from verify.customer import Customer


@pytest.mark.parametrize("key", ["test", "000000000000", "AKIAIOSFODNN7EXAMPLE"])
@pytest.mark.parametrize(
    ("service", "call"), [("dynamodb", "list_tables"), ("sqs", "list_queues"), ("iam", "list_roles")]
)
def test_a_foreign_key_opens_nothing(outputs: dict[str, Any], key: str, service: str, call: str) -> None:
    stranger = boto3.client(  # type: ignore[call-overload]  # the name is not a literal here
        service,
        endpoint_url=outputs["aws_endpoint_url"],
        region_name=outputs["region"],
        aws_access_key_id=key,
        aws_secret_access_key="test",
    )

    with pytest.raises(ClientError) as refused:
        getattr(stranger, call)()

    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] in (400, 401, 403)


def test_the_right_key_with_the_wrong_secret_opens_nothing(outputs: dict[str, Any]) -> None:
    stranger = boto3.client(
        "dynamodb",
        endpoint_url=outputs["aws_endpoint_url"],
        region_name=outputs["region"],
        aws_access_key_id=outputs["access_key_id"],
        aws_secret_access_key="guessed",
    )

    with pytest.raises(ClientError) as refused:
        stranger.list_tables()

    assert refused.value.response["Error"]["Code"] == "InvalidSignatureException"


def test_an_unsigned_call_is_refused(outputs: dict[str, Any]) -> None:
    headers = {"content-type": "application/x-amz-json-1.0", "x-amz-target": "DynamoDB_20120810.ListTables"}

    answer = httpx.post(outputs["aws_endpoint_url"], headers=headers, content="{}")

    assert answer.status_code == 400
    assert "MissingAuthenticationToken" in answer.text
    assert outputs["orders_table"] not in answer.text


@pytest.mark.parametrize(
    "headers", [{"origin": "https://example.com"}, {"sec-fetch-site": "cross-site"}, {"host": "example.com"}]
)
def test_a_foreign_web_page_may_not_call(outputs: dict[str, Any], customer: Customer, headers: dict[str, str]) -> None:
    own = {"authorization": customer.token, "content-type": "application/json"}
    body = '{"query": "{ orders { id } }"}'
    allowed = httpx.post(outputs["graphql_url"], headers=own, content=body)

    refused = [
        httpx.post(outputs[url], headers={**own, **headers}, content=body)
        for url in ("graphql_url", "aws_endpoint_url")
    ]

    assert allowed.json() == {"data": {"orders": []}}
    assert [answer.status_code for answer in refused] == [403, 403]
    assert not any(name.startswith("access-control-") for answer in refused for name in answer.headers)


def test_a_form_of_a_foreign_page_can_not_post(outputs: dict[str, Any]) -> None:
    answer = httpx.post(outputs["aws_endpoint_url"], data={"Action": "ListRoles", "Version": "2010-05-08"})

    assert answer.status_code == 403
