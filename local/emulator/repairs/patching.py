"""Replacing a function of MiniStack by one that is built around it."""

from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from local.emulator.identity import EmulatedIdentity

AnyCallable = Callable[..., Any]


@dataclass(frozen=True, kw_only=True)
class Run:
    """What a repair may need to know of the run that it mends."""

    endpoint_url: str
    identity: EmulatedIdentity
    region: str


def replace(owner: ModuleType | type, name: str, build: Callable[[AnyCallable], AnyCallable]) -> None:
    """Put build(original) in the place of owner.name; a name that is gone is an AttributeError at start."""
    setattr(owner, name, build(getattr(owner, name)))
