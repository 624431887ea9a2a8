"""`order`: one order's story, and moving on a stuck one."""

import click

from operations import moments, orders
from operations.commands.asking import approved, changes
from operations.commands.customer import user_option
from operations.commands.examples import example
from operations.commands.moving import chosen, follow, movable, named
from operations.commands.order_lists import list_, open_
from operations.commands.target import Target, pass_target
from operations.commands.terminal import say, say_table
from operations.story import told
from operations.story_sources import story
from operations.summary import summary
from operations.traces import console, traces

order_id = click.argument("order_id")
user = user_option("Whose order it is; else it is looked for.")
scan = click.option("--scan", is_flag=True, help="Look for the customer in the whole table, which costs a full read.")
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
@click.option("--hours", default=24, show_default=True, help="Read logs until so long after the order's last change.")
@pass_target
def show(target: Target, order_id: str, user: str | None, scan: bool, hours: int) -> None:
    """Show one order: its row, what each part of the system did with it, in time order, and its X-Ray traces.

    Hints that are still on their way are not looked at: that would cost one of their four receives.
    """
    environment = target.environment
    user_id, order_id = chosen(environment, order_id, user=user, scan=scan)
    row = orders.read_order(environment, user_id, order_id)
    payment = orders.read_payment(environment, user_id, order_id)
    say_table(summary(user_id, order_id, row, payment, now=moments.now()))
    say("")
    events = story(environment, user_id, order_id, row, payment, hours=hours)
    say_table(told(events))
    if found := traces(events):
        say("")
        say_table([("trace", trace, parts) for trace, parts in found])
        if not target.settings.custom_endpoint:
            say(f"each that X-Ray recorded is at {console(target.settings.region)}ID")


@order.command(epilog=example("order retry 01K9ZJ2Q7M3W5X8Y4T6V0N1B2C"))
@order_id
@user
@scan
@force
@changes
@pass_target
def retry(target: Target, order_id: str, user: str | None, scan: bool, force: bool, dry_run: bool, yes: bool) -> None:
    """Move on a stuck order: make it due now, with fresh hints, and run sweep, which sends its hint again.

    Safe to repeat: a charge that was made stands, and nothing is charged twice.
    """
    environment = target.environment
    row = movable(environment, order_id, user=user, scan=scan, force=force)
    what = f"make {named(row)} due now with fresh hints, and run sweep, which sends its hint again"
    if approved(what, dry_run=dry_run, yes=yes):
        follow(environment, orders.make_due(environment, row, hints=0))


@order.command(epilog=example("order fail 01K9ZJ2Q7M3W5X8Y4T6V0N1B2C"))
@order_id
@user
@scan
@force
@changes
@pass_target
def fail(target: Target, order_id: str, user: str | None, scan: bool, force: bool, dry_run: bool, yes: bool) -> None:
    """Give a stuck order up: use up its hints and run sweep, which settles it.

    Sweep asks the payment gateway what stands. If the order was charged, it becomes PAID; if not, the charge
    is made impossible first. So FAILED means not charged.
    """
    environment = target.environment
    row = movable(environment, order_id, user=user, scan=scan, force=force)
    what = f"give up {named(row)}: sweep asks the gateway, and the order becomes PAID if it was charged, else FAILED"
    if approved(what, dry_run=dry_run, yes=yes):
        used_up = int(orders.sweep_setting(environment, "SWEEP_MAX_HINTS"))
        follow(environment, orders.make_due(environment, row, hints=used_up))
