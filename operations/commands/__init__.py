"""The commands, one module a group."""

import click

from deployment.escaped_text import visible
from environments.user_error import UserError
from operations.commands.dead_letters import dead_letters
from operations.commands.examples import example
from operations.commands.order import order
from operations.commands.permissions import permissions
from operations.commands.restore import restore
from operations.commands.status import status
from operations.commands.subscribers import subscribers
from operations.commands.target_environment import CommandTarget
from operations.commands.terminal_io import say, say_lines
from operations.commands.undelivered import undelivered
from operations.dashboard_address import dashboard_address


class VisibleArguments(click.Group):
    """Takes what is typed or pasted only if all of it can be seen; no name or id has other characters."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Refuse an argument with a control, direction or half character before anything is asked with it."""
        for argument in args:
            if visible(argument) != argument:
                raise UserError(f"arguments must be of characters that can be seen, got {visible(argument)}")
        return super().parse_args(ctx, args)


@click.group(
    cls=VisibleArguments,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog=example("status", "dead-letters list"),
)
@click.option("--env", "environment", hidden=True)  # make gives it, from ENV
@click.pass_context
def operations(context: click.Context, environment: str | None) -> None:
    """Commands for the person on call, on any environment.

    Start with `status`; docs/operations.md has a page for each symptom. What changes something says so first, asks,
    and has --dry-run.
    """
    target = context.obj = context.obj or CommandTarget(environment)
    if context.invoked_subcommand is None:
        say_lines(context.get_help())
        if environment:
            say("")
            say(f"Dashboard: {dashboard_address(target.settings)}")


for command in (status, dead_letters, undelivered, order, subscribers, restore, permissions):
    operations.add_command(command)
