"""Subscribers of the GraphQL API, reached through its publishOrder mutation."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING, Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.httpsession import URLLib3Session

from orders.domain.order import Order

if TYPE_CHECKING:
    from boto3 import Session

# Without it the body of a request waits for the acknowledgement of its head: 40 ms. botocore's own clients set it too.
_SEND_AT_ONCE = [(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)]
# A subscriber receives the fields that the mutation selects and no others.
PUBLISH_ORDER = """\
mutation PublishOrder($input: PublishOrderInput!) {
  publishOrder(input: $input) {
    id userId name quantity restaurantId unitPrice total currency status orderStatus failureReason
    createdAt updatedAt changeableUntil version
  }
}"""


class PublishRefused(Exception):
    """The API answered something else than the published order."""


class AppSyncSubscribers:
    """Publishes over HTTP, signed with the function's own role."""

    def __init__(self, session: Session, *, graphql_url: str, connect_seconds: float, read_seconds: float) -> None:
        self._session = session
        self._graphql_url = graphql_url
        self._http = URLLib3Session(
            timeout=(connect_seconds, read_seconds),  # type: ignore[arg-type]  # the stubs know one number only
            socket_options=_SEND_AT_ONCE,  # type: ignore[arg-type]  # the stubs take them for texts
        )

    def notify(self, order: Order) -> None:
        """Show subscribers the order as it now is; raises PublishRefused, or BotoCoreError when it can't be reached."""
        body = json.dumps({"query": PUBLISH_ORDER, "variables": {"input": publish_order_input(order)}})
        request = AWSRequest("POST", self._graphql_url, headers={"content-type": "application/json"}, data=body)
        credentials = self._session.get_credentials()
        if credentials is None:
            raise PublishRefused("no credentials to sign publishOrder with")
        SigV4Auth(credentials.get_frozen_credentials(), "appsync", self._session.region_name).add_auth(request)
        response = self._http.send(request.prepare())
        if response.status_code != 200 or not _is_published(response.content):
            raise PublishRefused(f"publishOrder answered {response.status_code}: {response.text[:300]}")


def _is_published(content: bytes) -> bool:
    """Whether GraphQL answered with the order and no errors, which it reports with status 200."""
    try:
        answer = json.loads(content)
    except ValueError:
        return False
    if not isinstance(answer, dict) or answer.get("errors"):
        return False
    data = answer.get("data")
    return isinstance(data, dict) and bool(data.get("publishOrder"))


def publish_order_input(order: Order) -> dict[str, Any]:
    """The order as PublishOrderInput: the fields of the Order type but orderStatus, money in minor units.

    What is published is past PENDING, so there is no time until which it could be changed; queries answer the same.
    """
    return {
        "id": order.key.order_id,
        "userId": order.key.user_id,
        "name": order.name,
        "quantity": order.quantity,
        "restaurantId": order.restaurant_id,
        "unitPrice": order.unit_price.minor_units,
        "total": order.total.minor_units,
        "currency": order.total.currency,
        "status": str(order.status),
        "failureReason": order.failure_reason,
        "createdAt": order.created_at,
        "updatedAt": order.updated_at,
        "changeableUntil": None,
        "version": order.version,
    }
