"""Reads the logs of the functions and of the workflow."""

import json
from dataclasses import dataclass
from typing import Any

from operations.environment import Environment


@dataclass(frozen=True, kw_only=True)
class LogLine:
    """One structured log event."""

    at: int
    fields: dict[str, Any]


def read_lines(
    environment: Environment, group: str, *, naming: str, since: int, until: int, pattern: str | None = None
) -> list[LogLine]:
    """The JSON lines of a log group that hold the text, in time order; none when there is no such group.

    A text that is less than a word needs a filter pattern that finds it.
    """
    logs = environment.client("logs")
    pages = logs.get_paginator("filter_log_events").paginate(
        logGroupName=group, filterPattern=pattern or f'"{naming}"', startTime=since, endTime=until
    )
    found = []
    try:
        for page in pages:
            # Read again here, because a filter pattern is about words and this about text.
            found += [
                LogLine(at=event["timestamp"], fields=fields)
                for event in page["events"]
                if naming in event["message"] and (fields := _parse_line(event["message"])) is not None
            ]
    except logs.exceptions.ResourceNotFoundException:
        return []
    return sorted(found, key=lambda line: line.at)


def _parse_line(message: str) -> dict[str, Any] | None:
    try:
        fields = json.loads(message)
    except (ValueError, RecursionError):
        return None
    return fields if isinstance(fields, dict) else None
