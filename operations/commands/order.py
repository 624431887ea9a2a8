"""`order`: one order's story, and moving on a stuck one."""

import click

from environments.limits import LOG_RETENTION_DAYS
from environments.user_error import UserError
from operations import orders, timestamps
from operations.commands.confirm import confirm_change, confirmation_options
from operations.commands.examples import example
from operations.commands.number_options import number_option
from operations.commands.order_lists import list_, open_
from operations.commands.retry_or_fail import choose_order, order_line, require_movable, run_sweep_and_watch
from operations.commands.target_environment import CommandTarget, pass_target
from operations.commands.terminal_io import say, say_table
from operations.commands.user_option import user_option
from operations.environment import Environment
from operations.find_customer import open_or_logged_customers
from operations.order_story import story_rows
from operations.order_summary import order_summary
from operations.story_sources import collect_story
from operations.traces import console_address, story_traces

order_id = click.argument("order_id")
user = user_option("Whose order it is; else it is looked for.")
scan = click.option("--scan", is_flag=True, help="Look for the customer in the whole table, which costs a full read.")
hours = number_option(
    "--hours",
    "Read logs until so long after the order's last change.",
    default=24,
    most=24 * max(LOG_RETENTION_DAYS),
)
force = click.option("--force", is_flag=True, help="Also while a workflow or the customer may be at work on it.")


@click.group()
def order() -> None:
    """List orders; show one order's story; move on a stuck one.

    ORDER_ID may be the beginning of an id, when one order only begins like that.
    """


for listing in (list_, open_):
    order.add_command(listing)


@order.command(epilog=example("order show 01K9ZJ2Q7M3W5X8Y4T6V0N1B2C"))
@order_id
@user
@scan
@hours
@pass_target
def show(target: CommandTarget, order_id: str, user: str | None, scan: bool, hours: int) -> None:
    """Show one order: its row, what each part of the system did with it, in time order, and its X-Ray traces.

    Hints that are still on their way are not looked at: that would cost one of their four receives.
    """
    environment = target.environment
    user_id, order_id = choose_order(environment, order_id, user=user, scan=scan)
    row = orders.read_order(environment, user_id, order_id)
    payment = orders.read_payment(environment, user_id, order_id)
    say_table(order_summary(user_id, order_id, row, payment, now=timestamps.now()))
    if row is None and payment is None:
        _say_other_customers(environment, user_id, order_id)
    say("")
    events = collect_story(environment, user_id, order_id, row, payment, hours=hours)
    if row is None and payment is None and not events:
        raise UserError(
            f"nothing was found of an order {order_id} of customer {user_id}:"
            " no row, no payment, no line in the logs, no dead letter, no undelivered announcement"
        )
    say_table(story_rows(events))
    if found := story_traces(events):
        say("")
        say_table([("trace", trace, parts) for trace, parts in found])
        if not target.settings.custom_endpoint:
            say(f"each that X-Ray recorded is at {console_address(target.settings.region)}ID")


@order.command(epilog=example("order retry 01K9ZJ2Q7M3W5X8Y4T6V0N1B2C"))
@order_id
@user
@scan
@force
@confirmation_options
@pass_target
def retry(
    target: CommandTarget, order_id: str, user: str | None, scan: bool, force: bool, dry_run: bool, yes: bool
) -> None:
    """Move on a stuck order: make it due now, with fresh hints, and run sweep, which sends its hint again.

    Safe to repeat: a charge that was made stands, and nothing is charged twice.
    """
    environment = target.environment
    row = require_movable(environment, order_id, user=user, scan=scan, force=force)
    what = f"make {order_line(row)} due now with fresh hints, and run sweep, which sends its hint again"
    if confirm_change(what, dry_run=dry_run, yes=yes):
        run_sweep_and_watch(environment, orders.make_due(environment, row, hints=0))


@order.command(epilog=example("order fail 01K9ZJ2Q7M3W5X8Y4T6V0N1B2C"))
@order_id
@user
@scan
@force
@confirmation_options
@pass_target
def fail(
    target: CommandTarget, order_id: str, user: str | None, scan: bool, force: bool, dry_run: bool, yes: bool
) -> None:
    """Give a stuck order up: use up its hints and run sweep, which settles it.

    Sweep asks the payment gateway what stands. If the order was charged, it becomes PAID; if not, the charge
    is made impossible first. So FAILED means not charged.
    """
    environment = target.environment
    row = require_movable(environment, order_id, user=user, scan=scan, force=force)
    what = (
        f"give up {order_line(row)}: sweep asks the gateway, and the order becomes PAID if it was charged, else FAILED"
    )
    if confirm_change(what, dry_run=dry_run, yes=yes):
        used_up = int(orders.sweep_setting(environment, "SWEEP_MAX_HINTS"))
        run_sweep_and_watch(environment, orders.make_due(environment, row, hints=used_up))


def _say_other_customers(environment: Environment, user_id: str, order_id: str) -> None:
    """Name the other customers who have an order of that id: the one who was given may be the wrong one."""
    others = sorted(open_or_logged_customers(environment, order_id) - {user_id})
    if others:
        say(f"An order of that id is open or in the logs of another customer: --user {' or '.join(others)}")
