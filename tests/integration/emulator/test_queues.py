"""Queues: messages that come back from a dead-letter queue, and none that get lost."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ClientError

from local.emulator.process import Server

ARN = "arn:aws:sqs:us-east-1:000000000000:"


@pytest.fixture
def queues(emulator: Server, unique: Callable[[str], str]) -> tuple[str, str]:
    """Make a queue whose messages are dead after one receive; return both names."""
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


def test_a_dead_letter_queue_names_its_sources(emulator: Server, queues: tuple[str, str]) -> None:
    source, dead = queues

    answer = emulator.client("sqs").list_dead_letter_source_queues(QueueUrl=url(emulator, dead))

    assert answer["queueUrls"] == [url(emulator, source)]


def test_no_message_is_lost_among_many_writers_and_readers(emulator: Server, unique: Callable[[str], str]) -> None:
    client, name = emulator.client("sqs"), unique("queue")
    queue = client.create_queue(QueueName=name)["QueueUrl"]

    def read() -> set[str]:
        bodies = set()
        while messages := client.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                bodies.add(message["Body"])
                client.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        return bodies

    with ThreadPoolExecutor(8) as pool:
        sent = [pool.submit(client.send_message, QueueUrl=queue, MessageBody=str(number)) for number in range(200)]
        received = set().union(*(pool.submit(read).result() for _ in range(4)))
        for confirmation in sent:
            confirmation.result()

    assert received | read() == {str(number) for number in range(200)}
