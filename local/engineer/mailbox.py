"""The mail of the local run: what the topic's subscribers got, and the codes that Cognito sent."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from local.emulator.embedded import ACCOUNT_ID
from local.emulator.tallies import NEWEST, tallies, waiting_envelopes

Mail = dict[str, Any]


def newest_mail(outputs: Mapping[str, Any]) -> list[Mail]:
    """Return the newest mails, newest first; nothing is taken from the queue that stands in for the inbox."""
    queue_name = str(outputs["mailbox_queue_url"]).rpartition("/")[2]
    queue_arn = f"arn:aws:sqs:{outputs['region']}:{ACCOUNT_ID}:{queue_name}"
    with tallies.lock:
        delivered = list(tallies.delivered.get(queue_arn, ()))
    # The queue also holds what came before the server's last start; others may have taken from it what came since.
    announcements = {
        envelope["MessageId"]: (at, envelope) for at, envelope in [*waiting_envelopes(queue_arn), *delivered]
    }
    mails = [(at, _announcement(envelope)) for at, envelope in announcements.values()]
    mails += [(at, _code(sent)) for at, sent in list(tallies.codes) if sent["pool"] == outputs["user_pool_id"]]
    newest = sorted(mails, key=lambda mail: mail[0], reverse=True)[:NEWEST]
    return [{"at": _iso(at), "id": f"{at}", **mail} for at, mail in newest]


def _announcement(envelope: Mapping[str, Any]) -> Mail:
    attributes = envelope.get("MessageAttributes") or {}
    return {
        "id": envelope["MessageId"],
        "to": "subscribers",
        "subject": envelope.get("Subject") or "",
        "text": envelope["Message"],
        "attributes": {name: attribute["Value"] for name, attribute in attributes.items()},
    }


def _code(sent: Mapping[str, Any]) -> Mail:
    return {**{name: sent[name] for name in ("to", "subject", "text")}, "attributes": {}}


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
