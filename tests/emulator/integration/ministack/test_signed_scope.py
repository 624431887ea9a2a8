"""The service and region of a signature. Checked in this process; botocore signs."""

from collections.abc import Callable
from typing import cast

import boto3
import pytest
from botocore.session import Session

from emulator.ministack.embedded import SERVICES
from emulator.ministack.guard.routing import is_signed_for, signing_name
from emulator.ministack.http_request import Request
from emulator.ministack.repairs import core
from emulator.ministack.repairs.patching import RepairContext
from tests.emulator.support.signed_requests import (
    FORM,
    GET_ITEM,
    OBJECT,
    SESSION,
    code,
    message,
    presigned,
    presigned_old,
    signed,
    with_headers,
)  # fmt: skip

DELETE_TABLE = {"x-amz-target": "DynamoDB_20120810.DeleteTable"}


@pytest.fixture(autouse=True, scope="module")
def known_services() -> None:
    """Give the router the names of all services, as the server does."""
    core.unknown_services.apply(cast(RepairContext, None))


def test_a_name_that_nobody_knows_is_looked_up_in_no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Session, "get_service_model", lambda *_: pytest.fail("a model is read"))

    assert message(signed("unknown", path=OBJECT, method="GET")).startswith("The authorization header is malformed")


@pytest.mark.parametrize(
    "make",
    [
        lambda: presigned("s3", OBJECT),
        lambda: presigned("s3", OBJECT, key=SESSION),
        lambda: presigned("s3", OBJECT, method="PUT", headers={"x-amz-acl": "private"}),
        lambda: presigned("s3", f"{OBJECT}?x-amz-acl=private", method="PUT"),
        lambda: presigned("s3", OBJECT, seconds=7 * 24 * 3600),
        lambda: presigned("s3", "/bucket/a%20b//c/../d"),
        lambda: presigned_old(OBJECT),
        lambda: presigned_old(OBJECT, key=SESSION),
        lambda: presigned_old(f"{OBJECT}?response-content-disposition=attachment%3B%20filename%3D%22a%20b%2Bc%22"),
        lambda: presigned_old(f"{OBJECT}?versionId=1&response-content-type=a", headers={"x-amz-acl": "private"}),
        lambda: presigned("sts", "/?Action=GetCallerIdentity&Version=2011-06-15"),
        lambda: presigned("sqs", "/?Action=ListQueues&Version=2012-11-05"),
        lambda: signed("dynamodb", GET_ITEM),
        lambda: signed("dynamodb", "DynamoDBStreams_20120810.ListStreams"),
        lambda: signed("s3", method="PUT", path=OBJECT, headers={"x-amz-content-sha256": "UNSIGNED-PAYLOAD"}),
        lambda: signed("iam", body=b"Action=ListRoles&Version=2010-05-08", headers=FORM),
        lambda: signed("iam", body=b"Action=ListRoles&Version=2010-05-08", region="us-east-1", headers=FORM),
        lambda: signed("lambda", method="GET", path="/2015-03-31/functions/a%3Ab/", body=b""),
        lambda: signed("xray", path="/TraceSegments"),
        lambda: signed("sqs", path="/000000000000/queue", body=b"Action=ReceiveMessage", headers=FORM),
        lambda: signed("monitoring", path="/service/GraniteServiceVersion20100801/operation/DescribeAlarms"),
        lambda: signed("s3", method="GET", path="/v20180820/tags/arn%3Aaws%3As3%3A%3A%3Abucket", body=b""),
        lambda: signed("glacier", method="GET", path="/-/vaults", body=b""),
        lambda: signed("execute-api", method="GET", path="/restapis/a/b/_user_request_/c", body=b""),
    ],
)
def test_what_clients_sign_is_let_in(make: Callable[[], Request]) -> None:
    assert code(make()) is None


@pytest.mark.parametrize(
    "make",
    [
        # The router chooses the service by the target first,
        lambda: signed("s3", GET_ITEM, path=OBJECT),
        lambda: signed("sqs", GET_ITEM),
        lambda: presigned("s3", OBJECT, headers=DELETE_TABLE),
        # then by an action in the query or in a form (in a signed URL, only the signer can add it),
        lambda: presigned("s3", "/?Action=ListQueues"),
        lambda: with_headers(presigned("s3", "/", method="POST"), headers=FORM, body=b"Action=ListQueues"),
        lambda: with_headers(presigned("sts", "/"), headers=FORM, body=b"Action=DeleteQueue&QueueUrl=a", method="GET"),
        lambda: presigned("sqs", "/?Action=GetCallerIdentity&Version=2011-06-15"),
        # then by the path.
        lambda: presigned("s3", "/2015-03-31/functions/a"),
        lambda: presigned("s3", "/v1/apis"),
        lambda: presigned("s3", "/2020-05-31/distribution"),
        lambda: presigned("s3", "/latest/meta-data"),
        lambda: presigned("s3", "/iceberg-bucket/key"),
        lambda: presigned("s3", "/v2/email/identities"),
        lambda: presigned("s3", "/v2/_catalog"),
        lambda: presigned("s3", "/login"),
        lambda: presigned("s3", "/oauth2/token"),
        lambda: presigned("s3", "/restapis/a/b/_user_request_/c"),
        lambda: presigned("s3", "/Execute"),
        lambda: presigned("s3", "/WriteGetObjectResponse"),
        lambda: presigned("lambda", OBJECT),
        lambda: signed("dynamodb", GET_ITEM, path="/v20180820/tags/a"),
        lambda: signed("dynamodb", GET_ITEM, path="/iceberg/v1/config"),
        lambda: signed("dynamodb", GET_ITEM, path="/oauth2/token"),
        # A name of no known service doesn't fall to S3.
        lambda: signed("unknown", path=OBJECT, method="GET"),
        lambda: signed("unknown", body=b"Action=ListQueues", headers=FORM),
        lambda: presigned("unknown", OBJECT),
    ],
)
def test_a_signature_is_for_the_service_that_answers(make: Callable[[], Request]) -> None:
    assert code(make()) in (
        "SignatureDoesNotMatch",
        "AuthorizationHeaderMalformed",
        "AuthorizationQueryParametersError",
    )


@pytest.mark.parametrize(
    "make",
    [
        lambda: signed("sqs", "AmazonSQS.DeleteQueue", path="/?Action=ListQueues"),
        lambda: signed("sqs", "AmazonSQS.DeleteQueue", body=b"Action=ListQueues", headers=FORM),
        lambda: signed("sqs", path="/?Action=ListQueues", body=b"Action=DeleteQueue", headers=FORM),
        lambda: signed("sqs", body=b"Action=ListQueues&%41ction=DeleteQueue", headers=FORM),
        lambda: signed("iam", "a.ListRoles", body=b"Action=CreateRole", headers=FORM),
        lambda: signed("dynamodb", "DynamoDB_20120810.DeleteTable", path="/?Action=ListTables"),
        lambda: signed("lambda", path="/2015-03-31/functions/a?Action=ListFunctions", method="DELETE"),
        lambda: signed("lambda", "a.ListFunctions", path="/2015-03-31/functions/a", method="DELETE"),
        lambda: signed("s3", path=f"{OBJECT}?Action=GetObject", method="PUT"),
        lambda: signed("s3", path=OBJECT, method="PUT", body=b"Action=GetObject", headers=FORM),
        lambda: signed("appsync", path="/v1/apis/a?Action=ListApis", method="DELETE"),
        lambda: signed("scheduler", path="/schedules/a?Action=ListSchedules", method="DELETE"),
        lambda: signed("monitoring", path="/service/GraniteServiceVersion20100801/operation/DeleteAlarms?Action=a"),
    ],
)
def test_a_request_names_one_operation(make: Callable[[], Request]) -> None:
    """MiniStack would check permissions for the first operation, and execute another."""
    assert (code(make()), "names one operation" in message(make())) == ("AccessDenied", True)


def test_the_right_service_is_named_as_aws_names_it() -> None:
    assert message(signed("s3", "AWSStepFunctions.ListStateMachines")) == (
        "Credential should be scoped to correct service: 'states'. "
    )
    assert message(signed("sqs", "DynamoDBStreams_20120810.ListStreams")) == (
        "Credential should be scoped to correct service: 'dynamodb'. "
    )
    assert message(presigned("lambda", OBJECT)) == (
        'Error parsing the X-Amz-Credential parameter; incorrect service "lambda". This endpoint belongs to "s3".'
    )


@pytest.mark.parametrize(
    ("client", "service"),
    [
        *((name, name) for name in sorted({*SERVICES} - {"monitoring", "states", "tagging"})),
        ("cloudwatch", "monitoring"),
        ("stepfunctions", "states"),
        ("resourcegroupstaggingapi", "tagging"),
        ("s3control", "s3"),
        ("ses", "ses"),
        ("apigatewaymanagementapi", "apigateway"),
        ("opensearch", "opensearch"),
        ("xray", "xray"),
    ],
)
def test_the_emulators_services_are_signed_for_as_their_models_say(client: str, service: str) -> None:
    model = boto3.Session()._session.get_service_model(client)

    assert is_signed_for(service, model.signing_name)
    if service in SERVICES:
        assert signing_name(service) == model.signing_name


@pytest.mark.parametrize(
    "make",
    [
        lambda: signed("dynamodb", GET_ITEM, region="eu-west-1"),
        lambda: presigned("sqs", "/?Action=ListQueues", region="eu-west-1"),
    ],
)
def test_a_signature_is_for_the_region_that_answers(make: Callable[[], Request]) -> None:
    assert (code(make()), message(make())) == (
        "SignatureDoesNotMatch",
        "Credential should be scoped to a valid region. ",
    )


def test_s3_names_the_region_that_it_expects() -> None:
    assert message(signed("s3", path=OBJECT, method="GET", region="eu-west-1")) == (
        "The authorization header is malformed; the region 'eu-west-1' is wrong; expecting 'us-east-1'"
    )
