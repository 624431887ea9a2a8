"""Numbers of the local run."""

import io
import json
from datetime import UTC, datetime, timedelta
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request

import pytest

from environments.user_error import UserError
from local import run_numbers
from local.run_numbers import read_run_numbers

SINCE = datetime(2026, 1, 1, 12, 0, 0, tzinfo=UTC)
OUTPUTS = {
    "web_url": "http://127.0.0.1:4566/",
    "aws_endpoint_url": "http://127.0.0.1:4566",
    "mailbox_queue_url": "http://mailbox",
}
FLOW = {
    "since": "2026-01-01T12:00:00.000Z",
    "deadLetters": 2,
    "announcements": {"sent": 9, "undelivered": 0},
    "orders": {"PAID": 3, "PENDING": 2, "PAYING": 1, "of \x1b another": 1},
}


class Mailbox:
    """A queue with mails in it."""

    def __init__(self, mails: int = 7) -> None:
        self.mails = mails

    def get_queue_attributes(self, **_: object) -> dict[str, Any]:
        return {"Attributes": {"ApproximateNumberOfMessages": f"{self.mails}"}}


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, Any]:
    """The server's answers by their addresses."""
    documents = {
        "http://127.0.0.1:4566/config.json": {"changeWindowSeconds": 0},
        "http://127.0.0.1:4566/_local/flow": FLOW,
    }

    def answer(request: Request, **_: object) -> io.BytesIO:
        if request.full_url.endswith("flow"):
            assert request.get_header("X-local-token") == "the token"
        return io.BytesIO(json.dumps(documents[request.full_url]).encode())

    (tmp_path / "engineer-token").write_text("the token")
    monkeypatch.setattr(run_numbers, "open_url", answer)
    monkeypatch.setattr(run_numbers, "client", lambda *_: Mailbox())
    return documents


def test_the_numbers_are_those_of_the_run(answers: dict[str, Any], tmp_path: Path) -> None:
    found = read_run_numbers(tmp_path, OUTPUTS, now=SINCE + timedelta(days=1, hours=2, minutes=3, milliseconds=4567))

    assert found == [
        ("up for", "1 day, 2:03:04, since 2026-01-01 12:00:00 UTC"),
        ("change window", "none: an order is paid at once"),
        ("orders", "7, 3 of them open: 2 PENDING, 1 PAYING, 3 PAID, 1 of \\x1b another"),
        ("dead letters", "2"),
        ("undelivered", "0"),
        ("mails", "7 announcements in the mailbox"),
    ]


def test_one_announcement_is_one(answers: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(run_numbers, "client", lambda *_: Mailbox(1))

    assert dict(read_run_numbers(tmp_path, OUTPUTS))["mails"] == "1 announcement in the mailbox"


def test_a_fresh_run_with_a_change_window(answers: dict[str, Any], tmp_path: Path) -> None:
    answers["http://127.0.0.1:4566/config.json"] = {"changeWindowSeconds": 20}
    answers["http://127.0.0.1:4566/_local/flow"] = {**FLOW, "orders": {}}

    found = dict(read_run_numbers(tmp_path, OUTPUTS))

    assert found["change window"] == "20 s"
    assert found["orders"] == "0, 0 of them open"


@pytest.mark.parametrize("error", [TimeoutError("timed out"), ConnectionResetError("reset")])
def test_a_run_that_tells_no_numbers_is_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, error: OSError
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(run_numbers, "open_url", fail)

    with pytest.raises(UserError) as refused:
        read_run_numbers(tmp_path, OUTPUTS)

    assert str(refused.value) == f"GET http://127.0.0.1:4566/config.json brought no numbers: {error}"


@pytest.mark.parametrize(
    ("body", "reason"),
    [(b'{"message": "no such table"}', "no such table"), (b"<html>", "Bad Gateway"), (b"[]", "Bad Gateway")],
)
def test_what_the_server_says_of_a_failure_is_in_the_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, body: bytes, reason: str
) -> None:
    def refuse(request: Request, **_: object) -> None:
        raise HTTPError(request.full_url, 502, "Bad Gateway", Message(), io.BytesIO(body))

    monkeypatch.setattr(run_numbers, "open_url", refuse)

    with pytest.raises(UserError) as refused:
        read_run_numbers(tmp_path, OUTPUTS)

    assert str(refused.value) == f"GET http://127.0.0.1:4566/config.json brought no numbers: 502, {reason}"
