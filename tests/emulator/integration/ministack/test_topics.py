"""Topics to which only one role may publish. A session of the role counts as the role."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.server_process import Server
from tests.emulator.integration.ministack.conftest import statement

TRUST = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::000000000000:root"}, "Action": "sts:AssumeRole"}


@pytest.fixture
def make_publisher(emulator: Server, unique: Callable[[str], str]) -> Callable[..., tuple[str, Any]]:
    """Make a role that may publish to every topic; return its ARN, and SNS with its keys."""

    def make(path: str = "/") -> tuple[str, Any]:
        iam, name = emulator.client("iam"), unique("publisher")
        document = json.dumps({"Version": "2012-10-17", "Statement": [TRUST]})
        arn = iam.create_role(RoleName=name, Path=path, AssumeRolePolicyDocument=document)["Role"]["Arn"]
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement("sns:Publish")]})
        iam.put_role_policy(RoleName=name, PolicyName="access", PolicyDocument=policy)
        keys = emulator.client("sts").assume_role(RoleArn=arn, RoleSessionName="session")["Credentials"]
        sns = emulator.client(
            "sns",
            aws_access_key_id=keys["AccessKeyId"],
            aws_secret_access_key=keys["SecretAccessKey"],
            aws_session_token=keys["SessionToken"],
        )
        return arn, sns

    return make


@pytest.fixture
def make_topic(emulator: Server, unique: Callable[[str], str]) -> Callable[[str], str]:
    """Make a topic that only one role may publish to; return its ARN."""

    def make(publisher_arn: str) -> str:
        sns = emulator.client("sns")
        topic = str(sns.create_topic(Name=unique("topic"))["TopicArn"])
        refusal = {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "sns:Publish",
            "Resource": topic,
            "Condition": {"ArnNotEquals": {"aws:PrincipalArn": publisher_arn}},
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [refusal]})
        sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=policy)
        return topic

    return make


@pytest.mark.parametrize("path", ["/", "/team/"])
def test_a_session_of_the_role_that_a_topic_names_may_publish(
    make_publisher: Callable[..., tuple[str, Any]], make_topic: Callable[[str], str], path: str
) -> None:
    arn, sns = make_publisher(path)

    answer = sns.publish(TopicArn=make_topic(arn), Message="news")

    assert answer["MessageId"]


def test_a_session_of_another_role_may_not(
    make_publisher: Callable[..., tuple[str, Any]], make_topic: Callable[[str], str]
) -> None:
    named, _ = make_publisher()
    _, sns = make_publisher()

    with pytest.raises(ClientError, match="explicit deny"):
        sns.publish(TopicArn=make_topic(named), Message="news")
