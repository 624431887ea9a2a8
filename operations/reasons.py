"""Why a message is dead. SQS doesn't say, so it is read from the log and from the message itself."""

import json
from collections.abc import Sequence

from operations import moments
from operations.logs import LogLine

KEYS = {"version", "user_id", "id"}
UNKNOWN = (
    "start_workflow logged nothing about it: it was throttled, ran out of time or had no right to run"
    " (or its log is older than the retention)"
)


def order_named(body: str) -> tuple[str, str] | None:
    """User and order id of a hint of version 1; None for any other message. A test compares it with the functions."""
    try:
        hint = json.loads(body)
    except ValueError:
        return None
    if not isinstance(hint, dict) or hint.keys() != KEYS or type(hint["version"]) is not int or hint["version"] != 1:
        return None
    user_id, order_id = hint["user_id"], hint["id"]
    if not (isinstance(user_id, str) and user_id and isinstance(order_id, str) and order_id):
        return None
    return user_id, order_id


def reason(body: str, message_id: str, lines: Sequence[LogLine]) -> str:
    """Why the message failed, from the lines that name it, else from its shape."""
    said = [line for line in lines if line.fields.get("message_id") == message_id]
    if said:
        last = said[-1]
        return f"{failure(last)} ({len(said)} times, last {moments.text(last.at)})"
    if order_named(body) is None:
        return 'not a hint: expected {"version": 1, "user_id": …, "id": …}'
    return UNKNOWN


def failure(line: LogLine) -> str:
    """What a log line says went wrong: its message, and the exception's last line if it has one."""
    message = str(line.fields.get("message", "")).strip()
    trace = str(line.fields.get("exception", "")).strip().splitlines()
    return f"{message}: {trace[-1].strip()}" if trace else message
