"""Refuse a plan of a state that isn't of the stack: it may have been written over since it was checked."""

from collections.abc import Container, Iterator, Mapping
from typing import Any

from deployment.checked_state import OF_NO_STACK, OR_ADD, REMEDY, UNSEEN, first_of
from deployment.resource_types import SENSITIVE_ATTRIBUTES, type_of
from environments.user_error import UserError


def refuse_foreign_changes(plan: Mapping[str, Any], *, called: str, types: Container[str]) -> None:
    """Raise UserError when a plan has another type, or destroys what it hides."""
    changes = plan.get("resource_changes", [])
    others = [one["address"] for one in changes if type_of(one.get("mode"), one.get("type")) not in types]
    if others:
        raise UserError(f"the plan of {called} has {first_of(others)}, {OF_NO_STACK}; in its state, {REMEDY}{OR_ADD}")
    hidden = [
        f"{one['address']}: {name}"
        for one in changes
        if "delete" in one["change"]["actions"]
        for name in _marked(one["change"])
        if name not in SENSITIVE_ATTRIBUTES
    ]
    if hidden:
        raise UserError(f"the plan of {called} has {first_of(hidden)} {UNSEEN}; in its state, {REMEDY}")


def _marked(change: Mapping[str, Any]) -> Iterator[str]:
    """Yield the attributes of which a part was sensitive before."""
    marks = change.get("before_sensitive")
    if marks is True:
        yield "all of it"
    for name, mark in marks.items() if isinstance(marks, dict) else ():
        if _any(mark):
            yield name


def _any(mark: Any) -> bool:
    if isinstance(mark, dict):
        return any(map(_any, mark.values()))
    return any(map(_any, mark)) if isinstance(mark, list) else bool(mark)
