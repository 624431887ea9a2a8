"""Finds the reason why a message is dead. SQS doesn't say, so the log and the message itself are read."""

import json
import re
from collections.abc import Sequence
from typing import Any

from operations import timestamps
from operations.logs import LogLine

HINT_KEYS = {"version", "user_id", "id"}
# Bytes of UTF-8 in the keys of a row.
LARGEST_BYTES = {"user_id": 2048, "id": 1024}
# `botocore.exceptions.ClientError: An error occurred (Denied) when calling the Publish operation: …`
SDK_ERROR = re.compile(r"^[\w.]+: An error occurred \((\w+)\) when calling the (\w+) operation")
SHORT_SDK_ERROR = r"\1 at \2"
UNKNOWN_REASON = (
    "start_workflow logged nothing about it: it was throttled, ran out of time or had no right to run"
    " (or its log is older than the retention)"
)


def hinted_order(body: str) -> tuple[str, str] | None:
    """User and order id of a hint of version 1; None for any other message. A test compares it with the functions."""
    try:
        hint = json.loads(body, object_pairs_hook=_without_repeats)
    except (ValueError, RecursionError):
        return None
    if (
        not isinstance(hint, dict)
        or hint.keys() != HINT_KEYS
        or type(hint["version"]) is not int
        or hint["version"] != 1
    ):
        return None
    if not all(_is_key(hint[name], largest) for name, largest in LARGEST_BYTES.items()):
        return None
    return hint["user_id"], hint["id"]


def failure_reason(body: str, message_id: str, lines: Sequence[LogLine]) -> str:
    """Return why the message failed, from the lines that name it, else from its shape."""
    said = [line for line in lines if line.fields.get("message_id") == message_id]
    if said:
        last = said[-1]
        return f"{logged_failure(last)} ({len(said)} times, last {timestamps.time_text(last.at)})"
    if hinted_order(body) is None:
        return 'not a hint: expected {"version": 1, "user_id": …, "id": …}'
    return UNKNOWN_REASON


def logged_failure(line: LogLine) -> str:
    """Return what a log line says went wrong: its message, and the exception's last line if it has one."""
    message = str(line.fields.get("message", "")).strip()
    trace = str(line.fields.get("exception", "")).strip().splitlines()
    return f"{message}: {SDK_ERROR.sub(SHORT_SDK_ERROR, trace[-1].strip())}" if trace else message


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is there twice")
    return found


def _is_key(value: object, largest: int) -> bool:
    if not isinstance(value, str):
        return False
    try:
        return 1 <= len(value.encode()) <= largest
    except UnicodeEncodeError:
        return False
