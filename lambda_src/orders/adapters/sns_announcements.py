"""The announcements topic on SNS."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from orders.domain.announcement import Announcement

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sns.type_defs import MessageAttributeValueTypeDef


# SNS passes attributes on to queues, and SQS accepts only characters that XML allows.
_NOT_IN_ATTRIBUTES = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class SnsAnnouncements:
    """Messages on an SNS topic, with attributes for filters and for knowing a repeat."""

    def __init__(self, client: SNSClient, *, topic_arn: str) -> None:
        self._client = client
        self._topic_arn = topic_arn

    def publish(self, announcement: Announcement) -> None:
        """Publish a message to everybody who is subscribed to the topic."""
        order = announcement.order
        self._client.publish(
            TopicArn=self._topic_arn,
            Subject=announcement.subject,
            Message=announcement.text,
            MessageAttributes={
                "status": _text(order.status),
                "user_id": _text(order.key.user_id),
                "restaurant_id": _text(order.restaurant_id),
                "order_id": _text(order.key.order_id),
                "version": {"DataType": "Number", "StringValue": str(order.version)},
                "announcement_id": _text(announcement.id),
            },
        )


def _text(value: str) -> MessageAttributeValueTypeDef:
    return {"DataType": "String", "StringValue": _NOT_IN_ATTRIBUTES.sub("\ufffd", value)}
