"""The checker of the fault tests finds each kind of broken promise."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from tests.e2e.faults.support.invariants import Change, Evidence, Key, Row, Said, broken_promises

KEY = Key("user", "order")
PLACED = {"status": "PENDING", "version": 1, "total": 1900, "unit_price": 950, "quantity": 2, "due_at": 1}
PAYING = {**PLACED, "status": "PAYING", "version": 2}
PAID: dict[str, Any] = {"status": "PAID", "version": 3, "total": 1900, "unit_price": 950, "quantity": 2}
PAYMENT = {"result": "approved", "amount": 1900}
GOOD = Evidence(
    orders={KEY: PAID},
    payments={KEY: PAYMENT},
    changes={KEY: [Change(None, PLACED), Change(PLACED, PAYING), Change(PAYING, PAID)]},
    announced=[Said(KEY, "PAID", 3, "text")],
    told=[Said(KEY, "PAYING", 2), Said(KEY, "PAID", 3)],
)


def ended(row: Row, payment: Row | None = None) -> Evidence:
    """Return the evidence of an order that ended with this row, and was announced so."""
    said = Said(KEY, row["status"], row["version"])
    return Evidence({KEY: row}, {} if payment is None else {KEY: payment}, {}, [said])


def written(*rows: Row | None) -> Evidence:
    """Return the evidence of an order whose row had these states."""
    changes = [Change(old, new) for old, new in pairwise(rows)]
    return replace(ended(PAID, PAYMENT), changes={KEY: changes})


@pytest.mark.parametrize(
    "evidence",
    [
        GOOD,
        replace(GOOD, announced=[*GOOD.announced, *GOOD.announced]),
        ended({**PAID, "status": "FAILED"}, {"result": "declined", "amount": 1900}),
        ended({**PAID, "status": "FAILED"}, {"result": "voided", "amount": 1900}),
        ended({**PAID, "status": "CANCELLED"}),
        written(None, PLACED, {**PLACED, "due_at": 2}, {**PAYING, "version": 2}, PAID),
    ],
)
def test_what_ended_as_promised_is_right(evidence: Evidence) -> None:
    assert broken_promises([KEY], evidence) == {}


@pytest.mark.parametrize(
    ("evidence", "wrong"),
    [
        (Evidence({}, {}, {}, []), "accepted and is gone"),
        (Evidence({}, {KEY: PAYMENT}, {}, []), "charged and is gone"),
        (ended(PAYING), "isn't final"),
        (ended({**PAID, "total": 1}, {**PAYMENT, "amount": 1}), "price times quantity"),
        (ended(PAID), "PAID means"),
        (ended(PAID, {**PAYMENT, "amount": 3800}), "PAID means"),
        (ended(PAID, {**PAYMENT, "result": "voided"}), "PAID means"),
        (ended({**PAID, "status": "FAILED"}), "FAILED means"),
        (ended({**PAID, "status": "FAILED"}, PAYMENT), "FAILED means"),
        (ended({**PAID, "status": "CANCELLED"}, PAYMENT), "CANCELLED means"),
        (ended({**PAID, "lease_owner": "x"}, PAYMENT), "isn't open"),
        (written(None, PLACED, PAID), "from PENDING to PAID"),
        (written(None, PLACED, PAYING, PLACED, PAYING, PAID), "from PAYING to PENDING"),
        (written(None, PLACED, {**PAYING, "version": 3}, PAID), "grew by 2"),
        (written(None, PLACED, PAYING, {**PAID, "version": 2}), "grew by 0"),
        (written(None, PLACED, None, PLACED, PAYING, PAID), "came back"),
        (written(None, PLACED, PAYING), "isn't what was written last"),
        (written(None, PLACED, PAYING, PAID, PAID), "from PAID to PAID"),
        (replace(GOOD, announced=[]), "announced as []"),
        (replace(GOOD, announced=[Said(KEY, "FAILED", 3)]), "announced as"),
        (replace(GOOD, announced=[Said(KEY, "PAID", 3), Said(KEY, "PAID", 4)]), "announced as"),
        (replace(GOOD, announced=[Said(KEY, "PAID", 3, "a"), Said(KEY, "PAID", 3, "b")]), "differ"),
        (replace(GOOD, told=[Said(KEY, "PAID", 3)]), "weren't told of PAYING in version 2"),
    ],
)
def test_a_broken_promise_is_named(evidence: Evidence, wrong: str) -> None:
    (found,) = broken_promises([KEY], evidence).values()

    assert wrong in "\n".join(found)


def test_an_order_that_nobody_placed_is_named() -> None:
    assert broken_promises([], GOOD) == {KEY: ["nobody placed it"]}
