"""Rows of a later release: their unknown attributes stay, and other orders aren't affected."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.e2e.faults.conftest import NewOrder
from tests.e2e.faults.support.announcements import Announcements, announce_calls
from tests.e2e.faults.support.fault_proxy import FaultProxy
from tests.e2e.faults.support.one_order import LONG_AGO, OneOrder
from tests.e2e.faults.support.sweeper import ALL_HINTS, Sweeper, lose_hints
from tests.e2e.support.administrator_access import AdministratorAccess
from tests.e2e.support.mailbox import Mailbox
from tests.e2e.support.order_requests import CANCEL, DELETE, PIZZA, UPDATE
from verify.customer import Customer, GraphqlError
from verify.polling import eventually

LATER = {
    ":schema": {"N": "7"},
    ":delivery": {
        "M": {"stops": {"L": [{"M": {"street": {"S": "Via Appia"}, "bell": {"NULL": True}}}, {"N": "2.50"}]}}
    },
    ":labels": {"SS": ["hot", "vegan"]},
    ":photo": {"B": b"\x00\x01"},
    ":gift": {"BOOL": False},
}
ADD_LATER = "SET schema_version = :schema, delivery = :delivery, labels = :labels, photo = :photo, gift = :gift"
NAMES = ("schema_version", "delivery", "labels", "photo", "gift")
REFUNDING = {":refunding": {"S": "REFUNDING"}, ":one": {"N": "1"}}
TO_REFUNDING = "SET #status = :refunding, version = version + :one"

Refund = Callable[[OneOrder], None]


@pytest.fixture
def refund(announcements: Announcements) -> Iterator[Refund]:
    """Moves an order to a later release's status, and deletes what that leaves in the bucket."""
    refunded: list[OneOrder] = []

    def change(order: OneOrder) -> None:
        order.change(TO_REFUNDING, REFUNDING, names={"#status": "status"})
        refunded.append(order)

    yield change
    for order in refunded:
        announcements.wait_for_given_up(order)


def later_part(order: OneOrder) -> dict[str, Any]:
    """Return the attributes that only a later release knows."""
    return {name: value for name, value in order.row().items() if name in NAMES}


@pytest.mark.every_run
@pytest.mark.parametrize(("payment_method", "status"), [("pm_card_visa", "PAID"), ("pm_card_chargeDeclined", "FAILED")])
def test_attributes_of_a_later_release_survive_the_whole_way(
    order: OneOrder, account: AdministratorAccess, mailbox: Mailbox, payment_method: str, status: str
) -> None:
    with account.hints_held():
        order.place(paymentMethod=payment_method)
        order.change(ADD_LATER, LATER)
        before = later_part(order)

    assert order.final_status() == status
    assert len(before) == len(NAMES)
    assert later_part(order) == before
    assert [mail.attributes["status"] for mail in mailbox.wait_for(order.user_id, count=1)] == [status]


def test_attributes_of_a_later_release_survive_an_update_a_cancellation_and_being_given_up(
    new_order: NewOrder, account: AdministratorAccess, sweeper: Sweeper
) -> None:
    cancelled, given_up = orders = [new_order(), new_order()]
    with account.hints_held():
        for order in orders:
            order.place()
            order.change(ADD_LATER, LATER)
        before = [later_part(order) for order in orders]
        cancelled.customer.execute(UPDATE, input={**PIZZA, "id": cancelled.id, "quantity": 3})
        cancelled.customer.execute(CANCEL, id=cancelled.id)
        given_up.make_due(hints=ALL_HINTS)
        sweeper.sweep()
        account.messages("queue_url", remove=True)

    assert [order.status for order in orders] == ["CANCELLED", "FAILED"]
    assert [later_part(order) for order in orders] == before


def test_the_sweep_leaves_an_unknown_status_alone_says_so_and_does_the_rest(
    new_order: NewOrder, refund: Refund, account: AdministratorAccess, sweeper: Sweeper
) -> None:
    orders = unknown, *others = [new_order() for _ in range(4)]
    lose_hints(orders, account)
    refund(unknown)
    for order in orders:
        order.make_due()
    before = unknown.row()

    swept = sweeper.sweep()
    statuses = [order.final_status() for order in others]
    untouched = unknown.row() == before
    unknown.remove()

    assert swept == "SweepIncomplete"
    assert statuses == ["PAID"] * 3
    assert untouched
    assert before["due_at"] == LONG_AGO
    assert unknown.charges() == []


def test_a_hint_of_an_order_in_an_unknown_status_changes_nothing(order: OneOrder, refund: Refund) -> None:
    order.place().final_status()
    refund(order)
    before = order.row()

    order.send_hint()
    order.wait_for_executions(2)

    assert order.row() == before
    assert order.charges() == ["approved"]


def test_an_unknown_status_is_not_announced_and_holds_up_nobody(
    new_order: NewOrder, refund: Refund, proxy: FaultProxy, mailbox: Mailbox, announcements: Announcements
) -> None:
    unknown, other = new_order(), new_order()
    unknown.place().final_status()
    mailbox.wait_for(unknown.user_id, count=1)
    heard = announce_calls(proxy, unknown)

    refund(unknown)
    other.place()
    mails = eventually(lambda: mailbox.about(other.user_id), lambda found: len(found) == 2, within_seconds=10)

    assert [mail.attributes["order_id"] for mail in mails] == [unknown.id, other.id]
    assert announce_calls(proxy, unknown) == heard
    assert unknown.status == "REFUNDING"
    (kept,) = announcements.given_up(unknown)
    assert [record["dynamodb"]["NewImage"]["status"] for record in kept.records] == [{"S": "REFUNDING"}]


def test_the_api_shows_the_others_beside_an_order_in_an_unknown_status(
    new_order: NewOrder, refund: Refund, customer: Customer
) -> None:
    other, unknown = new_order(), new_order()
    for order in (other, unknown):
        order.place().final_status()
    refund(unknown)

    listed = customer.answer("{ orders { id status } }")
    looked_at = customer.answer("query Look($id: String!) { order(id: $id) { id status } }", id=unknown.id)

    shown = listed["data"]["orders"]
    assert sorted(found["id"] for found in shown if found) == [other.id]
    assert [error["path"] for error in listed["errors"]] == [["orders", shown.index(None), "status"]]
    assert looked_at["data"] == {"order": None}
    assert [error["path"] for error in looked_at["errors"]] == [["order", "status"]]


@pytest.mark.parametrize("mutation", [UPDATE, CANCEL, DELETE], ids=["update", "cancel", "delete"])
def test_an_order_in_an_unknown_status_can_not_be_changed(order: OneOrder, refund: Refund, mutation: str) -> None:
    order.place().final_status()
    refund(order)
    before = order.row()

    with pytest.raises(GraphqlError, match="REFUNDING") as refused:
        order.customer.execute(mutation, id=order.id, input={**PIZZA, "id": order.id})

    assert refused.value.type == "OrderNotChangeable"
    assert order.row() == before
