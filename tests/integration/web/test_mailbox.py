"""The mailbox shows the mails of subscribers, and removes none."""

import json
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from deployment.local_outputs import read_outputs, write_outputs
from local.engineer.token import FILE_NAME
from tests.integration.web.conftest import Browser


@dataclass
class Inbox:
    """A topic, and a queue that stands in for an inbox."""

    browser: Browser
    topic: str
    queue_url: str
    queue_arn: str

    def publish(self, text: str, **more: Any) -> None:
        self.browser.server.client("sns").publish(TopicArn=self.topic, Message=text, **more)

    def let_in(self, topic: str) -> None:
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": self.queue_arn,
            "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        self.browser.server.client("sqs").set_queue_attributes(QueueUrl=self.queue_url, Attributes={"Policy": policy})

    def receive(self) -> list[dict[str, Any]]:
        answer = self.browser.server.client("sqs").receive_message(
            QueueUrl=self.queue_url, MessageSystemAttributeNames=["ApproximateReceiveCount"]
        )
        return list(answer.get("Messages", []))

    def mails(self) -> list[dict[str, Any]]:
        token = (self.browser.directory / FILE_NAME).read_text(encoding="utf-8")
        status, headers, body = self.browser.ask("/_local/mailbox", {"x-local-token": token})
        assert (status, headers["cache-control"]) == (200, "no-store"), body
        return list(json.loads(body)["mails"])


@pytest.fixture
def inbox(browser: Browser) -> Iterator[Inbox]:
    """An inbox for each test, named in the run's outputs."""
    sns, sqs, name = browser.server.client("sns"), browser.server.client("sqs"), f"inbox-{uuid.uuid4().hex}"
    topic = sns.create_topic(Name=name)["TopicArn"]
    found = Inbox(browser, topic, sqs.create_queue(QueueName=name)["QueueUrl"], topic.replace(":sns:", ":sqs:"))
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=found.queue_arn)
    found.let_in(topic)
    outputs = read_outputs(browser.directory)
    write_outputs(browser.directory, {**outputs, "mailbox_queue_url": found.queue_url, "user_pool_id": "none"})
    yield found
    write_outputs(browser.directory, outputs)
    sns.delete_topic(TopicArn=topic)
    sqs.delete_queue(QueueUrl=found.queue_url)


def test_a_mail_reads_as_it_was_published(inbox: Inbox) -> None:
    attributes = {"status": {"DataType": "String", "StringValue": "PAID"}}
    inbox.publish("It is paid.", Subject="Your order", MessageAttributes=attributes)

    (mail,) = inbox.mails()

    assert (mail["subject"], mail["text"], mail["attributes"]) == ("Your order", "It is paid.", {"status": "PAID"})


def test_looking_at_the_mailbox_takes_nothing_from_its_queue(inbox: Inbox) -> None:
    inbox.publish("look")

    looked = [len(inbox.mails()) for _ in range(3)]

    (message,) = inbox.receive()
    assert looked == [1, 1, 1]
    assert message["Attributes"]["ApproximateReceiveCount"] == "1"


def test_a_mail_that_somebody_took_from_the_queue_is_still_shown(inbox: Inbox) -> None:
    inbox.publish("take")
    (message,) = inbox.receive()
    inbox.browser.server.client("sqs").delete_message(QueueUrl=inbox.queue_url, ReceiptHandle=message["ReceiptHandle"])

    (mail,) = inbox.mails()

    assert mail["text"] == "take"


def test_the_newest_fifty_are_shown_newest_first(inbox: Inbox) -> None:
    for number in range(60):
        inbox.publish(str(number))

    found = [mail["text"] for mail in inbox.mails()]

    assert found == [str(number) for number in range(59, 9, -1)]


def test_what_the_queue_did_not_let_in_is_no_mail(inbox: Inbox) -> None:
    inbox.let_in(f"{inbox.topic}-of-others")

    inbox.publish("refused")

    assert (inbox.mails(), inbox.receive()) == ([], [])


def test_what_is_no_announcement_is_left_out(inbox: Inbox) -> None:
    inbox.browser.server.client("sqs").send_message(QueueUrl=inbox.queue_url, MessageBody="not from the topic")

    assert inbox.mails() == []


def test_a_code_is_not_pushed_out_by_announcements(inbox: Inbox) -> None:
    cognito = inbox.browser.server.client("cognito-idp")
    pool_id = cognito.create_user_pool(PoolName="pool", UsernameAttributes=["email"])["UserPool"]["Id"]
    client_id = cognito.create_user_pool_client(UserPoolId=pool_id, ClientName="client")["UserPoolClient"]["ClientId"]
    write_outputs(inbox.browser.directory, {**read_outputs(inbox.browser.directory), "user_pool_id": pool_id})
    cognito.sign_up(ClientId=client_id, Username="anna@example.com", Password="Aa1-0123456789")
    for number in range(60):
        inbox.publish(str(number))

    found = inbox.mails()

    assert [mail["to"] for mail in found] == ["subscribers"] * 50 + ["anna@example.com"]
    assert re.search(r"\b\d{6}\b", found[-1]["text"])
