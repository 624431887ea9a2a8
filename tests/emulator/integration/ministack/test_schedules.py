"""Schedules run on time and with their role's permissions."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from local.server_process import Server

TARGET = "arn:aws:sqs:us-east-1:000000000000:"


@pytest.fixture
def schedule(emulator: Server, make_role: Callable[..., str], unique: Callable[[str], str]) -> Callable[..., list[str]]:
    """Schedule one message that is due now; return the messages of three seconds."""

    def run(*statements: dict[str, Any], service: str = "scheduler", allowed_queue: bool = False) -> list[str]:
        client, name = emulator.client("sqs"), unique("queue")
        url = client.create_queue(QueueName=name)["QueueUrl"]
        own = [{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": TARGET + name}] if allowed_queue else []
        emulator.client("scheduler").create_schedule(
            Name=name,
            ScheduleExpression=time.strftime("at(%Y-%m-%dT%H:%M:%S)", time.gmtime(time.time() - 1)),
            FlexibleTimeWindow={"Mode": "OFF"},
            Target={
                "Arn": TARGET + name,
                "RoleArn": make_role(f"{service}.amazonaws.com", *statements, *own),
                "Input": "due",
            },
        )
        messages = client.receive_message(QueueUrl=url, WaitTimeSeconds=3).get("Messages", [])
        return [message["Body"] for message in messages]

    return run


def test_a_due_schedule_fires_within_seconds_under_its_role(schedule: Callable[..., list[str]]) -> None:
    assert schedule(allowed_queue=True) == ["due"]


def test_a_schedule_whose_role_may_not_does_not_fire(schedule: Callable[..., list[str]]) -> None:
    elsewhere = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": TARGET + "other"}

    assert schedule(elsewhere) == []


def test_a_schedule_whose_role_does_not_admit_the_scheduler_does_not_fire(
    schedule: Callable[..., list[str]],
) -> None:
    assert schedule(service="lambda", allowed_queue=True) == []


def test_a_creation_is_repeated_with_its_token_alone(
    emulator: Server, make_role: Callable[..., str], unique: Callable[[str], str]
) -> None:
    client, name = emulator.client("scheduler"), unique("schedule")
    wanted = {
        "Name": name,
        "GroupName": name,
        "ScheduleExpression": "rate(1 hour)",
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "Target": {"Arn": TARGET + name, "RoleArn": make_role("scheduler.amazonaws.com")},
    }

    groups = [client.create_schedule_group(Name=name, ClientToken="one")["ScheduleGroupArn"] for _ in range(2)]
    schedules = [client.create_schedule(**wanted, ClientToken="one")["ScheduleArn"] for _ in range(2)]

    assert len(set(groups)) == len(set(schedules)) == 1
    with pytest.raises(client.exceptions.ConflictException):
        client.create_schedule_group(Name=name, ClientToken="two")
    with pytest.raises(client.exceptions.ConflictException):
        client.create_schedule(**wanted, ClientToken="two")
    client.delete_schedule(Name=name, GroupName=name)
    assert client.create_schedule(**wanted, ClientToken="one")["ScheduleArn"] in schedules
    assert client.get_schedule(Name=name, GroupName=name)["ScheduleExpression"] == "rate(1 hour)"
