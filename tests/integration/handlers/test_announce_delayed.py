"""Delayed changes are announced later and in their order, or stored for a person."""

from threading import Barrier
from types import SimpleNamespace
from typing import Any

import pytest
from boto3.dynamodb.types import TypeSerializer
from orders import bootstrap
from orders.domain.order import Order, OrderKey
from orders.handlers import announce

from tests.support.fakes import FakeAnnouncements, FakeClock, FakeDelayed, FakeSubscribers, FakeUndelivered
from tests.support.order_rows import KEY, order_row

BEN = OrderKey(user_id="ben", order_id=KEY.order_id)
PLACED_AT = FakeClock().milliseconds
NOTHING: dict[str, list[Any]] = {"batchItemFailures": []}


class Subscribers(FakeSubscribers):
    """Refuses the orders of some customers."""

    def __init__(self) -> None:
        super().__init__()
        self.refuses: set[OrderKey] = set()

    def notify(self, order: Order) -> None:
        if order.key in self.refuses:
            raise TimeoutError("AppSync didn't answer")
        super().notify(order)


@pytest.fixture
def adapters(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    adapters = SimpleNamespace(
        subscribers=Subscribers(),
        announcements=FakeAnnouncements(),
        undelivered=FakeUndelivered(),
        delayed=FakeDelayed(),
        clock=FakeClock(),
    )
    monkeypatch.setattr(bootstrap, "announce", lambda: adapters)
    monkeypatch.setattr(bootstrap, "now_milliseconds", adapters.clock)
    return adapters


def delay(adapters: SimpleNamespace, key: OrderKey, *statuses: str, **wrong: Any) -> list[dict[str, Any]]:
    """Store delayed changes of an order, from PENDING on; return their records."""
    records = []
    for number, (before, after) in enumerate(zip(("PENDING", *statuses), statuses, strict=False), start=2):
        rows = {
            "Keys": {"user_id": key.user_id, "id": key.order_id},
            "OldImage": order_row(key, status=before, version=number - 1),
            "NewImage": order_row(key, status=after, version=number, **wrong),
        }
        serialize = TypeSerializer().serialize
        images = {name: {key: serialize(value) for key, value in row.items()} for name, row in rows.items()}
        change = {"SequenceNumber": str(number), "ApproximateCreationDateTime": PLACED_AT / 1000, **images}
        records.append({"eventID": f"{key}{number}", "eventName": "MODIFY", "dynamodb": change})
        adapters.delayed.keep(key, records[-1])
    return records


def test_what_waits_is_announced_in_its_order_and_waits_no_more(adapters: SimpleNamespace, context: Any) -> None:
    delay(adapters, KEY, "PAYING", "PAID")

    answer = announce.handler({}, context)

    assert answer == NOTHING
    assert [order.status for order in adapters.subscribers.seen] == ["PAYING", "PAID"]
    assert [message.order.status for message in adapters.announcements.published] == ["PAID"]
    assert announce.handler({}, context) == NOTHING


def test_an_order_that_fails_again_waits_with_its_later_changes_and_holds_up_no_other(
    adapters: SimpleNamespace, context: Any
) -> None:
    bens = delay(adapters, BEN, "PAYING", "PAID")
    delay(adapters, KEY, "PAYING")
    adapters.subscribers.refuses = {BEN}

    answer = announce.handler({}, context)

    assert answer == {"batchItemFailures": [{"itemIdentifier": "2"}]}
    assert [order.key for order in adapters.subscribers.seen] == [KEY]
    assert list(adapters.delayed.changes()) == bens


def test_what_fails_for_an_hour_is_kept_for_a_person_and_the_next_change_has_its_turn(
    adapters: SimpleNamespace, context: Any
) -> None:
    paying, paid = delay(adapters, KEY, "PAYING", "PAID")
    adapters.subscribers.refuses = {KEY}
    adapters.clock.milliseconds += announce.GIVE_UP_AFTER_MILLISECONDS

    announce.handler({}, context)

    assert adapters.undelivered.kept == [(paying, "TimeoutError"), (paid, "TimeoutError")]
    assert list(adapters.delayed.changes()) == []


def test_what_can_not_be_read_is_kept_for_a_person_at_once(adapters: SimpleNamespace, context: Any) -> None:
    (record,) = delay(adapters, KEY, "PAYING", total="a lot")

    announce.handler({}, context)

    assert adapters.undelivered.kept == [(record, "InvalidRow")]
    assert list(adapters.delayed.changes()) == []


def test_what_was_neither_announced_nor_kept_goes_on_waiting(
    adapters: SimpleNamespace, context: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise TimeoutError("S3 didn't answer")

    records = delay(adapters, KEY, "PAYING", total="a lot")
    monkeypatch.setattr(adapters.undelivered, "keep", refuse)

    announce.handler({}, context)

    assert list(adapters.delayed.changes()) == records


def test_without_time_the_rest_waits_for_the_next_run(adapters: SimpleNamespace, context: Any) -> None:
    records = delay(adapters, KEY, "PAYING", "PAID")
    context.remaining_milliseconds = 1_000

    answer = announce.handler({}, context)

    assert answer == {"batchItemFailures": [{"itemIdentifier": "2"}]}
    assert list(adapters.delayed.changes()) == records


def test_each_line_names_its_order(adapters: SimpleNamespace, context: Any, logged: Any) -> None:
    delay(adapters, BEN, "PAYING")
    delay(adapters, KEY, "PAYING")
    adapters.subscribers.refuses = {BEN}
    lines = logged(announce)

    announce.handler({}, context)

    assert {(line["message"], line["user_id"]) for line in lines() if "user_id" in line} == {
        ("could not announce", BEN.user_id),
        ("announced", KEY.user_id),
    }


def test_a_run_takes_no_more_than_it_can_hold(
    adapters: SimpleNamespace, context: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for user_id in ("anna", "ben", "cem"):
        delay(adapters, OrderKey(user_id=user_id, order_id=KEY.order_id), "PAYING")
    monkeypatch.setattr(announce, "_DELAYED_A_RUN", 2)

    announce.handler({}, context)
    first = len(adapters.subscribers.seen)
    announce.handler({}, context)

    assert (first, len(adapters.subscribers.seen)) == (2, 3)


def test_orders_that_wait_are_announced_at_the_same_time(adapters: SimpleNamespace, context: Any) -> None:
    together = Barrier(3, timeout=10)

    def notify(_: Order) -> None:
        together.wait()

    for user_id in ("anna", "ben", "cem"):
        delay(adapters, OrderKey(user_id=user_id, order_id=KEY.order_id), "PAYING")
    adapters.subscribers.notify = notify

    assert announce.handler({}, context) == NOTHING
