"""`order list` and `order open`: which orders there are."""

from collections.abc import Iterator
from itertools import islice

import click

from deployment.colours import status_with_tone, with_tone
from environments.order_rules import FINAL_STATUSES, OPEN_STATUSES
from environments.user_error import UserError
from operations import amounts, orders, timestamps
from operations.commands.columns import count_text
from operations.commands.examples import example
from operations.commands.number_options import most_option
from operations.commands.target_environment import CommandTarget, pass_target
from operations.commands.terminal_io import say, say_table
from operations.commands.user_option import user_option
from operations.environment import Environment
from operations.orders import Row

most = most_option("Show no more than so many.", default=20)
COLUMNS = ("ORDER", "CUSTOMER", "STATUS", "PLACED", "TOTAL", "CONTENT")


@click.command("list", epilog=example("order list --user 0fad7bc7-2451-4d65-bbe5-7c4b879c227a --status FAILED"))
@user_option("The orders of one customer; without it, the open ones of all.")
@click.option(
    "--status",
    type=click.Choice((*OPEN_STATUSES, *FINAL_STATUSES), case_sensitive=False),
    help="Only orders in this status.",
)
@most
@pass_target
def list_(target: CommandTarget, user: str | None, status: str | None, most: int) -> None:
    """List orders, newest first: all of one customer, or everybody's that are open.

    Each row is read as it is now. Only one customer's partition, or the index of open orders, is searched.
    """
    if user is None and status in FINAL_STATUSES:
        raise UserError(
            f"--status: got {status} without --user, expected {' or '.join(OPEN_STATUSES)}:"
            " of orders that are final, only one customer's are listed"
        )
    environment = target.environment
    found = orders.customer_orders(environment, user, status=status) if user else _open_orders(environment, status)
    rows = [_order_cells(row) for row in islice(found, most)]
    columns = [name for name in COLUMNS if not (user and name == "CUSTOMER")]
    if rows:
        # `order show` has content and time in full. Ids stay whole whatever the width, because commands take them.
        least = {columns.index("CONTENT"): 12, columns.index("PLACED"): len("2026-01-01 00:00…")}
        say_table([columns, *([row[name] for name in columns] for row in rows)], least=least)
    more = ", and there are more: --most shows more" if next(found, None) else ""
    which = f"{status} " if status else "" if user else "open "
    say(count_text(len(rows), f"{which}order") + (f" of customer {user}" if user else "") + more)


@click.command("open", epilog=example("order open --most 5"))
@most
@pass_target
def open_(target: CommandTarget, most: int) -> None:
    """List the orders that aren't final yet, the longest due first.

    An order is due when sweep should look after it: past its change window, or past its workflow's lease.
    """
    environment, now = target.environment, timestamps.now()
    found = sorted(orders.open_orders(environment), key=lambda one: one.due_at)
    rows = [("ORDER", "CUSTOMER", "STATUS", "HINTS", "DUE")]
    for one in found[:most]:
        row = orders.read_order(environment, one.user_id, one.order_id) or {}
        late = now - one.due_at
        due = f"for {timestamps.duration_text(late)}" if late >= 0 else f"in {timestamps.duration_text(-late)}"
        cell = with_tone(due, "bad") if late >= timestamps.MINUTE else due
        status = status_with_tone(str(row.get("status", "gone")))
        rows.append((one.order_id, one.user_id, status, str(row.get("hints", 0)), cell))
    if found:
        say_table(rows)
    say(f"{count_text(len(found), 'open order')}" + (f", {most} shown" if len(found) > most else ""))


def _open_orders(environment: Environment, status: str | None) -> Iterator[Row]:
    """Everybody's open orders, newest first; the index may still name one that is final by now."""
    wanted = (status,) if status else OPEN_STATUSES
    for one in sorted(orders.open_orders(environment), key=lambda one: one.order_id, reverse=True):
        row = orders.read_order(environment, one.user_id, one.order_id)
        if row and row.get("status") in wanted:
            yield row


def _order_cells(row: Row) -> dict[str, str]:
    total = amounts.amount_text(row, "total") if {"total", "currency"} <= row.keys() else "-"
    content = f"{row.get('quantity', '-')} x {row.get('name', '-')} from {row.get('restaurant_id', '-')}"
    cells = (
        str(row["id"]),
        str(row["user_id"]),
        status_with_tone(str(row.get("status", "-"))),
        timestamps.attribute_text(row, "created_at"),
        total,
        content,
    )
    return dict(zip(COLUMNS, cells, strict=True))
