"""SNS or AppSync refuses an announcement, or the stream repeats one.

People and subscribers get all announcements in order, or the change is stored.
"""

import pytest

from tests.e2e.faults.conftest import NewOrder
from tests.e2e.faults.support.announcements import Announcements, announce_calls
from tests.e2e.faults.support.call_faults import DENIED, THROTTLED, AnswerLost, Dies, Fault, Refused, RequestLost
from tests.e2e.faults.support.fault_proxy import FaultProxy
from tests.e2e.faults.support.one_order import OneOrder
from tests.e2e.support.mailbox import Mailbox

PAYING, PAID = 2, 3
TIMES = range(1, 5)


@pytest.mark.every_run
def test_an_order_is_announced_in_the_order_of_its_versions(
    order: OneOrder, proxy: FaultProxy, mailbox: Mailbox
) -> None:
    order.place()

    (mail,) = mailbox.wait_for(order.user_id, count=1)
    assert mail.attributes["version"] == str(PAID)
    assert announce_calls(proxy, order) == [("publishOrder", PAYING), ("publishOrder", PAID), ("Publish", PAID)]


@pytest.mark.parametrize("refusal", [Refused(), THROTTLED, DENIED, RequestLost()], ids=str)
def test_what_sns_refuses_is_sent_when_it_no_longer_does(
    order: OneOrder, proxy: FaultProxy, mailbox: Mailbox, refusal: Fault
) -> None:
    with proxy.breaking(refusal, function="announce", operation="Publish", numbers=TIMES, when=order.is_in) as rule:
        order.place()
        mails = mailbox.wait_for(order.user_id, count=1)

    assert len(rule.broken) == len(TIMES)
    assert [(mail.attributes["status"], mail.attributes["version"]) for mail in mails] == [("PAID", str(PAID))]
    assert (order.status, order.charges()) == ("PAID", ["approved"])


@pytest.mark.parametrize("refusal", [Refused(), DENIED, RequestLost()], ids=str)
def test_what_appsync_refuses_is_said_before_what_came_after_it(
    order: OneOrder, proxy: FaultProxy, mailbox: Mailbox, announcements: Announcements, refusal: Fault
) -> None:
    with proxy.breaking(refusal, function="announce", operation="publishOrder", numbers=TIMES, when=order.is_in):
        # Held, so that both changes come in one batch.
        with announcements.held():
            status = order.place().final_status()
        mails = mailbox.wait_for(order.user_id, count=1)

    assert [mail.attributes["status"] for mail in mails] == ["PAID"]
    retried = [("publishOrder", PAYING)] * len(TIMES)
    assert announce_calls(proxy, order) == [
        *retried,
        ("publishOrder", PAYING),
        ("publishOrder", PAID),
        ("Publish", PAID),
    ]
    assert (status, order.charges()) == ("PAID", ["approved"])


def test_what_fails_for_longer_than_its_shard_waits_is_announced_by_the_next_minutes_run(
    new_order: NewOrder, proxy: FaultProxy, mailbox: Mailbox, announcements: Announcements
) -> None:
    poison, other = new_order(), new_order()
    with proxy.breaking(Refused(), function="announce", operation="publishOrder", when=poison.is_in):
        poison.place()
        delayed = announcements.wait_for_delayed(poison, count=2)
        # Later changes aren't delayed.
        assert other.place().final_status() == "PAID"
        (mail,) = mailbox.wait_for(other.user_id, count=1)
        assert mail.attributes["order_id"] == other.id
    told_before = len(announce_calls(proxy, poison))

    (_, mail) = mailbox.wait_for(poison.user_id, count=2, within_seconds=100)

    assert [change["dynamodb"]["NewImage"]["status"]["S"] for change in delayed] == ["PAYING", "PAID"]
    assert announce_calls(proxy, poison)[told_before:] == [
        ("publishOrder", PAYING),
        ("publishOrder", PAID),
        ("Publish", PAID),
    ]
    assert (mail.attributes["order_id"], mail.attributes["version"]) == (poison.id, str(PAID))
    assert announcements.delayed(poison) == []


def test_what_outlasts_its_retries_is_kept_whole(
    order: OneOrder, proxy: FaultProxy, mailbox: Mailbox, announcements: Announcements
) -> None:
    with (
        announcements.given_up_after(retries=1),
        proxy.breaking(Refused(), function="announce", operation="Publish", when=order.is_in),
    ):
        order.place()
        (kept,) = announcements.wait_for_given_up(order)

    (record,) = kept.records
    row = order.row()
    image = record["dynamodb"]["NewImage"]
    assert (order.status, order.charges()) == ("PAID", ["approved"])
    assert image.keys() == row.keys()
    assert (image["status"], image["version"]) == ({"S": "PAID"}, {"N": str(PAID)})
    assert record["dynamodb"]["OldImage"]["status"] == {"S": "PAYING"}
    assert mailbox.about(order.user_id) == []


def test_an_announcement_that_never_works_does_not_block_those_of_other_orders(
    new_order: NewOrder, proxy: FaultProxy, mailbox: Mailbox, announcements: Announcements
) -> None:
    orders = [new_order() for _ in range(4)]
    poison = orders[1]
    with (
        announcements.given_up_after(retries=1),
        proxy.breaking(Refused(), function="announce", operation="publishOrder", when=poison.is_in),
    ):
        # Held, so that they come in the same batches.
        with announcements.held():
            for order in orders:
                order.place()
            statuses = [order.final_status() for order in orders]
        mails = mailbox.wait_for(poison.user_id, count=3)
        kept = announcements.wait_for_given_up(poison, count=2)

    assert statuses == ["PAID"] * 4
    assert {mail.attributes["order_id"] for mail in mails} == {order.id for order in orders if order is not poison}
    # An announcement in the same batch as a failure may be repeated.
    assert len({mail.attributes["announcement_id"] for mail in mails}) == 3
    given_up = [record["dynamodb"] for found in kept for record in found.records]
    assert {record["Keys"]["id"]["S"] for record in given_up} == {poison.id}
    assert {record["NewImage"]["version"]["N"] for record in given_up} == {str(PAYING), str(PAID)}


def test_a_repeated_announcement_can_be_recognised(order: OneOrder, proxy: FaultProxy, mailbox: Mailbox) -> None:
    # Two lost answers: the SDK tries a second time by itself, then the batch comes again.
    with proxy.breaking(AnswerLost(), function="announce", operation="Publish", numbers=[1, 2], when=order.is_in):
        order.place()
        mails = mailbox.wait_for(order.user_id, count=3)

    told = [call.body for call in proxy.happened if call.operation == "publishOrder" and order.is_in(call)]
    assert len(mails) == 3
    assert mails[0] == mails[1] == mails[2]
    assert (mails[0].attributes["order_id"], mails[0].attributes["version"]) == (order.id, str(PAID))
    # Subscribers get the final status again with the batch.
    assert announce_calls(proxy, order).count(("publishOrder", PAID)) == 2
    assert told[-1] == told[-2]


def test_an_announcement_comes_again_when_the_function_dies(
    order: OneOrder, proxy: FaultProxy, mailbox: Mailbox, server: int
) -> None:
    with proxy.breaking(Dies(server), function="announce", operation="Publish", numbers=[1], when=order.is_in):
        order.place()
        mails = mailbox.wait_for(order.user_id, count=2)

    assert len(mails) == 2
    assert mails[0] == mails[1]
    assert order.status == "PAID"
