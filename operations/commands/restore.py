"""`restore`: bring back rows that were lost, from tables that DynamoDB restored beside those in use."""

from collections.abc import Callable
from typing import Any

import click

from environments.user_error import UserError
from operations import restore as restore_
from operations import restored_tables as tables_
from operations import timestamps
from operations.commands.columns import count_text
from operations.commands.confirm import confirm_change, confirmation_options
from operations.commands.examples import example
from operations.commands.target_environment import CommandTarget, pass_target
from operations.commands.terminal_io import say, say_table
from operations.restore import RestoredTables, RestorePlan
from operations.restored_rows import Comparison, MissingOrder
from operations.restored_tables import Protection

Command = Callable[..., Any]
TABLES = "--orders orders-dev-orders-restored --payments orders-dev-payments-restored"
LISTED = 20
BY_HAND = "left alone: a person has to look"
OUTCOMES = {
    MissingOrder.FINAL: "written back as they were",
    MissingOrder.CHARGED: "written back as PAYING: the workflow finds the payment, nothing is charged",
    MissingOrder.PAYING: "written back: the workflow goes on with their one charge",
    MissingOrder.PENDING: "left out without --pending: their customers may have cancelled or deleted them since",
    MissingOrder.MISMATCHED: BY_HAND,
}


def table_options(command: Command) -> Command:
    """Give a command the names of the restored tables."""
    orders = click.option("--orders", metavar="TABLE", required=True, help="The table restored from the orders.")
    payments = click.option(
        "--payments",
        metavar="TABLE",
        required=True,
        help="The table restored from the payments, to the same moment or a later one.",
    )
    return orders(payments(command))


@click.group()
def restore() -> None:
    """Bring back rows that were lost, from tables that DynamoDB restored under other names.

    Only rows that are missing are written, payments before orders. So nothing is charged or announced again, and the
    tables in use keep their stream and their protection. docs/runbooks/lost-rows.md has all steps.
    """


@restore.command(epilog=example(f"restore plan {TABLES}"))
@table_options
@pass_target
def plan(target: CommandTarget, orders: str, payments: str) -> None:
    """Compare the restored rows with those in use, and print how many are missing, differ or are newer where."""
    environment = target.environment
    restored = restore_.open_restored_tables(environment, orders=orders, payments=payments)
    found = restore_.plan_restore(environment, restored)
    say_table([("TABLE", "AS OF", *(word.upper() for word in Comparison)), *_comparison_rows(restored, found)])
    for line in found.by_hand[:LISTED]:
        say(f"  {line}")
    if len(found.by_hand) > LISTED:
        say(f"  and {len(found.by_hand) - LISTED} more")
    say("")
    say_table(
        [("MISSING ORDERS", "", ""), *((kind, str(found.missing[kind]), OUTCOMES[kind]) for kind in MissingOrder)]
    )
    say("")
    say_table([(table, str(now)) for table, now in _read_protections(target).items()])


@restore.command(epilog=example(f"restore copy {TABLES} --dry-run"))
@table_options
@click.option("--pending", is_flag=True, help="Also orders that were PENDING and not charged: they will be charged.")
@confirmation_options
@pass_target
def copy(target: CommandTarget, orders: str, payments: str, pending: bool, dry_run: bool, yes: bool) -> None:
    """Write back the rows that are missing: the payments, and when all are there, the orders.

    Can be stopped, and run again: a row that is there is left as it is.
    """
    environment = target.environment
    restored = restore_.open_restored_tables(environment, orders=orders, payments=payments)
    before = _read_protections(target)
    _require_protection(target, before)
    what = _copy_text(restore_.plan_restore(environment, restored), pending=pending)
    if not confirm_change(what, dry_run=dry_run, yes=yes):
        return
    say(f"Wrote {count_text(restore_.copy_payments(environment, restored.payments), 'payment')} back.")
    written = 0
    for page, written in enumerate(restore_.copy_orders(environment, restored, pending=pending), 1):
        if page % 100 == 0:
            say(f"  read {page * tables_.PAGE_SIZE} restored orders, wrote {written} back")
    say(f"Wrote {count_text(written, 'order')} back. sweep takes up the open ones within a minute.")
    if _read_protections(target) != before:
        raise UserError("a table's stream or protection changed meanwhile: `restore plan` shows how it is now")


def _comparison_rows(restored: RestoredTables, found: RestorePlan) -> list[tuple[str, ...]]:
    return [
        (name, timestamps.time_text(table.moment), *(str(counted[word]) for word in Comparison))
        for name, table, counted in (
            ("payments", restored.payments, found.payments),
            ("orders", restored.orders, found.orders),
        )
    ]


def _copy_text(found: RestorePlan, *, pending: bool) -> str:
    kinds = [
        kind for kind in MissingOrder if OUTCOMES[kind] != BY_HAND and (pending or kind is not MissingOrder.PENDING)
    ]
    orders = ", ".join(f"{found.missing[kind]} {kind}" for kind in kinds)
    left = found.orders[Comparison.MISSING] - sum(found.missing[kind] for kind in kinds)
    return (
        f"write {count_text(found.payments[Comparison.MISSING], 'missing payment')} back, then the missing orders:"
        f" {orders}; {left} left out"
    )


def _read_protections(target: CommandTarget) -> dict[str, Protection]:
    expected = tables_.expected_protection(target.environment, target.settings)
    return {table: tables_.read_protection(target.environment, table) for table in expected}


def _require_protection(target: CommandTarget, now: dict[str, Protection]) -> None:
    """Refuse tables that lack something: what is written now would be neither announced later nor kept."""
    for table, expected in tables_.expected_protection(target.environment, target.settings).items():
        if now[table] != expected:
            raise UserError(
                f"{table} has {now[table]}; expected {expected}:"
                f" `make deploy ENV={target.settings.environment}` puts that back, then run this again"
            )
