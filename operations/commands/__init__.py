"""The commands, one module a group."""

import click

from operations.commands.access import permissions
from operations.commands.dead_letters import dead_letters
from operations.commands.examples import example
from operations.commands.order import order
from operations.commands.status import status
from operations.commands.target import Target
from operations.commands.undelivered import undelivered


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog=example("status", "dead-letters list"),
)
@click.option("--env", "environment", metavar="NAME", help="An environment of environments.toml, for example dev.")
@click.pass_context
def operations(context: click.Context, environment: str | None) -> None:
    """What the person on call does, on any environment.

    Start with `status`; docs/operations.md has a page for each symptom. What changes something says so first, asks,
    and has --dry-run.
    """
    context.obj = context.obj or Target(environment)


for command in (status, dead_letters, undelivered, order, permissions):
    operations.add_command(command)
