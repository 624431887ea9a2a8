"""The hints on SQS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orders.domain.hint import hint_text
from orders.domain.order import OrderKey

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


class SqsHints:
    """The port Hints on an SQS queue."""

    def __init__(self, client: SQSClient, *, queue_url: str) -> None:
        self._client = client
        self._queue_url = queue_url

    def send(self, key: OrderKey) -> None:
        """Send a hint without the queue's delay: the order's change window is over."""
        self._client.send_message(QueueUrl=self._queue_url, MessageBody=hint_text(key), DelaySeconds=0)
