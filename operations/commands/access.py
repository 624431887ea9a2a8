"""`permissions`: what the role of the person on call needs."""

import json

import click

from operations.commands.examples import example
from operations.commands.target import Target, pass_target
from operations.permissions import policy


@click.command(epilog=example("permissions"))
@pass_target
def permissions(target: Target) -> None:
    """Print the IAM policy that these commands need: exact actions and resources, as JSON."""
    click.echo(json.dumps(policy(target.places), indent=2))
