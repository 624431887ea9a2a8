"""The environment that a command works on."""

from dataclasses import dataclass
from functools import cached_property

import click

from environments.names import Names
from environments.settings import Settings, settings_of
from environments.user_error import UserError
from operations.environment import Environment, names_of, open_environment


@dataclass(frozen=True)
class CommandTarget:
    """Opens the environment when a command needs it, so that --help needs none."""

    name: str | None

    @cached_property
    def environment(self) -> Environment:
        """The environment that --env names, reached."""
        return open_environment(self._required_name)

    @cached_property
    def names(self) -> Names:
        """The names of its resources, without reaching for them."""
        return names_of(self._required_name)

    @cached_property
    def settings(self) -> Settings:
        """The environment's settings in environments.toml."""
        return settings_of(self.names.environment)

    @property
    def _required_name(self) -> str:
        if not self.name:
            raise UserError("say which environment of environments.toml: --env dev")
        return self.name


pass_target = click.make_pass_decorator(CommandTarget)
