"""The messages of the real-time protocol, as JSON text."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from emulator.appsync.errors import RequestRefused
from emulator.appsync.request_limits import JSON_VALUES_MAX
from emulator.untrusted_json import NotJson, parse_object

SUBPROTOCOL = "graphql-ws"
CONNECTION_TIMEOUT_MILLISECONDS = 300_000  # a client's wait for the next `ka`
KEEP_ALIVE = '{"type":"ka"}'
CONNECTION_ACK = json.dumps(
    {"type": "connection_ack", "payload": {"connectionTimeoutMs": CONNECTION_TIMEOUT_MILLISECONDS}}
)


@dataclass(frozen=True)
class Start:
    """A client's request to subscribe; `data` is the GraphQL request as text."""

    id: str
    data: str
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Stop:
    """A client's request to end a subscription."""

    id: str


@dataclass(frozen=True)
class Init:
    """A client's first message."""


class NotUnderstood(Exception):
    """A message that the protocol lacks; the error names the subscription if the message did."""

    def __init__(self, id_: str | None, message: str) -> None:
        super().__init__(message)
        self.id = id_


def read(text: str | None) -> Init | Start | Stop:
    """Return the message in a text frame; raises NotUnderstood."""
    message = _object(text)
    kind, id_ = message.get("type"), message.get("id")
    named = id_ if isinstance(id_, str) and id_ else None
    if kind == "connection_init":
        return Init()
    if kind not in ("start", "stop"):
        raise NotUnderstood(named, "unknown not supported through the realtime channel")
    if named is None:
        raise NotUnderstood(None, f"{kind} needs the id of a subscription.")
    if kind == "stop":
        return Stop(named)
    payload = message.get("payload")
    data = payload.get("data") if isinstance(payload, dict) else None
    if not isinstance(payload, dict) or not isinstance(data, str):
        raise NotUnderstood(named, "unknown not supported through the realtime channel")
    extensions = payload.get("extensions")
    return Start(named, data, header_values(extensions.get("authorization") if isinstance(extensions, dict) else None))


def header_values(given: object) -> dict[str, str]:
    """Return the headers that a client sends as a JSON object, names in lower case."""
    if not isinstance(given, dict):
        return {}
    return {str(name).lower(): value for name, value in given.items() if isinstance(value, str)}


def start_ack(id_: str) -> str:
    """Return the message that confirms a subscription."""
    return json.dumps({"id": id_, "type": "start_ack"})


def complete(id_: str) -> str:
    """Return the message that a subscription has ended."""
    return json.dumps({"id": id_, "type": "complete"})


def data(id_: str, payload: str) -> str:
    """Return a message with a payload, which is JSON text made once for all with the same one."""
    return f'{{"id":{json.dumps(id_)},"type":"data","payload":{payload}}}'


def error(id_: str | None, errors: Iterable[Mapping[str, Any]]) -> str:
    """Return the message that a subscription, or a message, is refused."""
    told = {"type": "error", "payload": {"errors": list(errors)}}
    return json.dumps(told if id_ is None else {"id": id_, **told})


def connection_error(refused: RequestRefused) -> str:
    """Return the message that a connection is refused."""
    told = {"errorType": refused.error_type, "message": refused.message, "errorCode": refused.status}
    return json.dumps({"type": "connection_error", "payload": {"errors": [told]}})


def _object(text: str | None) -> dict[str, Any]:
    try:
        return parse_object(text or "", values_max=JSON_VALUES_MAX)
    except NotJson as failure:
        raise NotUnderstood(None, "The message is no object of JSON.") from failure
