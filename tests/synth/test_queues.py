"""Poison messages land in the dead-letter queue, and the queues fit their consumers."""

import json

from deployment.repository_paths import ROOT
from environments.settings import load_settings
from tests.synth.support.stack_json import StackJson, name_of, path_of

FOURTEEN_DAYS = 14 * 24 * 60 * 60


def test_a_message_moves_to_the_dead_letter_queue_after_four_receives(stack: StackJson) -> None:
    redrive = json.loads(stack.named("sqs_queue", "placed")["redrive_policy"])

    assert redrive["maxReceiveCount"] == 4
    assert redrive["deadLetterTargetArn"].startswith("arn:aws:sqs:")
    assert redrive["deadLetterTargetArn"].split(":")[5] == name_of(stack.named("sqs_queue", "placed-dead-letters"))


def test_the_dead_letter_queue_takes_messages_of_that_queue_only(stack: StackJson) -> None:
    allowed = json.loads(stack.named("sqs_queue", "placed-dead-letters")["redrive_allow_policy"])

    (source,) = allowed["sourceQueueArns"]
    assert allowed["redrivePermission"] == "byQueue"
    assert source.split(":")[5] == name_of(stack.named("sqs_queue", "placed"))


def test_the_arns_known_in_advance_are_of_this_account_and_region(stack: StackJson) -> None:
    provider = stack.document["provider"]["aws"][0]
    redrive = json.loads(stack.named("sqs_queue", "placed")["redrive_policy"])
    allowed = json.loads(stack.named("sqs_queue", "placed-dead-letters")["redrive_allow_policy"])

    arns = [redrive["deadLetterTargetArn"], *allowed["sourceQueueArns"]]

    (account,) = provider["allowed_account_ids"]
    assert {tuple(arn.split(":")[:5]) for arn in arns} == {("arn", "aws", "sqs", provider["region"], account)}


def test_the_queue_waits_for_its_dead_letter_queue(stack: StackJson) -> None:
    (before,) = (name for name in stack.named("sqs_queue", "placed")["depends_on"] if name.startswith("aws_sqs_queue."))

    assert stack.referred(f"${{{before}.arn}}") is stack.named("sqs_queue", "placed-dead-letters")


def test_dead_letters_are_kept_for_fourteen_days(stack: StackJson) -> None:
    assert stack.named("sqs_queue", "placed-dead-letters")["message_retention_seconds"] == FOURTEEN_DAYS


def test_an_alarm_watches_the_dead_letters(stack: StackJson) -> None:
    alarm = stack.named("cloudwatch_metric_alarm", "dead-letters")

    assert (alarm["namespace"], alarm["metric_name"]) == ("AWS/SQS", "ApproximateNumberOfMessagesVisible")
    assert alarm["dimensions"] == {"QueueName": name_of(stack.named("sqs_queue", "placed-dead-letters"))}
    assert (alarm["threshold"], alarm["comparison_operator"]) == (0, "GreaterThanThreshold")


def test_a_message_stays_hidden_six_times_as_long_as_its_consumer_may_take(stack: StackJson) -> None:
    queue = stack.named("sqs_queue", "placed")
    consumer = stack.named("lambda_function", "start-workflow")

    assert queue["visibility_timeout_seconds"] >= 6 * consumer["timeout"]


def test_consumers_wait_for_messages_instead_of_asking_again(stack: StackJson) -> None:
    assert stack.named("sqs_queue", "placed")["receive_wait_time_seconds"] == 20


def test_every_queue_is_encrypted(stack: StackJson) -> None:
    for queue in stack.all("sqs_queue"):
        # SQS accepts only one of the two.
        assert ("sqs_managed_sse_enabled" in queue) is not ("kms_master_key_id" in queue), path_of(queue)


def test_only_the_settings_give_a_mailbox(stacks: dict[str, StackJson]) -> None:
    wanted = {settings.environment for settings in load_settings(ROOT / "environments.toml") if settings.mailbox}

    with_mailbox = {
        name for name, stack in stacks.items() if "mailbox" in {path_of(queue) for queue in stack.all("sqs_queue")}
    }

    assert with_mailbox == wanted == {"local"}
