"""The mail of the local run: what the topic's subscribers got, and the codes that Cognito sent."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from emulator.ministack.account import ACCOUNT_ID
from emulator.ministack.counters import NEWEST, Came, counters, waiting_envelopes

Mail = dict[str, Any]


def newest_mail(outputs: Mapping[str, Any]) -> list[Mail]:
    """Return the newest announcements and the newest mails with codes, newest first.

    Nothing is taken from the queue that stands in for the inbox. Neither kind pushes out the other: without its code
    nobody gets on.
    """
    queue_name = str(outputs["mailbox_queue_url"]).rpartition("/")[2]
    queue_arn = f"arn:aws:sqs:{outputs['region']}:{ACCOUNT_ID}:{queue_name}"
    with counters.lock:
        delivered = list(counters.delivered.get(queue_arn, ()))
        codes = list(counters.codes.get(str(outputs["user_pool_id"]), ()))
    # The queue also holds what came before the server's last start; others may have taken from it what came since.
    announcements = {
        envelope["MessageId"]: (at, envelope) for at, envelope in [*waiting_envelopes(queue_arn), *delivered]
    }
    newest = sorted(announcements.values(), key=_arrival, reverse=True)[:NEWEST]
    mails = [(at, _announcement(envelope)) for at, envelope in newest]
    mails += [(at, {**mail, "attributes": {}}) for at, mail in codes]
    return [{"at": _iso(at), "id": f"{at}", **mail} for at, mail in sorted(mails, key=_arrival, reverse=True)]


def _announcement(envelope: Mapping[str, Any]) -> Mail:
    attributes = envelope.get("MessageAttributes") or {}
    return {
        "id": envelope["MessageId"],
        "to": "subscribers",
        "subject": envelope.get("Subject") or "",
        "text": envelope["Message"],
        "attributes": {name: attribute["Value"] for name, attribute in attributes.items()},
    }


def _arrival(came: Came) -> float:
    return came[0]


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
