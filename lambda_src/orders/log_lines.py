"""A function's log lines, without what is known of the function anyway: CloudWatch bills each byte."""

import json
from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools import Logger

# The log group has the function's name, `service` the use case, and Lambda's own report how much memory it has and
# whether it had to be started.
_KNOWN_ANYWAY = {"function_name", "function_arn", "function_memory_size", "cold_start"}


def function_logger() -> Logger:
    """Return the logger of a function's handler; what a function imports logs by `Logger(child=True)`."""
    return Logger(json_serializer=_line)


def _line(fields: Mapping[str, Any]) -> str:
    # What went well is found by its message; where it says so in the code is for what didn't.
    known = _KNOWN_ANYWAY | {"location"} if fields.get("level") == "INFO" else _KNOWN_ANYWAY
    told = {name: value for name, value in fields.items() if name not in known}
    return json.dumps(told, default=str, separators=(",", ":"), ensure_ascii=False)
