"""Subscriptions by e-mail are listed as SNS has them, and a deleted one is made again."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from environments.settings import Settings, settings_of
from environments.user_error import UserError
from operations.environment import Environment
from tests.integration.operations.conftest import output_of, with_failing

COOK, OWNER, GUEST = "cook@example.com", "owner@example.com", "guest@example.com"
SETTINGS = replace(settings_of("prod"), email_subscribers=[COOK, OWNER])


class Listing:
    """SNS with a list of e-mail subscriptions. The emulator has no pending or deleted ones."""

    def __init__(self, client: Any, *subscriptions: tuple[str, str]) -> None:
        self._client = client
        self._subscriptions = subscriptions

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def get_paginator(self, operation: str) -> "Listing":
        assert operation == "list_subscriptions_by_topic"
        return self

    def paginate(self, *, TopicArn: str) -> Sequence[dict[str, Any]]:  # noqa: N803
        listed = [
            {"Endpoint": address, "Protocol": "email", "SubscriptionArn": arn or f"{TopicArn}:{number}"}
            for number, (address, arn) in enumerate(self._subscriptions)
        ]
        program = {"Endpoint": "arn:aws:sqs:q", "Protocol": "sqs", "SubscriptionArn": f"{TopicArn}:q"}
        if TopicArn.endswith("-ops"):
            return [{"Subscriptions": []}]
        # Each on a page of its own.
        return [{"Subscriptions": [one]} for one in [program, *listed]]


@pytest.fixture
def mailing(environment: Environment) -> Environment:
    """The environment with its topics. A queue and the cook subscribe to announcements."""
    sns = environment.client("sns")
    sns.create_topic(Name=environment.names.ops_topic)
    topic_arn = sns.create_topic(Name=environment.names.announcements)["TopicArn"]
    sns.subscribe(TopicArn=topic_arn, Protocol="email", Endpoint=COOK)
    sns.subscribe(TopicArn=topic_arn, Protocol="sqs", Endpoint=environment.names.arn("sqs", environment.names.queue))
    return environment


def states(environment: Environment, settings: Settings = SETTINGS) -> dict[str, str]:
    lines = output_of(environment, "subscribers", "list", settings=settings)
    return {line.split()[0]: line.split()[-1] for line in lines[1:-1]}


def test_an_address_of_the_settings_that_sns_does_not_know_is_gone(mailing: Environment) -> None:
    lines = output_of(mailing, "subscribers", "list", settings=SETTINGS)

    topic = mailing.names.announcements
    assert lines == [
        f"ADDRESS            {'TOPIC'.ljust(len(topic))}  SUBSCRIPTION",
        f"{COOK}   {topic}  confirmed",
        f"{OWNER}  {topic}  gone",
        "2 subscriptions by e-mail; an order is mailed when it is FAILED",
    ]


def test_who_is_told_of_alarms_is_listed_and_subscribed_again_too(mailing: Environment) -> None:
    settings = replace(SETTINGS, email_subscribers=[], alarm_emails=[OWNER])

    before = states(mailing, settings)
    output_of(mailing, "subscribers", "renew", OWNER, "--yes", settings=settings)

    assert before == {COOK: "confirmed", OWNER: "gone"}
    assert states(mailing, settings) == {COOK: "confirmed", OWNER: "confirmed"}


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        ([(COOK, ""), (OWNER, "PendingConfirmation")], {COOK: "confirmed", OWNER: "pending"}),
        ([(COOK, "Deleted"), (OWNER, "")], {COOK: "gone", OWNER: "confirmed"}),
        ([(COOK, "Deleted"), (COOK, "PendingConfirmation"), (OWNER, "")], {COOK: "pending", OWNER: "confirmed"}),
        ([(COOK, "PendingConfirmation"), (COOK, ""), (OWNER, "Deleted")], {COOK: "confirmed", OWNER: "gone"}),
        ([(GUEST, "PendingConfirmation")], {COOK: "gone", GUEST: "pending", OWNER: "gone"}),
    ],
)
def test_a_subscription_is_what_sns_says(
    mailing: Environment, listed: list[tuple[str, str]], expected: dict[str, str]
) -> None:
    listing = with_failing(mailing, "sns", Listing(mailing.client("sns"), *listed))

    assert states(listing) == expected


def test_an_address_that_is_gone_is_subscribed_again_and_mailed_what_the_settings_say(mailing: Environment) -> None:
    would = output_of(mailing, "subscribers", "renew", OWNER, "--dry-run", settings=SETTINGS)
    before = states(mailing)

    done = output_of(mailing, "subscribers", "renew", OWNER, "--yes", settings=SETTINGS)

    sns, topic = mailing.client("sns"), mailing.names.arn("sns", mailing.names.announcements)
    arns = {
        one["Endpoint"]: one["SubscriptionArn"]
        for one in sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    }
    attributes = sns.get_subscription_attributes(SubscriptionArn=arns[OWNER])["Attributes"]
    assert would[0].startswith(f"Would subscribe {OWNER} again to {mailing.names.announcements} (gone): ")
    assert before[OWNER] == "gone"
    assert done == [
        f"SNS has sent {OWNER} a request to confirm {mailing.names.announcements}, which is good for two days."
    ]
    assert attributes["FilterPolicy"] == SETTINGS.email_filter_policy


def test_only_an_address_that_is_known_and_not_mailed_is_subscribed(mailing: Environment) -> None:
    for address, line in (
        (GUEST, f"ADDRESS: got {GUEST}, expected one that `subscribers list` shows: {COOK}, {OWNER}"),
        (COOK, f"{COOK} is subscribed and confirmed: there is nothing to do"),
    ):
        with pytest.raises(UserError) as refused:
            output_of(mailing, "subscribers", "renew", address, "--yes", settings=SETTINGS)
        assert str(refused.value) == line

    assert states(mailing) == {COOK: "confirmed", OWNER: "gone"}


def test_status_shows_who_is_not_mailed(mailing: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("operations.orders.open_orders", lambda *_: [])
    listing = with_failing(
        mailing, "sns", Listing(mailing.client("sns"), (COOK, ""), (GUEST, ""), (OWNER, "PendingConfirmation"))
    )

    lines = {
        line.split("  ")[1]: line.strip() for line in output_of(listing, "status", settings=SETTINGS) if "  " in line
    }
    other = replace(SETTINGS, email_subscribers=[COOK])
    well = {line.split("  ")[1]: line.strip() for line in output_of(mailing, "status", settings=other) if "  " in line}

    assert lines["subscribers"] == f"subscribers   3 by e-mail, {OWNER} is pending   → subscribers list"
    assert well["subscribers"] == "subscribers   1 by e-mail"
