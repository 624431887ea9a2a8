"""Messages that come back from a dead-letter queue."""

import json
from collections.abc import Callable

import pytest
from botocore.exceptions import ClientError

from local.server_process import Server

ARN = "arn:aws:sqs:us-east-1:000000000000:"


@pytest.fixture
def queues(emulator: Server, unique: Callable[[str], str]) -> tuple[str, str]:
    """Make a queue with one receive a message, and its dead-letter queue; return both names."""
    client, name = emulator.client("sqs"), unique("queue")
    client.create_queue(QueueName=f"{name}-dead")
    policy = json.dumps({"deadLetterTargetArn": f"{ARN}{name}-dead", "maxReceiveCount": 1})
    client.create_queue(QueueName=name, Attributes={"RedrivePolicy": policy, "VisibilityTimeout": "0"})
    return name, f"{name}-dead"


def url(server: Server, name: str) -> str:
    return f"{server.endpoint_url}/000000000000/{name}"


def test_dead_letters_go_back_where_they_came_from_as_new_messages(emulator: Server, queues: tuple[str, str]) -> None:
    client, (source, dead) = emulator.client("sqs"), queues
    client.send_message(QueueUrl=url(emulator, source), MessageBody="order")
    for _ in range(2):
        client.receive_message(QueueUrl=url(emulator, source))

    client.start_message_move_task(SourceArn=ARN + dead)

    [task] = client.list_message_move_tasks(SourceArn=ARN + dead)["Results"]
    assert (task["Status"], task["ApproximateNumberOfMessagesMoved"]) == ("COMPLETED", 1)
    answer = client.receive_message(QueueUrl=url(emulator, source), AttributeNames=["ApproximateReceiveCount"])
    [message] = answer["Messages"]
    assert (message["Body"], message["Attributes"]["ApproximateReceiveCount"]) == ("order", "1")
    assert "Messages" not in client.receive_message(QueueUrl=url(emulator, dead))


def test_only_a_dead_letter_queue_can_be_moved(emulator: Server, queues: tuple[str, str]) -> None:
    with pytest.raises(ClientError, match="Dead Letter Queue"):
        emulator.client("sqs").start_message_move_task(SourceArn=ARN + queues[0])


def test_moving_dead_letters_takes_the_right_to_on_their_queue(
    emulator: Server, queues: tuple[str, str], unique: Callable[[str], str]
) -> None:
    iam, user, (source, dead) = emulator.client("iam"), unique("user"), queues
    iam.create_user(UserName=user)
    made = iam.create_access_key(UserName=user)["AccessKey"]
    right = {"Effect": "Allow", "Action": "sqs:StartMessageMoveTask", "Resource": ARN + dead}
    iam.put_user_policy(UserName=user, PolicyName="move", PolicyDocument=json.dumps({"Statement": [right]}))
    key = {"aws_access_key_id": made["AccessKeyId"], "aws_secret_access_key": made["SecretAccessKey"]}
    client = emulator.client("sqs", **key)

    allowed = client.start_message_move_task(SourceArn=ARN + dead)
    with pytest.raises(ClientError, match="not authorized to perform: sqs:StartMessageMoveTask"):
        client.start_message_move_task(SourceArn=ARN + source)

    assert allowed["TaskHandle"]


def test_a_dead_letter_queue_names_its_sources(emulator: Server, queues: tuple[str, str]) -> None:
    source, dead = queues

    answer = emulator.client("sqs").list_dead_letter_source_queues(QueueUrl=url(emulator, dead))

    assert answer["queueUrls"] == [url(emulator, source)]
