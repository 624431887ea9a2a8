"""The environment that a command works on."""

from dataclasses import dataclass
from functools import cached_property

import click

from operations.environment import Environment, open_environment, places_of
from operations.places import Places
from operations.refusal import Refused


@dataclass(frozen=True)
class Target:
    """Opens the environment when a command needs it, so that --help needs none."""

    name: str | None

    @cached_property
    def environment(self) -> Environment:
        """The environment that --env names, reached."""
        return open_environment(self._given)

    @cached_property
    def places(self) -> Places:
        """Where its resources are, without reaching for them."""
        return places_of(self._given)

    @property
    def _given(self) -> str:
        if not self.name:
            raise Refused("say which environment of environments.toml: --env dev")
        return self.name


pass_target = click.make_pass_decorator(Target)
