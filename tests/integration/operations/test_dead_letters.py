"""Dead letters can be listed without any change, and moved back without loss."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from environments.user_error import UserError
from operations.dead_letters import (
    count_messages,
    delete_dead_letter,
    hold_dead_letters,
    purge_dead_letters,
    redrive,
    redrive_all,
)
from operations.environment import Environment
from tests.integration.operations.conftest import Failing, last_line, with_failing

NO_TASKS = ClientError({"Error": {"Code": "InvalidAction", "Message": "no such action"}}, "StartMessageMoveTask")
STOPPED = KeyboardInterrupt()


def kill(environment: Environment, *bodies: str) -> None:
    """Send messages and fail them until they are dead."""
    sqs, url = environment.client("sqs"), environment.queue_url(environment.names.queue)
    for body in bodies:
        attribute = {"origin": {"DataType": "String", "StringValue": body}}
        sqs.send_message(QueueUrl=url, MessageBody=body, MessageAttributes=attribute)
    for _ in range(3 * len(bodies)):
        sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=0)
    assert count_messages(environment, environment.names.dead_letter_queue)["waiting"] == len(bodies)


def waiting(environment: Environment, queue: str) -> list[tuple[str, str]]:
    """Receive and remove a queue's messages; return their bodies and attributes."""
    sqs, url = environment.client("sqs"), environment.queue_url(queue)
    found: list[tuple[str, str]] = []
    while messages := sqs.receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=60, WaitTimeSeconds=0, MessageAttributeNames=["All"]
    ).get("Messages"):
        for message in messages:
            found.append((message["Body"], message["MessageAttributes"]["origin"]["StringValue"]))
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return sorted(found)


def pairs(*bodies: str) -> list[tuple[str, str]]:
    return [(body, body) for body in bodies]


def no_pause() -> None:
    """No pause between polls."""


def test_looking_leaves_every_message_where_it_was(environment: Environment) -> None:
    kill(environment, *(f"{number:02}" for number in range(12)))

    with hold_dead_letters(environment) as letters:
        during = count_messages(environment, environment.names.dead_letter_queue)

    assert [letter.body for letter in letters] == [f"{number:02}" for number in range(12)]
    assert {letter.came_from for letter in letters} == {environment.names.queue}
    assert (during["waiting"], during["at work"]) == (0, 12)
    assert count_messages(environment, environment.names.dead_letter_queue)["waiting"] == 12


def test_no_more_are_looked_at_than_asked_for(environment: Environment) -> None:
    kill(environment, *(f"{number:02}" for number in range(13)))

    with hold_dead_letters(environment, most=12) as letters:
        during = count_messages(environment, environment.names.dead_letter_queue)

    assert len(letters) == 12
    assert (during["waiting"], during["at work"]) == (1, 12)


def test_a_list_that_may_not_be_all_says_so(environment: Environment) -> None:
    kill(environment, "a", "b", "c")
    queue = environment.names.dead_letter_queue

    some, all_ = (last_line(environment, "dead-letters", "list", "--most", most) for most in ("2", "4"))

    assert some == f"2 dead letters in {queue}, and there may be more: --most looks at more"
    assert all_ == f"3 dead letters in {queue}"


def test_an_error_while_looking_leaves_them_too(environment: Environment) -> None:
    kill(environment, "a")

    with pytest.raises(ZeroDivisionError), hold_dead_letters(environment):
        raise ZeroDivisionError

    assert count_messages(environment, environment.names.dead_letter_queue)["waiting"] == 1


def test_sqs_moves_all_of_them(environment: Environment) -> None:
    kill(environment, "a", "b")

    steps = list(redrive_all(environment, pause=no_pause))

    assert (steps[-1].moved, steps[-1].total) == (2, 2)
    assert waiting(environment, environment.names.queue) == pairs("a", "b")
    assert waiting(environment, environment.names.dead_letter_queue) == []


def test_a_move_that_sqs_gives_up_is_told(environment: Environment) -> None:
    class GivingUp(Failing):
        def start_message_move_task(self, **_: Any) -> None: ...

        def list_message_move_tasks(self, **_: Any) -> dict[str, Any]:
            task = {"Status": "FAILED", "FailureReason": "CouldNotDetermineMessageSource"}
            return {"Results": [{**task, "ApproximateNumberOfMessagesMoved": 1}]}

    broken = with_failing(environment, "sqs", GivingUp(environment.client("sqs"), "none", STOPPED))

    with pytest.raises(UserError, match="after 1 messages: CouldNotDetermineMessageSource"):
        list(redrive_all(broken, pause=no_pause))


def test_where_sqs_has_no_move_tasks_they_are_moved_all_the_same(environment: Environment) -> None:
    bodies = [f"{number:02}" for number in range(12)]
    kill(environment, *bodies)
    old = with_failing(environment, "sqs", Failing(environment.client("sqs"), "start_message_move_task", NO_TASKS))

    steps = list(redrive_all(old, pause=no_pause))

    assert (steps[-1].moved, steps[-1].total) == (12, 12)
    assert waiting(environment, environment.names.queue) == pairs(*bodies)
    assert waiting(environment, environment.names.dead_letter_queue) == []


@pytest.mark.parametrize("operation", ["send_message", "delete_message"])
def test_a_move_that_stops_half_way_loses_nothing(environment: Environment, operation: str) -> None:
    kill(environment, "a", "b", "c")
    broken = with_failing(environment, "sqs", Failing(environment.client("sqs"), operation, STOPPED, after=1))

    with pytest.raises(KeyboardInterrupt), hold_dead_letters(environment) as letters:
        list(redrive(broken, letters))

    sent = waiting(environment, environment.names.queue)
    kept = waiting(environment, environment.names.dead_letter_queue)
    assert {*sent, *kept} == {*pairs("a", "b", "c")}
    assert len(sent) + len(kept) == (3 if operation == "send_message" else 4)


def test_only_the_chosen_message_is_moved(environment: Environment) -> None:
    kill(environment, "a", "b")

    with hold_dead_letters(environment) as letters:
        list(redrive(environment, [letter for letter in letters if letter.body == "b"]))

    assert waiting(environment, environment.names.queue) == pairs("b")
    assert waiting(environment, environment.names.dead_letter_queue) == pairs("a")


def test_only_the_chosen_message_is_dropped(environment: Environment) -> None:
    kill(environment, "a", "b")

    with hold_dead_letters(environment) as letters:
        delete_dead_letter(environment, letters[0])

    assert waiting(environment, environment.names.dead_letter_queue) == pairs(letters[1].body)


def test_a_purge_empties_the_dead_letter_queue_and_no_other(environment: Environment) -> None:
    kill(environment, "dead")
    url = environment.queue_url(environment.names.queue)
    environment.client("sqs").send_message(
        QueueUrl=url,
        MessageBody="alive",
        MessageAttributes={"origin": {"DataType": "String", "StringValue": "alive"}},
    )

    purge_dead_letters(environment)

    assert waiting(environment, environment.names.dead_letter_queue) == []
    assert waiting(environment, environment.names.queue) == pairs("alive")


def test_a_hint_is_told_with_the_times_it_was_received(environment: Environment) -> None:
    kill(environment, json.dumps({"version": 1}))

    with hold_dead_letters(environment) as letters:
        pass

    assert letters[0].receives >= 2
    assert letters[0].attributes["origin"]["StringValue"] == letters[0].body
