"""`permissions`: what the role of the person on call needs."""

import click

from operations.commands.examples import example
from operations.commands.target import Target, pass_target
from operations.commands.terminal import say_json
from operations.permissions import policy


@click.command(epilog=example("permissions"))
@pass_target
def permissions(target: Target) -> None:
    """Print the IAM policy that these commands need: exact actions and resources, as JSON."""
    say_json(policy(target.names))
