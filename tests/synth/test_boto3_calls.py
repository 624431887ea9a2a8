"""Every call of AWS's SDK is valid by botocore's model of the service, also if no test makes it."""

from pathlib import Path

import pytest

from deployment.repository_paths import ROOT
from tests.synth.support.boto3_calls import Call, Source, model

pytestmark = pytest.mark.contract
FOLDERS = ("lambda_src", "operations", "deployment")
# Calls whose operation is a variable, with the tests in which botocore validates them.
MADE_BY_TESTS = {
    ("operations/find_customer.py", "paginate"): {
        ("query", "test_the_beginning_of_an_id_is_enough_when_one_order_only_begins_like_that"),
        ("scan", "test_the_beginning_of_an_id_is_enough_when_one_order_only_begins_like_that"),
    },
}
CODE = """
from mypy_boto3_sqs import SQSClient

def send(sqs: SQSClient, environment, cloudfront: Any) -> None:
    {call}
"""


@pytest.fixture(scope="module")
def sources() -> list[Source]:
    return [Source(path, ROOT) for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]


@pytest.fixture(scope="module")
def calls(sources: list[Source]) -> list[Call]:
    return [call for source in sources for call in source.calls()]


def test_every_call_is_known_to_its_service(calls: list[Call]) -> None:
    found = [problem for call in calls if call.service for problem in call.problems()]

    assert len(calls) > 50
    assert found == []


def test_it_is_known_whose_client_each_call_is_made_on(calls: list[Call]) -> None:
    unknown = {(call.place.partition(":")[0], call.method) for call in calls if call.service is None}

    assert unknown == set(MADE_BY_TESTS)
    tests = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "integration").rglob("*.py"))
    assert [name for made in MADE_BY_TESTS.values() for _, name in made if f"def {name}(" not in tests] == []


def test_every_exception_of_a_client_is_known_to_its_service(sources: list[Source]) -> None:
    caught = [one for source in sources for one in source.exceptions()]

    known = {service: {shape.name for shape in model(service).error_shapes} for _, service, _ in caught}
    assert len(caught) > 3
    assert [one for one in caught if one[2] not in known[one[1]] | {"ClientError"}] == []


@pytest.mark.parametrize(
    ("call", "problem"),
    [
        ("sqs.send_message(QueueUrl='u')", "SendMessageRequest needs MessageBody"),
        ("sqs.send_message(QueueUrl='u', MessageBody='m', Delay=1)", "SendMessageRequest has no Delay"),
        ("sqs.send_message(QueueUrl='u', MessageBody=1)", "MessageBody: 1 is given, string is wanted"),
        ("sqs.send_mesage(QueueUrl='u')", "there is no such operation"),
        ("sqs.get_queue_attributes(QueueUrl='u', AttributeNames=['Arn'])", "AttributeNames: 'Arn' is none of All"),
        ("environment.client('sns').publish(Message='m', Topic='t')", "PublishInput has no Topic"),
        ("queue = environment.client('sqs'); queue.delete_message(QueueUrl='u')", "needs ReceiptHandle"),
        ("environment.client('dynamodb').get_item(TableName='t', Key={'id': {'T': 'x'}})", "AttributeValue has no T"),
        ("environment.client('dynamodb').get_paginator('scan').paginate(Table='t')", "ScanInput has no Table"),
        ("cloudfront.create_invalidation(DistributionId='d')", "needs InvalidationBatch"),
    ],
)
def test_a_call_that_its_service_does_not_know_is_found(tmp_path: Path, call: str, problem: str) -> None:
    file = tmp_path / "calls.py"
    file.write_text(CODE.format(call=call), encoding="utf-8")

    found = [said for one in Source(file, tmp_path).calls() for said in one.problems()]

    assert any(problem in said for said in found), found
