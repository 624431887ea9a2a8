"""Subscribers of the GraphQL API, reached through its mutation publishOrder."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.httpsession import URLLib3Session

from orders.domain.order import Order

if TYPE_CHECKING:
    from boto3 import Session

# Without TCP_NODELAY a request's body waits 40 ms until its head is acknowledged. botocore's own
# clients set it too.
_SEND_AT_ONCE = [(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)]
# The fields of PublishOrderInput, and how each is read from an order.
_FIELDS: dict[str, Callable[[Order], str | int | None]] = {
    "id": lambda order: order.key.order_id,
    "userId": lambda order: order.key.user_id,
    "name": lambda order: order.name,
    "quantity": lambda order: order.quantity,
    "restaurantId": lambda order: order.restaurant_id,
    "unitPrice": lambda order: order.unit_price.minor_units,
    "total": lambda order: order.total.minor_units,
    "currency": lambda order: order.total.currency,
    "status": lambda order: str(order.status),
    "failureReason": lambda order: order.failure_reason,
    "createdAt": lambda order: order.created_at,
    "updatedAt": lambda order: order.updated_at,
    "changeableUntil": lambda order: order.changeable_until,
    "version": lambda order: order.version,
}
# A subscriber receives only the fields that the mutation selects. orderStatus equals status.
PUBLISH_ORDER = f"""\
mutation PublishOrder($input: PublishOrderInput!) {{
  publishOrder(input: $input) {{ {" ".join(_FIELDS)} orderStatus }}
}}"""


class PublishRefused(Exception):
    """The API's answer was not the published order."""


class AppSyncSubscribers:
    """The port Subscribers over HTTP; requests are signed with the function's own role."""

    def __init__(
        self, session: Session, *, graphql_url: str, connect_seconds: float, read_seconds: float, connections: int
    ) -> None:
        self._session = session
        self._graphql_url = graphql_url
        self._http = URLLib3Session(
            max_pool_connections=connections,
            timeout=(connect_seconds, read_seconds),  # type: ignore[arg-type]  # the stubs know one number only
            socket_options=_SEND_AT_ONCE,  # type: ignore[arg-type]  # the stubs take them for texts
        )

    def notify(self, order: Order) -> None:
        """Publish the order as it is now to its subscribers.

        Raises PublishRefused for any other answer, BotoCoreError when the API can't be reached.
        """
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
    """Return True if the answer has the published order and no errors.

    GraphQL answers with status 200 in either case.
    """
    try:
        answer = json.loads(content)
    except ValueError:
        return False
    if not isinstance(answer, dict) or answer.get("errors"):
        return False
    data = answer.get("data")
    return isinstance(data, dict) and bool(data.get("publishOrder"))


def publish_order_input(order: Order) -> dict[str, str | int | None]:
    """Return the order as PublishOrderInput, with money in minor units."""
    return {name: value_of(order) for name, value_of in _FIELDS.items()}
