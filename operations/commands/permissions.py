"""`permissions`: what the role of the person on call needs."""

import click

from operations.commands.examples import example
from operations.commands.target_environment import CommandTarget, pass_target
from operations.commands.terminal_io import say_json
from operations.on_call_policy import on_call_policy, restore_policy

POLICIES = {"on-call": on_call_policy, "restore": restore_policy}


@click.command(epilog=example("permissions", "permissions restore"))
@click.argument("purpose", type=click.Choice(list(POLICIES)), default="on-call")
@pass_target
def permissions(target: CommandTarget, purpose: str) -> None:
    """Print the IAM policy that these commands need: exact actions and resources, as JSON.

    `restore` needs one of its own, because who has it can write payments: give it for the time of a restore.
    """
    say_json(POLICIES[purpose](target.names))
