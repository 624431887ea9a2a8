"""`subscribers`: whom the topics mail, and subscribing an address again."""

import click

from deployment.colours import with_tone
from environments.user_error import UserError
from operations import subscribers as subscribers_
from operations.commands.columns import count_text
from operations.commands.confirm import confirm_change, confirmation_options
from operations.commands.examples import example
from operations.commands.target_environment import CommandTarget, pass_target
from operations.commands.terminal_io import say, say_table
from operations.subscribers import Subscriber, SubscriptionState

TONES = {SubscriptionState.CONFIRMED: "normal", SubscriptionState.PENDING: "open", SubscriptionState.GONE: "bad"}


@click.group()
def subscribers() -> None:
    """Show whom the topics mail; subscribe an address again.

    SNS disables an e-mail subscription above ten messages a second, and programs that scan mail click its unsubscribe
    link. Neither is seen in the topic's messages: only here.
    """


@subscribers.command("list", epilog=example("subscribers list"))
@pass_target
def list_(target: CommandTarget) -> None:
    """List the addresses of the settings and of the topics, and how their subscriptions stand."""
    found = _list_subscribers(target)
    rows = [(one.address, one.list_.topic, with_tone(one.state, TONES[one.state])) for one in found]
    if rows:
        say_table([("ADDRESS", "TOPIC", "SUBSCRIPTION"), *rows])
    statuses = " or ".join(target.settings.email_statuses)
    say(f"{count_text(len(rows), 'subscription')} by e-mail; an order is mailed when it is {statuses}")


@subscribers.command(epilog=example("subscribers renew cook@example.com"))
@click.argument("address")
@confirmation_options
@pass_target
def renew(target: CommandTarget, address: str, dry_run: bool, yes: bool) -> None:
    """Subscribe an address again whose subscription is pending or gone: SNS sends it a new request to confirm.

    Only an address that `subscribers list` shows: another one is added in environments.toml.
    """
    chosen = _unconfirmed(_list_subscribers(target), address)
    topics = " and ".join(f"{one.list_.topic} ({one.state})" for one in chosen)
    what = f"subscribe {address} again to {topics}: SNS sends it a request, which somebody has to confirm"
    if confirm_change(what, dry_run=dry_run, yes=yes):
        for one in chosen:
            subscribers_.subscribe(target.environment, one)
            say(f"SNS has sent {address} a request to confirm {one.list_.topic}, which is good for two days.")


def _list_subscribers(target: CommandTarget) -> list[Subscriber]:
    return subscribers_.list_subscribers(target.environment, subscribers_.mailing_lists(target.names, target.settings))


def _unconfirmed(found: list[Subscriber], address: str) -> list[Subscriber]:
    """The subscriptions of an address that aren't confirmed; UserError when there are none."""
    chosen = [one for one in found if one.address == address]
    if not chosen:
        known = ", ".join(sorted({one.address for one in found})) or "none"
        raise UserError(f"ADDRESS: got {address}, expected one that `subscribers list` shows: {known}")
    unheard = [one for one in chosen if one.state is not SubscriptionState.CONFIRMED]
    if not unheard:
        raise UserError(f"{address} is subscribed and confirmed: there is nothing to do")
    return unheard
