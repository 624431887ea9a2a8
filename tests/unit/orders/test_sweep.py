"""The sweep sends a hint for each due order, whatever happens to the others."""

from dataclasses import replace
from typing import Any

import pytest
from orders.domain.moment import aws_date_time
from orders.use_cases.sweep import SweepReport

from tests.support.order_rows import DUE_AT, KEY, order_row
from tests.unit.support.order_system import OrderSystem

OTHER = replace(KEY, user_id="anna")


@pytest.fixture
def system() -> OrderSystem:
    return OrderSystem()


@pytest.mark.parametrize("status", ["PENDING", "PAYING"])
def test_a_due_order_is_hinted_at_and_not_due_for_a_minute(system: OrderSystem, status: str) -> None:
    system.orders.put(order_row(status=status))

    report = system.sweep()

    assert report.hinted == system.hints.sent == [KEY]
    assert system.orders.rows[KEY]["due_at"] == system.clock() + 60_000
    assert system.orders.rows[KEY]["version"] == 1


@pytest.mark.parametrize("shard", range(8))
def test_every_shard_is_swept(system: OrderSystem, shard: int) -> None:
    system.orders.put(order_row(open_shard=shard))

    system.sweep()

    assert system.hints.sent == [KEY]


def test_an_order_that_is_not_due_is_left_alone(system: OrderSystem) -> None:
    system.orders.put(order_row(due_at=system.clock()))

    system.sweep()

    assert system.hints.sent == []


def test_two_sweeps_at_once_hint_once(system: OrderSystem) -> None:
    system.orders.put(order_row())
    due = system.orders.due
    # The other sweep has already read the index when this one changes the order.
    second = OrderSystem()
    second.orders.due = lambda shard, **_: iter(stale[shard])  # type: ignore[method-assign]
    stale = {shard: list(due(shard, before_milliseconds=system.clock())) for shard in range(8)}
    second.orders.rows = system.orders.rows
    system.sweep()

    report = second.sweep()

    assert report == SweepReport()
    assert (system.hints.sent, second.hints.sent) == ([KEY], [])


def test_the_hint_is_counted_before_it_is_sent(system: OrderSystem) -> None:
    system.orders.put(order_row())
    system.hints.send = _fail  # type: ignore[assignment, method-assign]

    report = system.sweep()

    assert [failure.what for failure in report.failures] == [KEY.order_id]
    assert report.hinted == []
    assert system.orders.rows[KEY]["hints"] == 1


def test_one_bad_row_does_not_stop_the_others(system: OrderSystem) -> None:
    bad = replace(KEY, order_id="bad")
    system.orders.put(order_row(bad, due_at=DUE_AT - 1, hints=5, total=None))
    system.orders.put(order_row(KEY, hints=5))
    system.orders.put(order_row(OTHER))

    report = system.sweep()

    assert [failure.what for failure in report.failures] == ["bad"]
    assert report.given_up == [KEY]
    assert report.hinted == [OTHER]


def test_a_shard_that_cannot_be_read_does_not_stop_the_others(system: OrderSystem) -> None:
    system.orders.put(order_row(open_shard=5))
    due = system.orders.due
    system.orders.due = lambda shard, **when: _fail() if shard == 4 else due(shard, **when)  # type: ignore[method-assign]

    report = system.sweep()

    assert [failure.what for failure in report.failures] == ["shard 4"]
    assert report.hinted == [KEY]


def test_without_time_the_rest_stays_due(system: OrderSystem) -> None:
    system.orders.put(order_row(KEY, hints=5))
    system.orders.put(order_row(OTHER))
    time = iter([True, True, False])

    report = system.sweep(has_time=lambda: next(time))

    assert report.ran_out_of_time
    assert report.hinted == [OTHER]
    assert system.orders.rows[KEY] == order_row(KEY, hints=5)


def test_each_minute_starts_at_another_shard(system: OrderSystem) -> None:
    for shard in range(8):
        system.orders.put(order_row(replace(KEY, order_id=f"shard {shard}"), open_shard=shard))
    firsts = set()

    for minute in range(8):
        system.clock.milliseconds += 60_000 * 61 * minute
        once = iter([True, False])
        firsts.update(system.sweep(has_time=lambda once=once: next(once)).hinted)  # type: ignore[misc]

    assert len(firsts) > 4


def _fail(*_: Any) -> Any:
    raise RuntimeError("unreachable")


@pytest.mark.parametrize(
    ("seconds", "is_late"),
    [(299, False), (300, False), (301, True), (None, True)],
)
def test_an_order_is_late_when_it_could_have_been_paid_for_five_minutes(
    system: OrderSystem, seconds: int | None, is_late: bool
) -> None:
    since = None if seconds is None else aws_date_time(system.clock() - seconds * 1000)
    system.orders.put(order_row(changeable_until=since, created_at="2020-01-01T00:00:00.000Z"))

    report = system.sweep()

    assert report.late == [KEY] * is_late


def test_an_order_whose_hints_are_used_up_is_late(system: OrderSystem) -> None:
    system.orders.put(order_row(hints=5))

    report = system.sweep()

    assert report.late == report.given_up == [KEY]
