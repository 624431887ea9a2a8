"""The queue that stands in for an e-mail inbox."""

import json
from dataclasses import dataclass

from tests.e2e.support.administrator_access import AdministratorAccess
from verify.polling import eventually


@dataclass(frozen=True)
class Mail:
    """An announcement as it arrived."""

    subject: str
    text: str
    attributes: dict[str, str]


class Mailbox:
    """Collects all mails, and sorts them by the customer that they are about."""

    def __init__(self, account: AdministratorAccess) -> None:
        self._account = account
        self._mails: list[Mail] = []

    def about(self, user_id: str) -> list[Mail]:
        """Return the mails about a customer's orders that have arrived so far."""
        for message in self._account.messages("mailbox_queue_url", remove=True):
            body = json.loads(message["Body"])
            attributes = {name: attribute["Value"] for name, attribute in body["MessageAttributes"].items()}
            self._mails.append(Mail(body["Subject"], body["Message"], attributes))
        return [mail for mail in self._mails if mail.attributes["user_id"] == user_id]

    def wait_for(self, user_id: str, *, count: int, within_seconds: float = 20) -> list[Mail]:
        """Wait for that many mails and a moment longer, in case more arrive; return them."""
        eventually(lambda: self.about(user_id), lambda mails: len(mails) >= count, within_seconds=within_seconds)
        return eventually(lambda: self.about(user_id), lambda mails: len(mails) > count, within_seconds=0.3)
