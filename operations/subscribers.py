"""People who are mailed by the topics: addresses of the settings and of SNS, and whether SNS mails them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from environments.names import Names
from environments.settings import Settings
from operations.environment import Environment


class SubscriptionState(StrEnum):
    """The state of a subscription, from the best to the worst."""

    CONFIRMED = "confirmed"
    # Nobody clicked the link yet, or SNS disabled it: ten messages a second are too many. Removed after 48 hours.
    PENDING = "pending"
    # Somebody, or what scans mail for links, unsubscribed it; or it was pending for too long.
    GONE = "gone"


# What stands in the place of an ARN in SNS's list.
STATES_WITHOUT_ARN = {"PendingConfirmation": SubscriptionState.PENDING, "Deleted": SubscriptionState.GONE}


@dataclass(frozen=True, kw_only=True)
class MailingList:
    """A topic that people subscribe to by e-mail, whom the settings name, and the attributes of a subscription."""

    topic: str
    addresses: Sequence[str]
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Subscriber:
    """An address on a mailing list, and how its subscription stands."""

    address: str
    list_: MailingList
    state: SubscriptionState


def mailing_lists(names: Names, settings: Settings) -> list[MailingList]:
    """The topics that mail people."""
    return [
        MailingList(
            topic=names.announcements,
            addresses=settings.email_subscribers,
            attributes={"FilterPolicy": settings.email_filter_policy},
        ),
        MailingList(topic=names.ops_topic, addresses=settings.alarm_emails),
    ]


def list_subscribers(environment: Environment, lists: Sequence[MailingList]) -> list[Subscriber]:
    """The addresses of the settings, and any other that SNS lists, each list in alphabetical order."""
    return [subscriber for list_ in lists for subscriber in _list_of_topic(environment, list_)]


def subscribe(environment: Environment, subscriber: Subscriber) -> None:
    """Have SNS send the address a new request to confirm; it is mailed once that is confirmed."""
    environment.client("sns").subscribe(
        TopicArn=environment.names.arn("sns", subscriber.list_.topic),
        Protocol="email",
        Endpoint=subscriber.address,
        Attributes=subscriber.list_.attributes,
    )


def _list_of_topic(environment: Environment, list_: MailingList) -> list[Subscriber]:
    pages = environment.client("sns").get_paginator("list_subscriptions_by_topic")
    found = pages.paginate(TopicArn=environment.names.arn("sns", list_.topic))
    listed = [one for page in found for one in page["Subscriptions"] if one["Protocol"] == "email"]
    addresses = {*list_.addresses, *(one["Endpoint"] for one in listed)}
    return [Subscriber(address=address, list_=list_, state=_state(address, listed)) for address in sorted(addresses)]


def _state(address: str, listed: Sequence[Mapping[str, Any]]) -> SubscriptionState:
    """The best of an address's subscriptions: one that was removed is listed for a while beside the next."""
    states = {
        STATES_WITHOUT_ARN.get(one["SubscriptionArn"], SubscriptionState.CONFIRMED)
        for one in listed
        if one["Endpoint"] == address
    }
    return next((state for state in SubscriptionState if state in states), SubscriptionState.GONE)
