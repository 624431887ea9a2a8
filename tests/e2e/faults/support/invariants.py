"""Rules that accepted orders must keep once all work on them has ended, whatever broke before.

They judge what `evidence.py` has read: rows with plain values, changes of the orders table, and
announcements.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

Row = Mapping[str, Any]
OF_OPEN_ORDERS = frozenset(["open_shard", "due_at", "lease_owner"])
# Allowed changes of the status; None is no row. A status stays the same when the customer updates
# the order or another execution takes over its lease.
MOVES: Mapping[str | None, Collection[str | None]] = {
    None: ["PENDING"],
    "PENDING": ["PENDING", "PAYING", "FAILED", "CANCELLED", None],
    "PAYING": ["PAYING", "PAID", "FAILED"],
    "PAID": [],
    "FAILED": [None],
    "CANCELLED": [None],
}
FINAL = frozenset(["PAID", "FAILED", "CANCELLED"])


class Key(NamedTuple):
    """The name of an order. Ids are unique per user only."""

    user_id: str
    id: str


class Said(NamedTuple):
    """An announcement of an order, or its publication to subscribers."""

    key: Key
    status: str
    version: int
    text: str = ""


@dataclass(frozen=True)
class Change:
    """A row of the orders table before and after a write."""

    old: Row | None
    new: Row | None


@dataclass(frozen=True)
class Evidence:
    """All evidence on some users' orders. `told` is None if nobody subscribed."""

    orders: Mapping[Key, Row]
    payments: Mapping[Key, Row]
    changes: Mapping[Key, list[Change]]
    announced: Collection[Said]
    told: Collection[Said] | None = None


def broken_promises(accepted: Iterable[Key], evidence: Evidence) -> dict[Key, list[str]]:
    """Return the broken promises by order.

    It is empty when each order that was accepted, and not deleted since, ended as promised.
    """
    expected = set(accepted)
    seen = {*evidence.orders, *evidence.payments, *evidence.changes, *(said.key for said in evidence.announced)}
    found = {key: list(_broken(key, key in expected, evidence)) for key in sorted(expected | seen)}
    return {key: wrong for key, wrong in found.items() if wrong}


def _broken(key: Key, accepted: bool, evidence: Evidence) -> Iterator[str]:
    row, payment = evidence.orders.get(key), evidence.payments.get(key)
    changes = evidence.changes.get(key, [])
    yield from _wrong_moves(changes)
    if row is None:
        if accepted:
            yield "it was accepted and is gone"
        if payment is not None and payment["result"] == "approved":
            yield "it was charged and is gone"
        return
    if not accepted:
        yield "nobody placed it"
    yield from wrong_end(row, payment)
    if changes and changes[-1].new != row:
        yield f"its row isn't what was written last: {row}, written {changes[-1].new}"
    if row["status"] in FINAL:
        yield from _wrong_announcements(key, row, evidence)


def wrong_end(row: Row, payment: Row | None) -> Iterator[str]:
    """Find what is not final, and what doesn't agree between an order's row and its payment."""
    status, charge = row["status"], (payment["result"], payment["amount"]) if payment else None
    rules = {
        f"it is {status}, which isn't final": status in FINAL,
        "the total isn't price times quantity": row["total"] == row["unit_price"] * row["quantity"],
        "PAID means charged the total": status != "PAID" or charge == ("approved", row["total"]),
        "FAILED means not charged, and kept so": status != "FAILED" or (charge or ("",))[0] in ("declined", "voided"),
        "CANCELLED means that nobody tried": status != "CANCELLED" or charge is None,
        "a final order isn't open": status not in FINAL or not OF_OPEN_ORDERS & row.keys(),
    }
    yield from (f"{rule}: charged {charge}, row {row}" for rule, holds in rules.items() if not holds)


def _wrong_moves(changes: list[Change]) -> Iterator[str]:
    if sum(change.old is None for change in changes) > 1:
        yield "its row came back after it was deleted"
    for old, new in ((change.old, change.new) for change in changes):
        before, after = (old or {}).get("status"), (new or {}).get("status")
        step = (new or {}).get("version", 0) - (old or {}).get("version", 0)
        if before == after and step == 0 and before not in FINAL:
            continue  # only a hint or the due time changed
        if after not in MOVES[before]:
            yield f"it went from {before} to {after}"
        if new is not None and step != 1:
            yield f"its version grew by {step} from {before} to {after}"


def _wrong_announcements(key: Key, row: Row, evidence: Evidence) -> Iterator[str]:
    announced = {said for said in evidence.announced if said.key == key}
    told = {(said.status, said.version) for said in announced}
    if told != {(row["status"], row["version"])}:
        yield f"it is {row['status']} in version {row['version']}, and was announced as {sorted(told)}"
    if len(announced) > 1:
        yield f"its announcements differ: {sorted(announced)}"
    if evidence.told is not None:
        heard = {(said.status, said.version) for said in evidence.told if said.key == key}
        yield from (
            f"subscribers weren't told of {change.new['status']} in version {change.new['version']}"
            for change in evidence.changes.get(key, [])
            if change.old and change.new and change.old["status"] != change.new["status"]
            if (change.new["status"], change.new["version"]) not in heard
        )
