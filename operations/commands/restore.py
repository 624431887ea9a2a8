"""`restore`: bring back rows that were lost, from tables that DynamoDB restored beside those in use."""

from collections.abc import Callable
from typing import Any

import click

from environments.user_error import UserError
from operations import moments
from operations import restore as restore_
from operations import restored_tables as tables_
from operations.commands.asking import approved, changes
from operations.commands.columns import count
from operations.commands.examples import example
from operations.commands.target import Target, pass_target
from operations.commands.terminal import say, say_table
from operations.restore import Plan, Restored
from operations.restored_rows import Comparison, Missing
from operations.restored_tables import Protection

Command = Callable[..., Any]
TABLES = "--orders orders-dev-orders-restored --payments orders-dev-payments-restored"
LISTED = 20
BY_HAND = "left alone: a person has to look"
FATES = {
    Missing.FINAL: "written back as they were",
    Missing.CHARGED: "written back as PAYING: the workflow finds the payment, nothing is charged",
    Missing.PAYING: "written back: the workflow goes on with their one charge",
    Missing.PENDING: "left out without --pending: their customers may have cancelled or deleted them since",
    Missing.MISMATCHED: BY_HAND,
}


def tables(command: Command) -> Command:
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
@tables
@pass_target
def plan(target: Target, orders: str, payments: str) -> None:
    """Compare the restored rows with those in use, and print how many are missing, differ or are newer where."""
    environment = target.environment
    restored = restore_.restored(environment, orders=orders, payments=payments)
    found = restore_.planned(environment, restored)
    say_table([("TABLE", "AS OF", *(word.upper() for word in Comparison)), *_counts(restored, found)])
    for line in found.by_hand[:LISTED]:
        say(f"  {line}")
    if len(found.by_hand) > LISTED:
        say(f"  and {len(found.by_hand) - LISTED} more")
    say("")
    say_table([("MISSING ORDERS", "", ""), *((kind, str(found.missing[kind]), FATES[kind]) for kind in Missing)])
    say("")
    say_table([(table, str(now)) for table, now in _protections(target).items()])


@restore.command(epilog=example(f"restore copy {TABLES} --dry-run"))
@tables
@click.option("--pending", is_flag=True, help="Also orders that were PENDING and not charged: they will be charged.")
@changes
@pass_target
def copy(target: Target, orders: str, payments: str, pending: bool, dry_run: bool, yes: bool) -> None:
    """Write back the rows that are missing: the payments, and when all are there, the orders.

    Can be stopped, and run again: a row that is there is left as it is.
    """
    environment = target.environment
    restored = restore_.restored(environment, orders=orders, payments=payments)
    before = _protections(target)
    _require_protection(target, before)
    what = _writing(restore_.planned(environment, restored), pending=pending)
    if not approved(what, dry_run=dry_run, yes=yes):
        return
    say(f"Wrote {count(restore_.copy_payments(environment, restored.payments), 'payment')} back.")
    written = 0
    for page, written in enumerate(restore_.copy_orders(environment, restored, pending=pending), 1):
        if page % 100 == 0:
            say(f"  read {page * tables_.PAGE} restored orders, wrote {written} back")
    say(f"Wrote {count(written, 'order')} back. sweep takes up the open ones within a minute.")
    if _protections(target) != before:
        raise UserError("a table's stream or protection changed meanwhile: `restore plan` shows how it is now")


def _counts(restored: Restored, found: Plan) -> list[tuple[str, ...]]:
    return [
        (name, moments.text(table.moment), *(str(counted[word]) for word in Comparison))
        for name, table, counted in (
            ("payments", restored.payments, found.payments),
            ("orders", restored.orders, found.orders),
        )
    ]


def _writing(found: Plan, *, pending: bool) -> str:
    kinds = [kind for kind in Missing if FATES[kind] != BY_HAND and (pending or kind is not Missing.PENDING)]
    orders = ", ".join(f"{found.missing[kind]} {kind}" for kind in kinds)
    left = found.orders[Comparison.MISSING] - sum(found.missing[kind] for kind in kinds)
    return (
        f"write {count(found.payments[Comparison.MISSING], 'missing payment')} back, then the missing orders:"
        f" {orders}; {left} left out"
    )


def _protections(target: Target) -> dict[str, Protection]:
    expected = tables_.expected_protection(target.environment, target.settings)
    return {table: tables_.protection(target.environment, table) for table in expected}


def _require_protection(target: Target, now: dict[str, Protection]) -> None:
    """Refuse tables that lack something: what is written now would be neither announced later nor kept."""
    for table, expected in tables_.expected_protection(target.environment, target.settings).items():
        if now[table] != expected:
            raise UserError(
                f"{table} has {now[table]}; expected {expected}:"
                f" `make deploy ENV={target.settings.environment}` puts that back, then run this again"
            )
