"""The differences of two synthesized stacks: resources, attributes, permissions and what surrounds them."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from deployment.review.permission_list import list_permissions
from deployment.review.synthesized_stack import Resource, SynthesizedStack

ABSENT = object()


@dataclass(frozen=True)
class ValueChange:
    """One value that differs; `before` or `after` is ABSENT where there was or is none."""

    where: str
    before: Any
    after: Any


@dataclass(frozen=True)
class StackDifference:
    """From the stack of the base to this checkout's; either may be missing."""

    before: SynthesizedStack
    after: SynthesizedStack

    @cached_property
    def added(self) -> list[Resource]:
        """The resources that only this checkout has."""
        return _only_in(self.after, self.before)

    @cached_property
    def removed(self) -> list[Resource]:
        """The resources that only the base has."""
        return _only_in(self.before, self.after)

    @cached_property
    def changed(self) -> dict[str, list[ValueChange]]:
        """The changed attributes of each resource that both have, by address."""
        found = {
            address: _of_resource(self.before.by_address[address], resource)
            for address, resource in self.after.by_address.items()
            if address in self.before.by_address
        }
        return {address: values for address, values in found.items() if values}

    @cached_property
    def granted(self) -> list[str]:
        """The permissions, one a line, that only this checkout has."""
        return _unknown(_lines(self.after), to=_lines(self.before))

    @cached_property
    def revoked(self) -> list[str]:
        """The permissions that only the base has."""
        return _unknown(_lines(self.before), to=_lines(self.after))

    @cached_property
    def surroundings(self) -> list[ValueChange]:
        """List what changed in the provider, the backend, the variables and the outputs."""
        return list(value_changes(_surroundings(self.before), _surroundings(self.after)))

    @property
    def empty(self) -> bool:
        """True if nothing changed."""
        return not (self.added or self.removed or self.changed or self.surroundings)


def value_changes(before: Any, after: Any, where: str = "") -> Iterator[ValueChange]:
    """Yield the values that differ, with their places: objects key by key, lists of one length item by item.

    A text that is JSON compares as what it says, not as how it is written.
    """
    before, after = _said(before), _said(after)
    if before is ABSENT and isinstance(after, Mapping) and after:
        before = {}
    if after is ABSENT and isinstance(before, Mapping) and before:
        after = {}
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in sorted({*before, *after}):
            place = f"{where}.{key}" if where else key
            yield from value_changes(before.get(key, ABSENT), after.get(key, ABSENT), place)
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, (old, new) in enumerate(zip(before, after, strict=True)):
            yield from value_changes(old, new, f"{where}[{index}]")
    elif before != after or isinstance(before, bool) != isinstance(after, bool):
        yield ValueChange(where, before, after)


def _said(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(("{", "[")):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _of_resource(before: Resource, after: Resource) -> list[ValueChange]:
    found = list(value_changes(before.attributes, after.attributes))
    if any(change.where == "source_code_hash" for change in found):
        # The package's path holds the same hash once more.
        found = [change for change in found if change.where != "filename"]
    return found


def _only_in(one: SynthesizedStack, other: SynthesizedStack) -> list[Resource]:
    return [resource for resource in one.resources if resource.address not in other.by_address]


def _unknown(lines: list[str], *, to: list[str]) -> list[str]:
    known = set(to)
    return [line for line in lines if line not in known]


def _lines(stack: SynthesizedStack) -> list[str]:
    return [f"{line.holder}: {line}" for line in list_permissions(stack)]


def _surroundings(stack: SynthesizedStack) -> dict[str, Any]:
    return {key: value for key, value in stack.document.items() if key not in ("//", "resource")}
