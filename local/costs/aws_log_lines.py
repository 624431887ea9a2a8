"""Samples of AWS's own log lines about a function's run and about a request, which the emulator doesn't write."""

import json
from typing import Any

_ID = "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"
_API_ID = "pmo28inf75eepg63qxq4ekoeg4"
_TIME = "2026-11-29T12:00:00.000Z"
_TRACING = {"spanId": "a7a3f1b2c3d4e5f6", "type": "X-Amzn-Trace-Id", "value": f"Root=1-{'0' * 8}-{'0' * 24};Sampled=1"}


def lambda_lines(*, traced: bool) -> list[str]:
    """Return what Lambda logs of a run in the JSON format at level INFO.

    Source: Lambda Developer Guide, "Log-level filtering"; Telemetry API, event schema.
    """
    metrics = {"durationMs": 123.45, "billedDurationMs": 124, "memorySizeMB": 512, "maxMemoryUsedMB": 96}
    tracing = {"tracing": _TRACING} if traced else {}
    records = {
        "platform.start": {"requestId": _ID, "version": "$LATEST"},
        "platform.report": {"requestId": _ID, "metrics": metrics, **tracing, "status": "success"},
    }
    return [_compact({"time": _TIME, "type": type_, "record": record}) for type_, record in records.items()]


def request_entries() -> list[str]:
    """Return what AppSync logs of a request at any level of fields.

    Source: AppSync Developer Guide, "Using CloudWatch to monitor and log GraphQL API data". Headers and the query with
    its variables are verbose content (Amplify backend, DataLoggingOptions), which the API leaves out.
    """
    summary = {"requestId": _ID, "graphQLAPIId": _API_ID}
    step = {"startOffset": 129048, "duration": 69126}
    times = {"startTime": _TIME, "endTime": _TIME, "duration": 217406145, "version": 1}
    return [
        f"{_ID} Begin Request",
        _compact({"logType": "ExecutionSummary", **summary, **times, "parsing": step, "validation": step}),
        f"{_ID} Tokens Consumed: 1",
        _compact({"logType": "RequestSummary", **summary, "statusCode": 200, "latency": 242000000}),
        f"{_ID} End Request",
    ]


def _compact(document: dict[str, Any]) -> str:
    return json.dumps(document, separators=(",", ":"))
