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
from tests.support.rows import KEY, order_row

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
def parts(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    parts = SimpleNamespace(
        subscribers=Subscribers(),
        announcements=FakeAnnouncements(),
        undelivered=FakeUndelivered(),
        delayed=FakeDelayed(),
        clock=FakeClock(),
    )
    monkeypatch.setattr(bootstrap, "announce", lambda: parts)
    monkeypatch.setattr(bootstrap, "now_milliseconds", parts.clock)
    return parts


def delay(parts: SimpleNamespace, key: OrderKey, *statuses: str, **wrong: Any) -> list[dict[str, Any]]:
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
        parts.delayed.keep(key, records[-1])
    return records


def test_what_waits_is_announced_in_its_order_and_waits_no_more(parts: SimpleNamespace, context: Any) -> None:
    delay(parts, KEY, "PAYING", "PAID")

    answer = announce.handler({}, context)

    assert answer == NOTHING
    assert [order.status for order in parts.subscribers.seen] == ["PAYING", "PAID"]
    assert [message.order.status for message in parts.announcements.published] == ["PAID"]
    assert announce.handler({}, context) == NOTHING


def test_an_order_that_fails_again_waits_with_its_later_changes_and_holds_up_no_other(
    parts: SimpleNamespace, context: Any
) -> None:
    bens = delay(parts, BEN, "PAYING", "PAID")
    delay(parts, KEY, "PAYING")
    parts.subscribers.refuses = {BEN}

    answer = announce.handler({}, context)

    assert answer == {"batchItemFailures": [{"itemIdentifier": "2"}]}
    assert [order.key for order in parts.subscribers.seen] == [KEY]
    assert list(parts.delayed.changes()) == bens


def test_what_fails_for_an_hour_is_kept_for_a_person_and_the_next_change_has_its_turn(
    parts: SimpleNamespace, context: Any
) -> None:
    paying, paid = delay(parts, KEY, "PAYING", "PAID")
    parts.subscribers.refuses = {KEY}
    parts.clock.milliseconds += announce.GIVEN_UP_MILLISECONDS

    announce.handler({}, context)

    assert parts.undelivered.kept == [(paying, "TimeoutError"), (paid, "TimeoutError")]
    assert list(parts.delayed.changes()) == []


def test_what_can_not_be_read_is_kept_for_a_person_at_once(parts: SimpleNamespace, context: Any) -> None:
    (record,) = delay(parts, KEY, "PAYING", total="a lot")

    announce.handler({}, context)

    assert parts.undelivered.kept == [(record, "InvalidRow")]
    assert list(parts.delayed.changes()) == []


def test_what_was_neither_announced_nor_kept_goes_on_waiting(
    parts: SimpleNamespace, context: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise TimeoutError("S3 didn't answer")

    records = delay(parts, KEY, "PAYING", total="a lot")
    monkeypatch.setattr(parts.undelivered, "keep", refuse)

    announce.handler({}, context)

    assert list(parts.delayed.changes()) == records


def test_without_time_the_rest_waits_for_the_next_run(parts: SimpleNamespace, context: Any) -> None:
    records = delay(parts, KEY, "PAYING", "PAID")
    context.remaining_milliseconds = 1_000

    answer = announce.handler({}, context)

    assert answer == {"batchItemFailures": [{"itemIdentifier": "2"}]}
    assert list(parts.delayed.changes()) == records


def test_each_line_names_its_order(parts: SimpleNamespace, context: Any, logged: Any) -> None:
    delay(parts, BEN, "PAYING")
    delay(parts, KEY, "PAYING")
    parts.subscribers.refuses = {BEN}
    lines = logged(announce)

    announce.handler({}, context)

    assert {(line["message"], line["user_id"]) for line in lines() if "user_id" in line} == {
        ("could not announce", BEN.user_id),
        ("announced", KEY.user_id),
    }


def test_a_run_takes_no_more_than_it_can_hold(
    parts: SimpleNamespace, context: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for user_id in ("anna", "ben", "cem"):
        delay(parts, OrderKey(user_id=user_id, order_id=KEY.order_id), "PAYING")
    monkeypatch.setattr(announce, "_DELAYED_A_RUN", 2)

    announce.handler({}, context)
    first = len(parts.subscribers.seen)
    announce.handler({}, context)

    assert (first, len(parts.subscribers.seen)) == (2, 3)


def test_orders_that_wait_are_announced_at_the_same_time(parts: SimpleNamespace, context: Any) -> None:
    together = Barrier(3, timeout=10)

    def notify(_: Order) -> None:
        together.wait()

    for user_id in ("anna", "ben", "cem"):
        delay(parts, OrderKey(user_id=user_id, order_id=KEY.order_id), "PAYING")
    parts.subscribers.notify = notify

    assert announce.handler({}, context) == NOTHING
