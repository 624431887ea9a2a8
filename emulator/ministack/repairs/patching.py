"""Replacing a function of MiniStack by one that is built around it."""

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
class Run:
    """What a repair may need to know of the run that it mends."""

    endpoint_url: str
    identity: EmulatedIdentity
    node: Path
    region: str


def replace(owner: ModuleType | type, name: str, build: Callable[[AnyCallable], AnyCallable]) -> None:
    """Put build(original) in the place of owner.name; a name that is gone is an AttributeError at start."""
    setattr(owner, name, build(getattr(owner, name)))


def one_at_a_time(lock: AbstractContextManager[Any]) -> Callable[[AnyCallable], AnyCallable]:
    """Return what wraps a function so that it runs under the lock."""

    def locked(function: AnyCallable) -> AnyCallable:
        @functools.wraps(function)
        def run(*arguments: Any, **options: Any) -> Any:
            with lock:
                return function(*arguments, **options)

        return run

    return locked
