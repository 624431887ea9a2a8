"""Reasons why messages are dead."""

import json

import pytest
from orders.domain.hint import InvalidHint, parse_hint

from operations.dead_letter_reasons import UNKNOWN_REASON, failure_reason, hinted_order, logged_failure
from operations.logs import LogLine

HINT = json.dumps({"version": 1, "user_id": "u", "id": "o"})
BODIES = [
    HINT,
    "",
    "not JSON",
    "[]",
    "{}",
    '{"version": 2, "user_id": "u", "id": "o"}',
    '{"version": true, "user_id": "u", "id": "o"}',
    '{"version": 1.0, "user_id": "u", "id": "o"}',
    '{"version": 1, "user_id": "", "id": "o"}',
    '{"version": 1, "user_id": "u", "id": 5}',
    '{"version": 1, "user_id": "u", "id": "o", "more": 1}',
    '{"version": 1, "user_id": "u", "user_id": "v", "id": "o"}',
    r'{"version": 1, "user_id": "\ud800", "id": "o"}',
    r'{"version": 1, "user_id": "\u0000", "id": "\ud83c\udf55"}',
    json.dumps({"version": 1, "user_id": "é" * 1024, "id": "é" * 512}),
    json.dumps({"version": 1, "user_id": "é" * 1025, "id": "o"}),
    json.dumps({"version": 1, "user_id": "u", "id": "é" * 513}),
    '{"version": ' + "1" * 5000 + "}",
    "[" * 20_000,
]


def line(message_id: str, message: str, at: int = 1_767_225_600_000, **more: str) -> LogLine:
    return LogLine(at=at, fields={"message_id": message_id, "message": message, **more})


@pytest.mark.parametrize("body", BODIES, ids=lambda body: body[:60])
def test_a_hint_is_told_from_poison_as_the_functions_do(body: str) -> None:
    try:
        key = parse_hint(body)
        expected = (key.user_id, key.order_id)
    except InvalidHint:
        expected = None

    assert hinted_order(body) == expected


def test_the_log_says_why_and_how_often() -> None:
    lines = [
        line("m1", "poison message: x"),
        line("m2", "another"),
        line("m1", "poison message: x", at=1_767_225_660_000),
    ]

    assert failure_reason("{}", "m1", lines) == "poison message: x (2 times, last 2026-01-01 00:01:00.000Z)"


def test_an_exception_is_told_by_its_last_line() -> None:
    trace = "Traceback (most recent call last):\n  File …\nClientError: no right to start"
    aws = "botocore.exceptions.ClientError: An error occurred (Denied) when calling the Publish operation: no right"

    said = failure_reason(HINT, "m1", [line("m1", "could not start a workflow", exception=trace)])

    assert said.startswith("could not start a workflow: ClientError: no right to start (1 times")
    assert (
        logged_failure(line("m1", "could not announce", exception=aws))
        == "could not announce: Denied at Publish: no right"
    )


def test_without_a_log_the_message_itself_tells() -> None:
    assert failure_reason("{}", "m1", []).startswith("not a hint: expected")
    assert failure_reason(HINT, "m1", [line("m2", "another")]) == UNKNOWN_REASON
