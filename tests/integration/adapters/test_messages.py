"""The SQS, SNS and Step Functions adapters keep the contracts of their ports."""

import json
from collections.abc import Callable, Iterator
from typing import Any, cast
from uuid import uuid4

import pytest
from orders.adapters.s3_undelivered import S3Undelivered
from orders.adapters.sns_announcements import SnsAnnouncements
from orders.adapters.sqs_hints import SqsHints
from orders.adapters.stepfunctions_workflows import StepFunctionsWorkflows
from orders.domain.announcement import announcement_of
from orders.domain.hint import parse_hint
from orders.domain.order import OrderKey
from orders.domain.row import order_from_row

from environments.names import Names
from environments.order_rules import FINAL_STATUSES
from environments.settings import settings_of
from local.server_process import Server
from operations.environment import Environment
from operations.undelivered import list_undelivered
from tests.contracts.sending_ports import AnnouncementsContract, HintsContract, Message, WorkflowsContract
from tests.support.order_rows import KEY, order_row
from tests.support.roles import create_role


class Queue:
    """A queue whose messages a test can read."""

    def __init__(self, emulator: Server, *, delay_seconds: int = 0) -> None:
        self.sqs = emulator.client("sqs")
        attributes = {"DelaySeconds": str(delay_seconds)}
        self.url = self.sqs.create_queue(QueueName=f"queue-{uuid4().hex[:8]}", Attributes=attributes)["QueueUrl"]

    @property
    def arn(self) -> str:
        answer = self.sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=["QueueArn"])
        return str(answer["Attributes"]["QueueArn"])

    def admit(self, service: str) -> None:
        """Allow an AWS service to send messages to the queue."""
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": service},
            "Action": "sqs:SendMessage",
            "Resource": self.arn,
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        self.sqs.set_queue_attributes(QueueUrl=self.url, Attributes={"Policy": policy})

    def bodies(self) -> list[str]:
        answer = self.sqs.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10, WaitTimeSeconds=2)
        return [message["Body"] for message in answer.get("Messages", [])]


class TestSqsHints(HintsContract):
    @pytest.fixture
    def queue(self, emulator: Server) -> Queue:
        return Queue(emulator, delay_seconds=60)

    @pytest.fixture
    def hints(self, queue: Queue) -> SqsHints:
        return SqsHints(queue.sqs, queue_url=queue.url)

    @pytest.fixture
    def received(self, queue: Queue) -> Callable[[], list[OrderKey]]:
        return lambda: [parse_hint(body) for body in queue.bodies()]


class TestSnsAnnouncements(AnnouncementsContract):
    @pytest.fixture
    def queue(self, emulator: Server) -> Queue:
        return Queue(emulator)

    @pytest.fixture
    def announcements(self, emulator: Server, queue: Queue) -> SnsAnnouncements:
        sns = emulator.client("sns")
        topic_arn = sns.create_topic(Name=f"topic-{uuid4().hex[:8]}")["TopicArn"]
        queue.admit("sns.amazonaws.com")
        sns.subscribe(TopicArn=topic_arn, Protocol="sqs", Endpoint=queue.arn)
        return SnsAnnouncements(sns, topic_arn=topic_arn)

    @pytest.fixture
    def received(self, queue: Queue) -> Callable[[], list[Message]]:
        def messages() -> list[Message]:
            envelopes = [json.loads(body) for body in queue.bodies()]
            return [
                (
                    envelope["Subject"],
                    envelope["Message"],
                    {name: found["Value"] for name, found in envelope["MessageAttributes"].items()},
                )
                for envelope in envelopes
            ]

        return messages


def test_a_subscription_with_the_filter_policy_of_mail_gets_the_ends_that_it_names(emulator: Server) -> None:
    sns, queues = emulator.client("sns"), {"mailed": Queue(emulator), "all": Queue(emulator)}
    topic_arn = sns.create_topic(Name=f"topic-{uuid4().hex[:8]}")["TopicArn"]
    filters = {"mailed": {"FilterPolicy": settings_of("prod").email_filter_policy}, "all": {}}
    for name, queue in queues.items():
        queue.admit("sns.amazonaws.com")
        sns.subscribe(TopicArn=topic_arn, Protocol="sqs", Endpoint=queue.arn, Attributes=filters[name])
    announcements = SnsAnnouncements(sns, topic_arn=topic_arn)

    for version, status in enumerate(FINAL_STATUSES):
        announcements.publish(announcement_of(order_from_row(order_row(status=status, version=version))))

    heard = {
        name: {json.loads(body)["MessageAttributes"]["status"]["Value"] for body in queue.bodies()}
        for name, queue in queues.items()
    }
    assert heard == {"mailed": {"FAILED"}, "all": {*FINAL_STATUSES}}


class TestStepFunctionsWorkflows(WorkflowsContract):
    @pytest.fixture
    def stepfunctions(self, emulator: Server) -> Any:
        return emulator.client("stepfunctions")

    @pytest.fixture
    def state_machine_arn(self, emulator: Server, stepfunctions: Any) -> Iterator[str]:
        answer = stepfunctions.create_state_machine(
            name=f"machine-{uuid4().hex[:8]}",
            roleArn=create_role(emulator.client("iam"), service="states.amazonaws.com", statements=[]),
            definition=json.dumps({"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}),
        )
        yield answer["stateMachineArn"]
        stepfunctions.delete_state_machine(stateMachineArn=answer["stateMachineArn"])

    @pytest.fixture
    def workflows(self, stepfunctions: Any, state_machine_arn: str) -> StepFunctionsWorkflows:
        return StepFunctionsWorkflows(stepfunctions, state_machine_arn=state_machine_arn)

    @pytest.fixture
    def started(self, stepfunctions: Any, state_machine_arn: str) -> Callable[[], list[OrderKey]]:
        def keys() -> list[OrderKey]:
            executions = stepfunctions.list_executions(stateMachineArn=state_machine_arn)["executions"]
            arns = [execution["executionArn"] for execution in executions]
            return [parse_hint(stepfunctions.describe_execution(executionArn=arn)["input"]) for arn in arns]

        return keys

    def test_a_workflow_is_named_after_its_order(
        self, workflows: StepFunctionsWorkflows, stepfunctions: Any, state_machine_arn: str
    ) -> None:
        workflows.start(KEY)

        (execution,) = stepfunctions.list_executions(stateMachineArn=state_machine_arn)["executions"]
        assert execution["name"].endswith(f"-{KEY.order_id}")


@pytest.mark.parametrize("order_id", ["put by hand: <1>", "é", "0" * 72, "a/b"])
def test_an_order_of_any_id_may_have_a_workflow_without_a_name(order_id: str) -> None:
    class StepFunctions:
        def start_execution(self, **started: Any) -> None:
            self.started = started

    client = StepFunctions()

    StepFunctionsWorkflows(cast("Any", client), state_machine_arn="arn").start(OrderKey("u", order_id))

    assert client.started.keys() == {"stateMachineArn", "input"}


def test_a_record_that_is_kept_can_be_listed_and_is_kept_once(emulator: Server) -> None:
    names = Names(environment=uuid4().hex[:8], account_id="000000000000", region=emulator.region)
    emulator.client("s3").create_bucket(Bucket=names.undelivered)
    keys = {"user_id": {"S": "u"}, "id": {"S": "o"}}
    change = {"Keys": keys, "SequenceNumber": "7", "ApproximateCreationDateTime": 1_767_225_600.0}
    undelivered = S3Undelivered(lambda: emulator.client("s3"), bucket=names.undelivered, prefix="announce")

    for _ in range(2):
        undelivered.keep({"eventName": "MODIFY", "dynamodb": change}, why="InvalidRow")

    (batch,) = list_undelivered(Environment(names=names, client=emulator.client))
    assert batch.key == "announce/2026/01/01/2026-01-01T00.00.00-7"
    assert (batch.id, batch.why, batch.invocations) == ("2026-01-01T00.00.00-7", "InvalidRow", 1)
    assert batch.is_unreadable
    assert batch.records == [{"eventName": "MODIFY", "dynamodb": change}]


def test_what_two_customers_would_hear_of_the_same_order_id_is_kept_side_by_side(emulator: Server) -> None:
    names = Names(environment=uuid4().hex[:8], account_id="000000000000", region=emulator.region)
    emulator.client("s3").create_bucket(Bucket=names.undelivered)
    undelivered = S3Undelivered(lambda: emulator.client("s3"), bucket=names.undelivered, prefix="announce")
    new = {"status": {"S": "PAID"}, "version": {"N": "3"}}

    for number, user_id in (("7", "anna"), ("8", "ben")):
        keys = {"user_id": {"S": user_id}, "id": {"S": KEY.order_id}}
        change = {"Keys": keys, "NewImage": new, "SequenceNumber": number, "ApproximateCreationDateTime": 1_767_225_600}
        undelivered.keep({"eventName": "MODIFY", "dynamodb": change}, why="InvalidRow")

    batches = list(list_undelivered(Environment(names=names, client=emulator.client)))
    assert [change.user_id for batch in batches for change in batch.changes] == ["anna", "ben"]
    assert len({batch.id for batch in batches}) == 2


def test_an_attribute_has_only_characters_that_queues_take() -> None:
    class Topic:
        published: dict[str, Any]

        def publish(self, **message: Any) -> None:
            self.published = message

    topic, restaurant = Topic(), "a\x01b\x1b\t\ufffe\x85🍕"
    order = order_from_row(order_row(status="PAID", name=restaurant, restaurant_id=restaurant))

    SnsAnnouncements(cast("Any", topic), topic_arn="arn").publish(announcement_of(order))

    attributes = topic.published["MessageAttributes"]
    assert attributes["restaurant_id"]["StringValue"] == "a\ufffdb\ufffd\t\ufffd\x85🍕"
    assert len(attributes) <= 10


def test_the_topic_filters_by_what_a_message_is_about(emulator: Server) -> None:
    sns, queue = emulator.client("sns"), Queue(emulator)
    topic_arn = sns.create_topic(Name=f"topic-{uuid4().hex[:8]}")["TopicArn"]
    queue.admit("sns.amazonaws.com")
    policy = json.dumps({"status": ["FAILED"], "restaurant_id": ["trattoria-roma"]})
    sns.subscribe(TopicArn=topic_arn, Protocol="sqs", Endpoint=queue.arn, Attributes={"FilterPolicy": policy})
    topic = SnsAnnouncements(sns, topic_arn=topic_arn)

    for status, restaurant in (("PAID", "trattoria-roma"), ("FAILED", "trattoria-roma"), ("FAILED", "sakura")):
        topic.publish(announcement_of(order_from_row(order_row(status=status, restaurant_id=restaurant))))

    (message,) = (json.loads(body) for body in queue.bodies())
    assert message["Subject"] == "Payment failed: 2 x Margherita"
