"""`announce` keeps the order of each order's changes, and handles several orders at once."""

import json
import time
from threading import Lock
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from boto3.dynamodb.types import TypeSerializer
from orders import bootstrap
from orders.domain.announcement import Announcement
from orders.domain.order import Order, OrderKey
from orders.handlers import announce

from tests.support.fakes import FakeAnnouncements, FakeClock, FakeDelayed, FakeSubscribers, FakeUndelivered
from tests.support.order_rows import KEY, order_row

PENDING = order_row()
PAYING = order_row(status="PAYING", version=2)
PAID = order_row(status="PAID", version=3)
CHANGEABLE = order_row(changeable_until="2026-01-01T00:00:30.000Z")
CHANGED = CHANGEABLE | {"quantity": 3, "version": 2}
PLACED_AT = FakeClock().milliseconds
SLOW_SECONDS = 0.05
STREAM_BATCH = 40
BEN = OrderKey(user_id="ben", order_id=KEY.order_id)


class Subscribers(FakeSubscribers):
    def notify(self, order: Order) -> None:
        if order.name == "unlucky":
            raise TimeoutError("AppSync didn't answer")
        super().notify(order)


@pytest.fixture
def undelivered() -> FakeUndelivered:
    return FakeUndelivered()


@pytest.fixture
def delayed() -> FakeDelayed:
    return FakeDelayed()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> FakeClock:
    """A clock that stands at the time when the sample order was placed."""
    clock = FakeClock()
    monkeypatch.setattr(bootstrap, "now_milliseconds", clock)
    return clock


@pytest.fixture
def adapters(
    monkeypatch: pytest.MonkeyPatch, undelivered: FakeUndelivered, delayed: FakeDelayed, clock: FakeClock
) -> SimpleNamespace:
    adapters = SimpleNamespace(
        subscribers=Subscribers(), announcements=FakeAnnouncements(), undelivered=undelivered, delayed=delayed
    )
    monkeypatch.setattr(bootstrap, "announce", lambda: adapters)
    return adapters


@pytest.fixture
def subscribers(adapters: SimpleNamespace) -> Subscribers:
    subscribers: Subscribers = adapters.subscribers
    return subscribers


def batch(*changes: tuple[dict[str, Any] | None, dict[str, Any] | None]) -> dict[str, Any]:
    """Make a stream event whose sequence numbers are the positions in the batch."""
    return {
        "Records": [
            {
                "eventID": uuid4().hex,
                "eventName": "MODIFY" if old else "INSERT",
                "dynamodb": {
                    "SequenceNumber": str(number),
                    "ApproximateCreationDateTime": PLACED_AT / 1000,
                    **images(old, new),
                },
            }
            for number, (old, new) in enumerate(changes)
        ]
    }


def images(old: dict[str, Any] | None, new: dict[str, Any] | None) -> dict[str, Any]:
    serialize = TypeSerializer().serialize
    row = new or old or {}
    named = {"OldImage": old, "NewImage": new, "Keys": {name: row[name] for name in ("user_id", "id")}}
    return {
        name: {key: serialize(value) for key, value in row.items()} for name, row in named.items() if row is not None
    }


def test_changes_are_announced_in_their_order(subscribers: Subscribers, context: Any) -> None:
    answer = announce.handler(batch((None, PENDING), (PENDING, PAYING), (PAYING, PAID), (PAID, None)), context)

    assert answer == {"batchItemFailures": []}
    assert [order.status for order in subscribers.seen] == ["PAYING", "PAID"]


def test_an_order_that_can_be_changed_is_announced_when_it_is_placed_and_when_it_is_changed(
    subscribers: Subscribers, context: Any
) -> None:
    answer = announce.handler(batch((None, CHANGEABLE), (CHANGEABLE, CHANGED)), context)

    assert answer == {"batchItemFailures": []}
    assert [(order.version, order.quantity) for order in subscribers.seen] == [(1, 2), (2, 3)]


def test_a_failure_ends_the_turn_of_its_order_and_of_no_other(subscribers: Subscribers, context: Any) -> None:
    unlucky, bens = PAYING | {"name": "unlucky"}, order_row(BEN, status="PAYING", version=2)

    answer = announce.handler(batch((PENDING, unlucky), (order_row(BEN), bens), (unlucky, PAID)), context)

    assert answer == {"batchItemFailures": [{"itemIdentifier": "0"}]}
    assert [(order.key, order.status) for order in subscribers.seen] == [(BEN, "PAYING")]


def test_an_order_whose_change_fails_for_too_long_waits_elsewhere_with_all_its_later_changes(
    subscribers: Subscribers, delayed: FakeDelayed, clock: FakeClock, context: Any
) -> None:
    unlucky, bens = PAYING | {"name": "unlucky"}, order_row(BEN, status="PAYING", version=2)
    event = batch((PENDING, unlucky), (order_row(BEN), bens), (unlucky, PAID))
    clock.milliseconds += announce.DELAY_AFTER_MILLISECONDS

    answer = announce.handler(event, context)

    assert answer == {"batchItemFailures": []}
    assert list(delayed.changes()) == [event["Records"][0], event["Records"][2]]
    assert [order.key for order in subscribers.seen] == [BEN]


def test_an_order_that_waits_elsewhere_is_announced_again_once_nothing_of_it_waits(
    subscribers: Subscribers, delayed: FakeDelayed, clock: FakeClock, context: Any
) -> None:
    first, second = batch((PENDING, PAYING)), batch((PAYING, PAID))
    delayed.keep(KEY, first["Records"][0])
    clock.milliseconds += announce.CHECK_DELAYED_AFTER_MILLISECONDS

    announce.handler(second, context)
    assert subscribers.seen == []
    for change in list(delayed.changes()):
        delayed.forget(KEY, change)
    announce.handler(second, context)

    assert [order.status for order in subscribers.seen] == ["PAID"]


def test_a_shard_waits_for_half_a_minute_at_most() -> None:
    assert announce.CHECK_DELAYED_AFTER_MILLISECONDS + 10_000 <= announce.DELAY_AFTER_MILLISECONDS <= 30_000


@pytest.mark.parametrize("created_at", ["2026-01-01T00:00:00.000Z", "long ago"])
def test_whether_an_order_waits_is_asked_only_where_it_may(
    subscribers: Subscribers, delayed: FakeDelayed, context: Any, monkeypatch: pytest.MonkeyPatch, created_at: str
) -> None:
    asked: list[OrderKey] = []
    monkeypatch.setattr(delayed, "holds", asked.append)

    announce.handler(batch((PENDING, PAYING | {"created_at": created_at})), context)

    assert asked == ([] if created_at.startswith("2026") else [KEY])


def test_what_can_neither_be_announced_nor_delayed_comes_again(
    subscribers: Subscribers, delayed: FakeDelayed, clock: FakeClock, context: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise TimeoutError("DynamoDB didn't answer")

    monkeypatch.setattr(delayed, "keep", refuse)
    clock.milliseconds += announce.DELAY_AFTER_MILLISECONDS

    answer = announce.handler(batch((PENDING, PAYING | {"name": "unlucky"})), context)

    assert answer == {"batchItemFailures": [{"itemIdentifier": "0"}]}


def test_what_a_person_announces_is_not_delayed(
    subscribers: Subscribers, delayed: FakeDelayed, clock: FakeClock, context: Any
) -> None:
    clock.milliseconds += announce.DELAY_AFTER_MILLISECONDS
    unlucky = batch((PENDING, PAYING | {"name": "unlucky"})) | {"is_kept": True}
    delayed.keep(KEY, batch((PENDING, PAYING))["Records"][0])

    answer = announce.handler(unlucky, context)

    assert answer == {"batchItemFailures": [{"itemIdentifier": "0"}]}
    assert len(list(delayed.changes())) == 1


class SlowSubscribers(Subscribers):
    """As slow as a service in the same region; counts the orders handled at the same time."""

    def __init__(self) -> None:
        super().__init__()
        self._at_once, self._lock, self.most_at_once = 0, Lock(), 0

    def notify(self, order: Order) -> None:
        with self._lock:
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        time.sleep(SLOW_SECONDS)
        super().notify(order)
        with self._lock:
            self._at_once -= 1


class SlowAnnouncements(FakeAnnouncements):
    def publish(self, announcement: Announcement) -> None:
        time.sleep(SLOW_SECONDS)
        super().publish(announcement)


def test_a_shard_carries_many_orders_at_once_and_each_ones_changes_in_order(
    adapters: SimpleNamespace, context: Any
) -> None:
    adapters.subscribers, adapters.announcements = SlowSubscribers(), SlowAnnouncements()
    keys = [OrderKey(user_id=uuid4().hex, order_id=KEY.order_id) for _ in range(40)]
    pairs = ((PENDING, PAYING), (PAYING, PAID))

    for some in batched(keys, STREAM_BATCH // 2):
        owners = [{"user_id": key.user_id} for key in some]
        changes = [(old | owner, new | owner) for old, new in pairs for owner in owners]
        assert announce.handler(batch(*changes), context) == {"batchItemFailures": []}

    statuses: dict[OrderKey, list[str]] = {}
    for order in adapters.subscribers.seen:
        statuses.setdefault(order.key, []).append(order.status)
    assert list(statuses.values()) == 40 * [["PAYING", "PAID"]]
    assert adapters.subscribers.most_at_once > STREAM_BATCH // 4


def batched(keys: list[OrderKey], size: int) -> list[list[OrderKey]]:
    return [keys[at : at + size] for at in range(0, len(keys), size)]


UNREADABLE = [
    pytest.param(PAID | {"status": "REFUNDING", "version": 4}, "UnknownStatus", id="a later release's status"),
    pytest.param(PAID | {"total": "a lot"}, "InvalidRow", id="spoilt by hand"),
]


@pytest.mark.parametrize(("row", "why"), UNREADABLE)
def test_a_row_that_cannot_be_read_is_kept_and_measured_and_holds_up_no_other(
    subscribers: Subscribers, undelivered: FakeUndelivered, context: Any, capsys: Any, row: dict[str, Any], why: str
) -> None:
    event = batch((PAYING, row), (PENDING, PAYING))

    answer = announce.handler(event, context)

    assert answer == {"batchItemFailures": []}
    assert [order.status for order in subscribers.seen] == ["PAYING"]
    assert undelivered.kept == [(event["Records"][0], why)]
    assert capsys.readouterr().out.count('"AnnouncementsFailed":[1.0]') == 1


@pytest.mark.parametrize(("row", "why"), UNREADABLE)
def test_what_was_kept_and_still_cannot_be_read_fails_so_that_it_stays_kept(
    subscribers: Subscribers, undelivered: FakeUndelivered, context: Any, row: dict[str, Any], why: str
) -> None:
    answer = announce.handler(batch((PAYING, row)) | {"is_kept": True}, context)

    assert answer == {"batchItemFailures": [{"itemIdentifier": "0"}]}
    assert undelivered.kept == []


def test_a_row_that_can_neither_be_read_nor_kept_comes_again(
    subscribers: Subscribers, undelivered: FakeUndelivered, context: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise TimeoutError("S3 didn't answer")

    monkeypatch.setattr(undelivered, "keep", refuse)

    answer = announce.handler(batch((PAYING, PAID | {"total": "a lot"}), (PENDING, PAYING)), context)

    assert answer == {"batchItemFailures": [{"itemIdentifier": "0"}]}
    assert subscribers.seen == []


def test_a_failed_announcement_is_measured(subscribers: Subscribers, context: Any, capsys: Any) -> None:
    announce.handler(batch((PENDING, PAYING), (PENDING, PAYING | {"name": "unlucky"})), context)

    (line,) = (line for line in capsys.readouterr().out.splitlines() if "_aws" in line)
    emitted = json.loads(line)
    assert emitted["AnnouncementsFailed"] == [1.0]
    assert emitted["_aws"]["CloudWatchMetrics"][0]["Namespace"] == "orders-test"


def written(capsys: Any) -> list[dict[str, Any]]:
    """Return the metrics of each line written for CloudWatch: units, dimensions and values."""
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "_aws" in line]
    return [
        {
            "units": {metric["Name"]: metric["Unit"] for metric in line["_aws"]["CloudWatchMetrics"][0]["Metrics"]},
            **{name: value for name, value in line.items() if name not in ("_aws", "service")},
        }
        for line in lines
    ]


def test_a_paid_order_is_counted_with_its_duration_and_its_revenue(
    subscribers: Subscribers, context: Any, capsys: Any
) -> None:
    paid = PAID | {"updated_at": "2026-01-01T00:00:01.250Z", "currency": "JPY"}

    announce.handler(batch((PAYING, paid)), context)

    assert written(capsys) == [
        {
            "units": {"OrdersPaid": "Count", "OrderDuration": "Milliseconds"},
            "environment": "test",
            "OrdersPaid": [1.0],
            "OrderDuration": [1250.0],
        },
        {"units": {"Revenue": "None"}, "environment": "test", "currency": "JPY", "Revenue": [1700.0]},
    ]


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"status": "FAILED", "failure_reason": "CARD_DECLINED"}, "OrdersDeclined"),
        ({"status": "FAILED", "failure_reason": "PAYMENT_UNAVAILABLE"}, "OrdersFailed"),
        ({"status": "CANCELLED"}, "OrdersCancelled"),
    ],
)
def test_an_order_that_ended_otherwise_is_counted_by_its_outcome_without_revenue(
    subscribers: Subscribers, context: Any, capsys: Any, changes: dict[str, Any], name: str
) -> None:
    announce.handler(batch((PAYING, PAYING | {"version": 3} | changes)), context)

    (line,) = written(capsys)
    assert line["units"].keys() == {name, "OrderDuration"}


def test_what_is_not_final_or_could_not_be_announced_is_counted_as_no_end(
    subscribers: Subscribers, context: Any, capsys: Any
) -> None:
    announce.handler(batch((PENDING, PAYING), (PAYING, PAID | {"name": "unlucky"})), context)

    assert [line["units"].keys() for line in written(capsys)] == [{"AnnouncementsFailed"}]


def test_an_end_that_can_not_be_counted_is_announced_all_the_same(
    subscribers: Subscribers, context: Any, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ENVIRONMENT")

    answer = announce.handler(batch((PENDING, PAYING), (PAYING, PAID)), context)

    assert answer == {"batchItemFailures": []}
    assert [order.status for order in subscribers.seen] == ["PAYING", "PAID"]
    assert written(capsys) == []


def test_nothing_of_a_count_that_failed_is_in_the_next_one(
    subscribers: Subscribers, context: Any, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.delenv("POWERTOOLS_METRICS_NAMESPACE")
        announce.handler(batch((PAYING, PAID)), context)

    announce.handler(batch((PAYING, PAID | {"status": "CANCELLED"})), context)

    assert [line["units"].keys() for line in written(capsys)] == [{"OrdersCancelled", "OrderDuration"}]


def test_without_time_the_rest_of_the_batch_comes_again_unmeasured(
    subscribers: Subscribers, context: Any, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    time = iter([60_000, 10_000])
    monkeypatch.setattr(context, "get_remaining_time_in_millis", lambda: next(time))

    answer = announce.handler(batch((PENDING, PAYING), (PAYING, PAID), (PENDING, PAYING)), context)

    assert answer == {"batchItemFailures": [{"itemIdentifier": "1"}]}
    assert [order.status for order in subscribers.seen] == ["PAYING"]
    assert "AnnouncementsFailed" not in capsys.readouterr().out


def test_the_next_batch_starts_afresh(subscribers: Subscribers, context: Any) -> None:
    announce.handler(batch((PENDING, PAYING | {"name": "unlucky"})), context)

    answer = announce.handler(batch((PENDING, PAYING)), context)

    assert answer == {"batchItemFailures": []}
    assert len(subscribers.seen) == 1


def test_an_announcement_is_logged_with_whom_it_is_about(subscribers: Subscribers, context: Any, logged: Any) -> None:
    lines = logged(announce)

    announce.handler(batch((PAYING, PAID)), context)

    (line,) = lines()
    assert (line["user_id"], line["order_id"], line["version"]) == (KEY.user_id, KEY.order_id, 3)


def test_each_line_of_a_batch_names_its_own_order(
    subscribers: Subscribers, undelivered: FakeUndelivered, context: Any, logged: Any
) -> None:
    lines = logged(announce)
    event = batch((PAYING, PAID | {"total": "a lot"}), (PENDING, PAYING), (PENDING, PAYING | {"name": "unlucky"}))
    for record, user_id in zip(event["Records"], ("anna", KEY.user_id, "ben"), strict=True):
        record["dynamodb"]["Keys"] = {"user_id": {"S": user_id}, "id": {"S": KEY.order_id}}

    announce.handler(event, context)

    # Side by side, the lines come in any order.
    assert sorted((line["user_id"], line["message"]) for line in lines()) == [
        (KEY.user_id, "announced"),
        ("anna", "not announced but kept: the row can't be read"),
        ("ben", "could not announce"),
    ]
    assert {line["order_id"] for line in lines()} == {KEY.order_id}


def test_a_row_that_cannot_be_read_is_reported(subscribers: Subscribers, context: Any, logged: Any) -> None:
    lines = logged(announce)

    announce.handler(batch((PENDING, PAYING | {"total": "a lot"})), context)

    assert "total must be a whole number, got 'a lot'" in lines()[0]["exception"]
    assert lines()[0]["sequence_number"] == "0"


def test_no_line_repeats_what_is_known_of_the_function(subscribers: Subscribers, context: Any, logged: Any) -> None:
    lines = logged(announce)

    announce.handler(batch((PENDING, PAYING)), context)

    (line,) = (line for line in lines() if line["message"] == "announced")
    assert {"function_request_id", "service", "order_id", "user_id"} < line.keys()
    assert not {"function_name", "function_arn", "function_memory_size", "cold_start", "location"} & line.keys()


def test_a_line_about_a_failure_says_where_in_the_code(subscribers: Subscribers, context: Any, logged: Any) -> None:
    lines = logged(announce)

    announce.handler(batch((PENDING, PAYING | {"name": "unlucky"})), context)

    assert [line["location"].partition(":")[0] for line in lines()] == ["count_failure"]
