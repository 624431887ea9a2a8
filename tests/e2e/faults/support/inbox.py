"""A reader that moves all messages of the mailbox queue to a history."""

import json
import threading
from typing import Any, Self

from tests.e2e.faults.support.history import Event, History, now
from tests.e2e.support.administrator_access import AdministratorAccess


class Inbox:
    """Reads announcements in a thread while the context manager is open."""

    def __init__(self, account: AdministratorAccess, history: History) -> None:
        self.read = 0
        self._told: set[str] = set()
        self._sqs: Any = account.client("sqs")
        self._url = account.outputs["mailbox_queue_url"]
        self._history = history
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._read_all, name="inbox", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    @property
    def duplicates(self) -> int:
        """The number of announcements that were repeats, by their ids."""
        return self.read - self.different

    @property
    def different(self) -> int:
        """The number of announcements without the repeats."""
        return len(self._told)

    def has(self, user: str, order_id: str, version: int) -> bool:
        """Return True if that version of the order was announced."""
        return f"{user}/{order_id}/{version}" in self._told

    def _read_all(self) -> None:
        while not self._done.is_set():
            answer = self._sqs.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10, WaitTimeSeconds=1)
            messages = answer.get("Messages", [])
            for message in messages:
                self._note(json.loads(message["Body"])["MessageAttributes"])
            if messages:
                entries = [
                    {"Id": message["MessageId"], "ReceiptHandle": message["ReceiptHandle"]} for message in messages
                ]
                self._sqs.delete_message_batch(QueueUrl=self._url, Entries=entries)

    def _note(self, attributes: dict[str, dict[str, str]]) -> None:
        user, order_id = attributes["user_id"]["Value"], attributes["order_id"]["Value"]
        version = int(attributes["version"]["Value"])
        self.read += 1
        self._told.add(attributes["announcement_id"]["Value"])
        status = attributes["status"]["Value"]
        self._history.write(
            Event(kind="announced", user=user, id=order_id, answered=now(), status=status, version=version)
        )
