"""Replaces a function of MiniStack by one that wraps it."""

import functools
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from emulator.ministack.iam_identity import EmulatedIdentity

AnyCallable = Callable[..., Any]


@dataclass(frozen=True, kw_only=True)
class RepairContext:
    """The facts about a run that repairs need."""

    endpoint_url: str
    identity: EmulatedIdentity
    node: Path
    region: str


def replace(owner: ModuleType | type, name: str, build: Callable[[AnyCallable], AnyCallable]) -> None:
    """Replace `owner.name` by build(original); raises AttributeError if it doesn't exist."""
    setattr(owner, name, build(getattr(owner, name)))


def one_at_a_time(lock: AbstractContextManager[Any]) -> Callable[[AnyCallable], AnyCallable]:
    """Return a decorator that runs a function under the lock."""

    def locked(function: AnyCallable) -> AnyCallable:
        @functools.wraps(function)
        def run(*arguments: Any, **options: Any) -> Any:
            with lock:
                return function(*arguments, **options)

        return run

    return locked
