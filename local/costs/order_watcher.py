"""A customer who watches, over AppSync's WebSocket protocol."""

import base64
import json
from collections.abc import Mapping
from typing import Any, Self
from urllib.parse import urlsplit

from websockets.sync.client import ClientConnection, connect

from environments.user_error import UserError
from verify.customer import ORDER_FIELDS

PATIENCE_SECONDS = 20
SUBSCRIPTION = f"""\
subscription OrderChanged($userId: String!) {{ onOrderChanged(userId: $userId) {{ {ORDER_FIELDS} }} }}"""


class OrderWatcher:
    """A context manager: subscribed to the orders of a token's customer as long as it lasts."""

    def __init__(self, outputs: Mapping[str, Any], token: str) -> None:
        self._url = str(outputs["realtime_url"])
        self._authorization = {"host": urlsplit(outputs["graphql_url"]).netloc, "Authorization": token}
        self._user_id = _token_claims(token)["sub"]
        self._socket: ClientConnection

    def __enter__(self) -> Self:
        header = base64.urlsafe_b64encode(json.dumps(self._authorization).encode()).decode().rstrip("=")
        protocols: Any = ["graphql-ws", f"header-{header}"]
        self._socket = connect(self._url, subprotocols=protocols, proxy=None)
        self._send({"type": "connection_init"})
        self._next("connection_ack")
        data = json.dumps({"query": SUBSCRIPTION, "variables": {"userId": self._user_id}})
        payload = {"data": data, "extensions": {"authorization": self._authorization}}
        self._send({"id": "1", "type": "start", "payload": payload})
        self._next("start_ack")
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def hear(self, *, until: str) -> None:
        """Return when an order is heard to be in the status."""
        while self._next("data")["payload"]["data"]["onOrderChanged"]["status"] != until:
            pass

    def _send(self, message: Mapping[str, Any]) -> None:
        self._socket.send(json.dumps(message))

    def _next(self, type_: str) -> dict[str, Any]:
        while True:
            try:
                message: dict[str, Any] = json.loads(self._socket.recv(PATIENCE_SECONDS))
            except TimeoutError as error:
                raise UserError(f"a customer who watches got no {type_} within {PATIENCE_SECONDS} s") from error
            if message["type"] == type_:
                return message


def _token_claims(token: str) -> dict[str, Any]:
    """Return what a token says."""
    part = token.split(".")[1]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return found
