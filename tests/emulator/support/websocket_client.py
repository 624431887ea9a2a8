"""A client of the real-time protocol that sends and reads single messages."""

import base64
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from websockets.sync.client import connect
from websockets.sync.connection import Connection
from websockets.typing import Subprotocol

PROTOCOL = Subprotocol("graphql-ws")
WITHIN_SECONDS = 10


class Listener:
    """One connection on which a test sends and reads JSON."""

    def __init__(self, socket: Connection, headers: Mapping[str, str]) -> None:
        self.socket = socket
        self.headers = headers

    def say(self, **message: Any) -> None:
        """Send a message."""
        self.socket.send(json.dumps(message))

    def hear(self, *, within_seconds: float = WITHIN_SECONDS) -> dict[str, Any]:
        """Return the next message that isn't `ka`."""
        while True:
            message: dict[str, Any] = json.loads(self.socket.recv(timeout=within_seconds))
            if message["type"] != "ka":
                return message

    def hears_nothing(self, *, for_seconds: float = 0.3) -> bool:
        """Return True if no message comes for a while."""
        try:
            return bool(self.hear(within_seconds=for_seconds) is None)
        except TimeoutError:
            return True

    def begin(self) -> dict[str, Any]:
        """Send connection_init; return the answer."""
        self.say(type="connection_init")
        return self.hear()

    def start(
        self,
        query: str,
        variables: Mapping[str, Any] | None = None,
        *,
        id_: str = "1",
        headers: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """Subscribe; return the answer."""
        data = json.dumps({"query": query, "variables": variables or {}})
        authorization = self.headers if headers is None else headers
        self.say(id=id_, type="start", payload={"data": data, "extensions": {"authorization": authorization}})
        return self.hear()


def host_of(url: str) -> str:
    """Return the host and port of a URL."""
    return url.split("/")[2]


def encoded(value: object) -> str:
    """Encode a value as JSON in base64, as the query parameter needs it."""
    return base64.b64encode(json.dumps(value).encode()).decode()


@contextmanager
def listening(url: str, headers: Mapping[str, str], *, begun: bool = True) -> Iterator[Listener]:
    """Connect to the real-time endpoint of a GraphQL URL, with credentials in the query."""
    address = f"{url.replace('http', 'ws', 1)}/realtime?header={encoded(headers)}&payload={encoded({})}"
    with connect(address, subprotocols=[PROTOCOL], proxy=None, close_timeout=1) as socket:
        listener = Listener(socket, headers)
        if begun:
            assert listener.begin()["type"] == "connection_ack"
        yield listener
