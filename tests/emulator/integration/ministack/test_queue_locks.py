"""Sending and deleting at the same moment, staged in this process as HTTP is too slow for it."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from ministack.services import sqs

from emulator.ministack.repairs.sqs import atomic_messages


class Interrupted(list[Any]):
    """A list that lets another thread run when it has been read to its end."""

    def __init__(self, items: list[Any], interruption: Callable[[], None]) -> None:
        super().__init__(items)
        self._interruption = interruption

    def __iter__(self) -> Iterator[Any]:
        yield from list.__iter__(self)
        thread = threading.Thread(target=self._interruption)
        thread.start()
        thread.join(0.2)


@pytest.fixture
def queue() -> Iterator[dict[str, Any]]:
    url = sqs._act_create_queue({"QueueName": "interrupted"}, "")["QueueUrl"]
    yield sqs._queues[url]
    sqs._act_delete_queue({"QueueUrl": url}, url)


def test_a_message_that_is_sent_while_another_one_is_deleted_stays(
    queue: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (*atomic_messages.STEPS, "_queues_lock"):
        monkeypatch.setattr(sqs, name, getattr(sqs, name))
    monkeypatch.setattr(sqs, "_HANDLERS", dict(sqs._HANDLERS))
    atomic_messages.apply(None)  # type: ignore[arg-type]  # this repair needs to know nothing of the run
    url = queue["url"]
    sqs._act_send_message({"QueueUrl": url, "MessageBody": "first"}, url)
    [first] = sqs._receive_messages_for_esm(url, 1)
    queue["messages"] = Interrupted(
        queue["messages"], lambda: sqs._act_send_message({"QueueUrl": url, "MessageBody": "second"}, url)
    )

    sqs._delete_messages_for_esm(url, {first["receipt_handle"]})

    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join(1)
    assert [message["body"] for message in queue["messages"]] == ["second"]
