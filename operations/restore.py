"""Bringing rows back from restored tables: payments first, so that no order meets a charge that was forgotten."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from environments.user_error import UserError
from operations import timestamps
from operations.environment import Environment
from operations.restored_rows import Comparison, Item, MissingOrder, compare_rows, missing_order, row_to_write
from operations.restored_tables import (
    RestoredTable,
    insert_missing,
    paired_pages,
    read_rows,
    restored_orders_table,
    restored_payments_table,
    row_key,
    row_with_key,
)

PAYMENT_KEY = ("user_id", "order_id")


@dataclass(frozen=True, kw_only=True)
class RestoredTables:
    """The two restored tables; the payments are of the same moment as the orders, or a later one."""

    orders: RestoredTable
    payments: RestoredTable


@dataclass(kw_only=True)
class RestorePlan:
    """Restored rows compared with those in use: counts, missing orders, and rows for a person to look at."""

    payments: Counter[Comparison] = field(default_factory=Counter)
    orders: Counter[Comparison] = field(default_factory=Counter)
    missing: Counter[MissingOrder] = field(default_factory=Counter)
    by_hand: list[str] = field(default_factory=list)


def open_restored_tables(environment: Environment, *, orders: str, payments: str) -> RestoredTables:
    """The tables of these names; UserError when rows from them could forget a charge."""
    found = RestoredTables(
        orders=restored_orders_table(environment, orders), payments=restored_payments_table(environment, payments)
    )
    if found.payments.moment < found.orders.moment:
        raise UserError(
            f"--payments: {payments} is as of {timestamps.time_text(found.payments.moment)}, {orders} as of"
            f" {timestamps.time_text(found.orders.moment)}; expected payments of the same moment or a later one,"
            " or a charge could be forgotten"
        )
    return found


def plan_restore(environment: Environment, tables: RestoredTables) -> RestorePlan:
    """Read all restored rows and compare them; nothing is written."""
    plan = RestorePlan(payments=_compare_payments(environment, tables.payments))
    for page in paired_pages(environment, tables.orders):
        for here, there in page:
            comparison = compare_rows(here, there)
            plan.orders[comparison] += 1
            if comparison in (Comparison.DIFFERING, Comparison.NEWER_THERE):
                plan.by_hand.append(f"{_order_text(there)}: {comparison}")
        for order, known in _missing_orders(environment, tables, page):
            plan.missing[known] += 1
            if known is MissingOrder.MISMATCHED:
                plan.by_hand.append(f"{_order_text(order)}: {known}")
    return plan


def copy_payments(environment: Environment, table: RestoredTable) -> int:
    """Write the missing payments; their number. UserError when a payment is still another than the restored one."""
    written = 0
    for page in paired_pages(environment, table):
        new = [there for here, there in page if here is None]
        written += insert_missing(environment, table.in_use, new, key=table.key)
    now = _compare_payments(environment, table)
    if now[Comparison.MISSING] or now[Comparison.DIFFERING]:
        raise UserError(
            f"no order was written back: of {table.name}, {now[Comparison.MISSING]} payments are missing in"
            f" {table.in_use} and {now[Comparison.DIFFERING]} differ; a payment is written once, so look why"
        )
    return written


def copy_orders(environment: Environment, tables: RestoredTables, *, pending: bool) -> Iterator[int]:
    """Write the missing orders, once all payments are there; yields, page by page, how many are written so far.

    `pending` also writes PENDING orders without a payment, which their customers may have cancelled or deleted since.
    """
    kinds = {
        MissingOrder.FINAL,
        MissingOrder.CHARGED,
        MissingOrder.PAYING,
        *([MissingOrder.PENDING] if pending else []),
    }
    written = 0
    for page in paired_pages(environment, tables.orders):
        now = timestamps.now()
        new = [
            row_to_write(order, kind, now=now)
            for order, kind in _missing_orders(environment, tables, page)
            if kind in kinds
        ]
        written += insert_missing(environment, tables.orders.in_use, new, key=tables.orders.key)
        yield written


def _compare_payments(environment: Environment, table: RestoredTable) -> Counter[Comparison]:
    return Counter(compare_rows(here, there) for page in paired_pages(environment, table) for here, there in page)


def _missing_orders(
    environment: Environment, tables: RestoredTables, page: list[tuple[Item | None, Item]]
) -> list[tuple[Item, MissingOrder]]:
    """The page's missing orders, with what is known of each by the payments in use and the restored ones."""
    orders = [there for here, there in page if here is None]
    keys = [dict(zip(PAYMENT_KEY, row_key(order, tables.orders.key).values(), strict=True)) for order in orders]
    payments = read_rows(environment, tables.payments.name, keys) | read_rows(environment, tables.payments.in_use, keys)
    return [(order, missing_order(order, row_with_key(payments, key))) for order, key in zip(orders, keys, strict=True)]


def _order_text(order: Item) -> str:
    return f"order {order['id']['S']} of customer {order['user_id']['S']}"
