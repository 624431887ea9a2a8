"""Messages that failed four times: looking at them, moving them back, removing them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from environments.user_error import UserError
from operations.environment import Environment

# For so long nobody else sees a message that is looked at; if this program dies, it is back by then.
HOLD_SECONDS = 60
MOST = 1000
# What SQS gives at once.
BATCH = 10
# What services without move tasks answer.
NO_MOVE_TASKS = {
    "InvalidAction",
    "UnknownOperationException",
    "UnsupportedOperation",
    "AWS.SimpleQueueService.UnsupportedOperation",
}

# What SQS answers for a message that was deleted, or held for too long.
GONE = {"InvalidParameterValue", "MessageNotInflight", "ReceiptHandleIsInvalid"}
GONE |= {f"AWS.SimpleQueueService.{code}" for code in GONE}


@dataclass(frozen=True, kw_only=True)
class DeadLetter:
    """A message in the dead-letter queue."""

    message_id: str
    body: str
    sent_at: int
    receives: int
    came_from: str | None
    attributes: dict[str, Any]
    handle: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class RedriveProgress:
    """The progress of a move."""

    moved: int
    total: int


@contextmanager
def hold_dead_letters(environment: Environment, *, most: int = MOST) -> Iterator[list[DeadLetter]]:
    """The dead letters, oldest first; when the block ends, those that weren't deleted are back in their queue."""
    sqs, url = environment.client("sqs"), environment.queue_url(environment.names.dead_letter_queue)
    letters: list[DeadLetter] = []
    try:
        while len(letters) < most and (batch := _receive(sqs, url, most=most - len(letters))):
            letters += batch
        letters.sort(key=lambda letter: letter.sent_at)
        yield letters
    finally:
        _put_back(sqs, url, letters)


def count_messages(environment: Environment, queue: str) -> dict[str, int]:
    """A queue's messages: `waiting`, `at work`, `delayed`; SQS counts approximately."""
    names = {
        "waiting": "ApproximateNumberOfMessages",
        "at work": "ApproximateNumberOfMessagesNotVisible",
        "delayed": "ApproximateNumberOfMessagesDelayed",
    }
    answer = environment.client("sqs").get_queue_attributes(
        QueueUrl=environment.queue_url(queue), AttributeNames=list(names.values())
    )
    return {word: int(answer["Attributes"][name]) for word, name in names.items()}


def redrive(environment: Environment, letters: Sequence[DeadLetter]) -> Iterator[RedriveProgress]:
    """Send each message again, then delete it: after a stop half way one message is there twice, and none is lost."""
    sqs, names = environment.client("sqs"), environment.names
    target, source = environment.queue_url(names.queue), environment.queue_url(names.dead_letter_queue)
    for done, letter in enumerate(letters, 1):
        sqs.send_message(QueueUrl=target, MessageBody=letter.body, MessageAttributes=letter.attributes)
        sqs.delete_message(QueueUrl=source, ReceiptHandle=letter.handle)
        yield RedriveProgress(moved=done, total=len(letters))


def redrive_all(environment: Environment, *, pause: Callable[[], None]) -> Iterator[RedriveProgress]:
    """Have SQS move all messages back; where it has no such task, do it here."""
    sqs, names = environment.client("sqs"), environment.names
    source, target = names.arn("sqs", names.dead_letter_queue), names.arn("sqs", names.queue)
    try:
        sqs.start_message_move_task(SourceArn=source, DestinationArn=target)
    except sqs.exceptions.ClientError as error:
        if error.response["Error"]["Code"] not in NO_MOVE_TASKS:
            raise
        yield from _redrive_all_by_hand(environment)
        return
    while True:
        task = sqs.list_message_move_tasks(SourceArn=source, MaxResults=1)["Results"][0]
        moved = task.get("ApproximateNumberOfMessagesMoved", 0)
        yield RedriveProgress(moved=moved, total=max(moved, task.get("ApproximateNumberOfMessagesToMove", 0)))
        if task["Status"] == "FAILED":
            raise UserError(
                f"SQS stopped moving after {moved} messages: {task.get('FailureReason', 'it gave no reason')}"
            )
        if task["Status"] not in ("RUNNING", "CANCELLING"):
            return
        pause()


def delete_dead_letter(environment: Environment, letter: DeadLetter) -> None:
    """Delete one message."""
    url = environment.queue_url(environment.names.dead_letter_queue)
    environment.client("sqs").delete_message(QueueUrl=url, ReceiptHandle=letter.handle)


def purge_dead_letters(environment: Environment) -> None:
    """Delete all messages of the dead-letter queue."""
    sqs = environment.client("sqs")
    try:
        sqs.purge_queue(QueueUrl=environment.queue_url(environment.names.dead_letter_queue))
    except sqs.exceptions.PurgeQueueInProgress:
        raise UserError("the queue was purged less than a minute ago; SQS does it once a minute") from None


def _redrive_all_by_hand(environment: Environment) -> Iterator[RedriveProgress]:
    # Not more than wait now: a message that fails again comes back, and must not be sent for ever.
    total, moved = count_messages(environment, environment.names.dead_letter_queue)["waiting"], 0
    while moved < total:
        with hold_dead_letters(environment, most=min(BATCH, total - moved)) as letters:
            for progress in redrive(environment, letters):
                yield RedriveProgress(moved=moved + progress.moved, total=total)
        if not letters:
            return
        moved += len(letters)


def _receive(sqs: Any, url: str, *, most: int) -> list[DeadLetter]:
    answer = sqs.receive_message(
        QueueUrl=url,
        MaxNumberOfMessages=min(BATCH, most),
        VisibilityTimeout=HOLD_SECONDS,
        # A long poll asks all of SQS's servers, a short one some of them.
        WaitTimeSeconds=1,
        AttributeNames=["All"],
        MessageAttributeNames=["All"],
    )
    return [_letter(message) for message in answer.get("Messages", [])]


def _letter(message: dict[str, Any]) -> DeadLetter:
    system = message["Attributes"]
    came_from = system.get("DeadLetterQueueSourceArn")
    return DeadLetter(
        message_id=message["MessageId"],
        body=message["Body"],
        sent_at=int(system["SentTimestamp"]),
        receives=int(system["ApproximateReceiveCount"]),
        came_from=came_from.rpartition(":")[2] if came_from else None,
        attributes=message.get("MessageAttributes", {}),
        handle=message["ReceiptHandle"],
    )


def _put_back(sqs: Any, url: str, letters: Sequence[DeadLetter]) -> None:
    """Let everybody see them again; one that was deleted meanwhile is no longer there to be seen."""
    for letter in letters:
        try:
            sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=letter.handle, VisibilityTimeout=0)
        except sqs.exceptions.ClientError as error:
            if error.response["Error"]["Code"] not in GONE:
                raise
