"""Bringing rows back from restored tables: payments first, so that no order meets a charge that was forgotten."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from environments.user_error import UserError
from operations import moments
from operations.environment import Environment
from operations.restored_rows import Comparison, Item, Missing, compared, missing, written_back
from operations.restored_tables import (
    RestoredTable,
    insert,
    key_of,
    pages,
    restored_orders,
    restored_payments,
    row_of,
    rows,
)

PAYMENT_KEY = ("user_id", "order_id")


@dataclass(frozen=True, kw_only=True)
class Restored:
    """The two restored tables; the payments are of the same moment as the orders, or a later one."""

    orders: RestoredTable
    payments: RestoredTable


@dataclass(kw_only=True)
class Plan:
    """Restored rows compared with those in use: counts, missing orders, and rows for a person to look at."""

    payments: Counter[Comparison] = field(default_factory=Counter)
    orders: Counter[Comparison] = field(default_factory=Counter)
    missing: Counter[Missing] = field(default_factory=Counter)
    by_hand: list[str] = field(default_factory=list)


def restored(environment: Environment, *, orders: str, payments: str) -> Restored:
    """The tables of these names; UserError when rows from them could forget a charge."""
    found = Restored(orders=restored_orders(environment, orders), payments=restored_payments(environment, payments))
    if found.payments.moment < found.orders.moment:
        raise UserError(
            f"--payments: {payments} is as of {moments.text(found.payments.moment)}, {orders} as of"
            f" {moments.text(found.orders.moment)}; expected payments of the same moment or a later one,"
            " or a charge could be forgotten"
        )
    return found


def planned(environment: Environment, tables: Restored) -> Plan:
    """Read all restored rows and compare them; nothing is written."""
    plan = Plan(payments=_compared_payments(environment, tables.payments))
    for page in pages(environment, tables.orders):
        for here, there in page:
            comparison = compared(here, there)
            plan.orders[comparison] += 1
            if comparison in (Comparison.DIFFERING, Comparison.NEWER_THERE):
                plan.by_hand.append(f"{_name(there)}: {comparison}")
        for order, known in _missing(environment, tables, page):
            plan.missing[known] += 1
            if known is Missing.MISMATCHED:
                plan.by_hand.append(f"{_name(order)}: {known}")
    return plan


def copy_payments(environment: Environment, table: RestoredTable) -> int:
    """Write the missing payments; their number. UserError when a payment is still another than the restored one."""
    written = 0
    for page in pages(environment, table):
        new = [there for here, there in page if here is None]
        written += insert(environment, table.in_use, new, key=table.key)
    now = _compared_payments(environment, table)
    if now[Comparison.MISSING] or now[Comparison.DIFFERING]:
        raise UserError(
            f"no order was written back: of {table.name}, {now[Comparison.MISSING]} payments are missing in"
            f" {table.in_use} and {now[Comparison.DIFFERING]} differ; a payment is written once, so look why"
        )
    return written


def copy_orders(environment: Environment, tables: Restored, *, pending: bool) -> Iterator[int]:
    """Write the missing orders, once all payments are there; yields, page by page, how many are written so far.

    `pending` also writes PENDING orders without a payment, which their customers may have cancelled or deleted since.
    """
    kinds = {Missing.FINAL, Missing.CHARGED, Missing.PAYING, *([Missing.PENDING] if pending else [])}
    written = 0
    for page in pages(environment, tables.orders):
        now = moments.now()
        new = [
            written_back(order, kind, now=now) for order, kind in _missing(environment, tables, page) if kind in kinds
        ]
        written += insert(environment, tables.orders.in_use, new, key=tables.orders.key)
        yield written


def _compared_payments(environment: Environment, table: RestoredTable) -> Counter[Comparison]:
    return Counter(compared(here, there) for page in pages(environment, table) for here, there in page)


def _missing(
    environment: Environment, tables: Restored, page: list[tuple[Item | None, Item]]
) -> list[tuple[Item, Missing]]:
    """The page's missing orders, with what is known of each by the payments in use and the restored ones."""
    orders = [there for here, there in page if here is None]
    keys = [dict(zip(PAYMENT_KEY, key_of(order, tables.orders.key).values(), strict=True)) for order in orders]
    payments = rows(environment, tables.payments.name, keys) | rows(environment, tables.payments.in_use, keys)
    return [(order, missing(order, row_of(payments, key))) for order, key in zip(orders, keys, strict=True)]


def _name(order: Item) -> str:
    return f"order {order['id']['S']} of customer {order['user_id']['S']}"
