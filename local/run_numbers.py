"""Numbers of the local run, as `make status` shows them."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request

from deployment.colours import STATUS_TONES, coloured
from deployment.escaped_text import visible
from deployment.loopback_without_proxy import open_url
from environments.order_rules import FINAL_STATUSES, OPEN_STATUSES
from environments.user_error import UserError
from local.deploy import client
from local.engineer.token import TOKEN_HEADER, read_token

ANSWER_SECONDS = 10


def read_run_numbers(
    directory: Path, outputs: Mapping[str, Any], *, now: datetime | None = None
) -> list[tuple[str, str]]:
    """Return names and values; UserError when the run doesn't tell them."""
    flow_url = f"{outputs['aws_endpoint_url']}/_local/flow"
    window = read_change_window(outputs)
    flow = _read(flow_url, {TOKEN_HEADER: read_token(directory)})
    since = datetime.fromisoformat(flow["since"])
    up = timedelta(seconds=int(((now or datetime.now(UTC)) - since).total_seconds()))
    undelivered, mails = flow["announcements"]["undelivered"], _count_mails(outputs)
    return [
        ("up for", f"{up}, since {since:%Y-%m-%d %H:%M:%S} UTC"),
        ("change window", f"{window} s" if window else "none: an order is paid at once"),
        ("orders", _orders_text(flow["orders"])),
        ("dead letters", _bad_unless_zero(flow["deadLetters"])),
        ("undelivered", _bad_unless_zero(undelivered)),
        ("mails", f"{mails} announcement{'' if mails == 1 else 's'} in the mailbox"),
    ]


def read_change_window(outputs: Mapping[str, Any]) -> int:
    """Return for how many seconds an order can be changed on the run, as its page has it."""
    return int(_read(f"{outputs['web_url']}config.json", {})["changeWindowSeconds"])


def _orders_text(by_status: Mapping[str, int]) -> str:
    known = {status: by_status.get(status, 0) for status in (*OPEN_STATUSES, *FINAL_STATUSES)}
    others = {visible(status): count for status, count in by_status.items() if status not in known}
    parts = [_status_count(status, count) for status, count in {**known, **others}.items() if count]
    open_ = sum(known[status] for status in OPEN_STATUSES)
    return f"{sum(by_status.values())}, {open_} of them open" + (f": {', '.join(parts)}" if parts else "")


def _status_count(status: str, count: int) -> str:
    return coloured(f"{count} {status}", STATUS_TONES.get(status, "normal"))


def _bad_unless_zero(count: int) -> str:
    return coloured(f"{count}", "bad" if count else "normal")


def _count_mails(outputs: Mapping[str, Any]) -> int:
    name = "ApproximateNumberOfMessages"
    answer = client("sqs", outputs).get_queue_attributes(QueueUrl=outputs["mailbox_queue_url"], AttributeNames=[name])
    return int(answer["Attributes"][name])


def _read(url: str, headers: Mapping[str, str]) -> Any:
    try:
        with open_url(Request(url, headers=dict(headers)), timeout=ANSWER_SECONDS) as answer:  # noqa: S310  # loopback
            return json.load(answer)
    except HTTPError as error:
        raise UserError(f"GET {url} brought no numbers: {error.code}, {_reason(error)}") from error
    except (OSError, ValueError) as error:
        raise UserError(f"GET {url} brought no numbers: {error}") from error


def _reason(refused: HTTPError) -> str:
    """Return what the server says of a failure, or the name of its status."""
    try:
        return str(json.load(refused)["message"])
    except (OSError, ValueError, TypeError, KeyError):
        return refused.reason
