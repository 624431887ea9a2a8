"""The checker finds each kind of broken promise, and accepts a good history."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.e2e.faults.support.history import Event, History, violations


def event(kind: str, moment: float, **more: object) -> Event:
    money = (
        {}
        if kind in ("charged", "published", "announced", "deleted")
        else {"quantity": 2, "unit_price": 950, "total": 1900}
    )
    given = {"user": "ada", "id": "one", "asked": moment, "answered": moment, **money, **more}
    return Event(kind=kind, **given)  # type: ignore[arg-type]  # a test's shorthand


GOOD = [
    event("accepted", 1, status="PENDING", version=1),
    event("seen", 2, status="PENDING", version=1),
    event("seen", 3, status="PAYING", version=2),
    event("published", 3, status="PAYING", version=2),
    event("charged", 4, status="approved", total=1900, answer="ch_1"),
    event("published", 5, status="PAID", version=3),
    event("announced", 5, status="PAID", version=3),
    event("seen", 6, status="PAID", version=3),
    event("ended", 7, status="PAID", version=3),
]
CANCELLED = [
    event("accepted", 1, status="PENDING", version=1),
    event("published", 2, status="CANCELLED", version=2),
    event("announced", 3, status="CANCELLED", version=2),
    event("ended", 4, status="CANCELLED", version=2),
]


def without(kind: str) -> list[Event]:
    return [event for event in GOOD if event.kind != kind]


def kinds(events: Iterable[Event]) -> set[str]:
    return {violation.kind for violation in violations(events)}


@pytest.mark.parametrize(
    "events", [[], GOOD, CANCELLED, [*GOOD, *GOOD[5:7]]], ids=["none", "paid", "cancelled", "twice"]
)
def test_a_good_history_breaks_no_promise(events: list[Event]) -> None:
    assert violations(events) == []


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        (without("ended"), {"lost"}),
        ([*GOOD[:3], event("ended", 9, status="PAYING", version=2)], {"unfinished"}),
        ([*GOOD, event("charged", 8, status="approved", total=1900, answer="ch_2")], {"charged twice", "wrong money"}),
        ([*GOOD, event("charged", 8, status="voided", answer="void_1")], {"charged twice"}),
        ([*GOOD, event("seen", 8, status="PAYING", version=4)], {"went backwards"}),
        ([*GOOD, event("seen", 8, status="PAID", version=2)], {"went backwards"}),
        ([*GOOD, event("seen", 8, status="FAILED", version=4)], {"went backwards"}),
        ([*GOOD, event("seen", 8, status="PAID", version=3, total=1901)], {"wrong money"}),
        ([*without("charged"), event("charged", 4, status="approved", total=950, answer="ch_1")], {"wrong money"}),
        (without("charged"), {"wrong money"}),
        ([*CANCELLED, event("charged", 3, status="approved", total=1900, answer="ch_1")], {"wrong money"}),
        (
            [*without("ended"), event("deleted", 8)],
            {"wrong money"},
        ),
        (without("announced"), {"unannounced"}),
        (without("published"), {"unannounced"}),
        ([*GOOD, event("announced", 8, status="FAILED", version=3)], {"unannounced"}),
    ],
    ids=[
        "no row",
        "not final",
        "two charges",
        "a charge and a void",
        "status falls",
        "version falls",
        "a final status changes",
        "total is not quantity times price",
        "charged something else",
        "paid but not charged",
        "cancelled but charged",
        "charged and deleted",
        "not announced",
        "not published",
        "announced something else",
    ],
)
def test_each_broken_promise_is_found(events: list[Event], expected: set[str]) -> None:
    assert kinds(events) == expected


def test_what_is_asked_at_the_same_time_may_come_in_any_order() -> None:
    late = event("seen", 6, status="PAYING", version=2, asked=2.5)

    assert violations([*GOOD, late]) == []


def test_an_id_that_is_used_again_after_a_deletion_starts_again() -> None:
    first = [event("accepted", 1, status="PENDING", version=1), event("seen", 2, status="PENDING", version=4)]
    second = [replace(one, asked=one.asked + 10, answered=one.answered + 10) for one in GOOD]

    assert violations([*first, event("deleted", 5), *second]) == []


def test_orders_of_two_customers_with_one_id_are_two_orders() -> None:
    other = [replace(one, user="bob") for one in GOOD]

    assert violations([*GOOD, *other]) == []


def test_a_history_is_read_as_it_was_written(tmp_path: Path) -> None:
    history = History(tmp_path / "history.jsonl")

    for one in GOOD:
        history.write(one)

    assert history.read() == GOOD
