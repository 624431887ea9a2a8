"""Restored rows are compared to those in use.

A row that is written back isn't announced as news, and can't be charged again.
"""

from typing import Any

import pytest
from orders.domain.order import OrderStatus
from orders.domain.row import order_with_news

from operations.restored_rows import Comparison, Item, MissingOrder, compare_rows, missing_order, row_to_write
from tests.support.order_rows import order_row

NOW = 1_767_225_600_000
WINDOW = {"changeable_until": "2026-01-01T00:15:00.000Z"}
PAYMENT = {"amount": {"N": "1700"}, "currency": {"S": "EUR"}, "result": {"S": "approved"}}
LEASE: dict[str, Any] = {"lease_owner": "execution", "hints": 29}


def item(row: dict[str, Any]) -> Item:
    """Return a row in the format of DynamoDB's API."""
    return {name: written(value) for name, value in row.items()}


def written(value: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        return {"M": {name: written(inner) for name, inner in value.items()}}
    return {"N": str(value)} if isinstance(value, int) else {"S": str(value)}


def plain(row: Item) -> dict[str, Any]:
    """Return a row as the stream gives it to announce."""
    return {name: int(value["N"]) if "N" in value else value.get("S", {}) for name, value in row.items()}


def order(status: str = "PAID", **changes: Any) -> Item:
    return item(order_row(status=status, **{"version": 3, **changes}))


@pytest.mark.parametrize(
    ("here", "there", "expected"),
    [
        (None, order(), Comparison.MISSING),
        (order(), order(), Comparison.SAME),
        (order(total=1), order(), Comparison.DIFFERING),
        (order("FAILED"), order(), Comparison.DIFFERING),
        (order("PENDING"), order(), Comparison.DIFFERING),
        (order(), order("PAYING", version=2), Comparison.NEWER_HERE),
        (order(version=4), order(), Comparison.NEWER_HERE),
        (order("PAYING", version=2), order(), Comparison.NEWER_THERE),
        # Open in both: such rows differ in their progress, also after they are written back.
        (order("PAYING", version=2, due_at=1, **LEASE), order("PENDING", version=1, **WINDOW), Comparison.SAME),
        (order("PAYING", version=1), order("PAYING", version=2, **LEASE), Comparison.SAME),
        (order("PENDING", version=2, quantity=3), order("PENDING", version=1), Comparison.NEWER_HERE),
        (order("PENDING", quantity=3), order("PENDING"), Comparison.DIFFERING),
        # A payment has no version.
        (PAYMENT, PAYMENT, Comparison.SAME),
        (PAYMENT | {"result": {"S": "declined"}}, PAYMENT, Comparison.DIFFERING),
    ],
)
def test_a_restored_row_is_compared_with_the_one_in_use(here: Item | None, there: Item, expected: str) -> None:
    assert compare_rows(here, there) is expected


@pytest.mark.parametrize(
    ("row", "payment", "expected"),
    [
        *(
            (order(status), None, MissingOrder.FINAL)
            for status in ("PAID", "FAILED", "CANCELLED", "OF_A_LATER_RELEASE")
        ),
        (order("PAID"), PAYMENT, MissingOrder.FINAL),
        (order("PENDING"), None, MissingOrder.PENDING),
        (order("PAYING"), None, MissingOrder.PAYING),
        (order("PENDING"), PAYMENT, MissingOrder.CHARGED),
        (order("PAYING"), PAYMENT | {"result": {"S": "declined"}}, MissingOrder.CHARGED),
        (order("PENDING"), PAYMENT | {"amount": {"N": "850"}}, MissingOrder.MISMATCHED),
        (order("PAYING"), PAYMENT | {"currency": {"S": "CHF"}}, MissingOrder.MISMATCHED),
    ],
)
def test_a_missing_order_is_judged_by_its_payment(row: Item, payment: Item | None, expected: str) -> None:
    assert missing_order(row, payment) is expected


@pytest.mark.parametrize("payment", [None, PAYMENT], ids=["not charged", "charged"])
@pytest.mark.parametrize("status", OrderStatus)
def test_no_row_that_is_written_back_is_news(status: str, payment: Item | None) -> None:
    there = order(status, **WINDOW)

    row = row_to_write(there, missing_order(there, payment), now=NOW)

    # As for a new row with a change window, which announce gets.
    assert order_with_news(None, plain(row)) is None


@pytest.mark.parametrize("status", ["PAID", "FAILED", "CANCELLED"])
def test_a_final_order_is_written_back_as_it_was(status: str) -> None:
    there = order(status, **WINDOW)

    assert row_to_write(there, MissingOrder.FINAL, now=NOW) == there


@pytest.mark.parametrize(
    ("there", "known", "status", "version"),
    [
        (order("PENDING", version=1), MissingOrder.PENDING, "PENDING", "1"),
        # Its customer could cancel a PENDING order, and CANCELLED means not charged.
        (order("PENDING", version=1), MissingOrder.CHARGED, "PAYING", "1"),
        # The workflow that takes it up adds 1 to the version, as the lost one did.
        (order("PAYING", version=2), MissingOrder.CHARGED, "PAYING", "1"),
        (order("PAYING", version=2), MissingOrder.PAYING, "PAYING", "1"),
    ],
)
def test_an_open_order_is_written_back_for_sweep_to_take_up(
    there: Item, known: MissingOrder, status: str, version: str
) -> None:
    row = row_to_write({**there, **item(LEASE | {"due_at": NOW + 300_000})}, known, now=NOW)

    assert (row["status"]["S"], row["version"]["N"]) == (status, version)
    assert row["due_at"] == {"N": str(NOW)}
    assert row["open_shard"] == there["open_shard"]
    assert not {"lease_owner", "hints"} & row.keys()
