"""Read a state that somebody else may have written, and refuse one that isn't of the stacks.

Terraform fetches and runs the providers that a state names, and destroys what a state has and a stack hasn't. So a
state may name the stacks' own provider only, and have resources of the stacks' own types only.
"""

import json
import re
from collections.abc import Container, Iterator, Sequence
from typing import Any

from deployment.resource_types import SENSITIVE_ATTRIBUTES, type_of
from deployment.terraform_provider import ADDRESS
from environments.user_error import UserError

# What comes with Terraform itself: `terraform_remote_state`.
BUILT_IN = "terraform.io/builtin/terraform"
# As Terraform writes it, for example `module.a.provider["registry.terraform.io/hashicorp/aws"].second`.
ALLOWED = re.compile(
    rf'(module\.[\w-]+\.)*provider\["({re.escape(ADDRESS)}|{re.escape(BUILT_IN)})"\](\.[\w-]+)?', re.ASCII
)
FORMAT = 4
# Terraform prints both as they stand: a line break in one would make lines of a plan.
NAME = re.compile(r"[\w-]+")
DEPOSED = re.compile(r"[0-9a-f]{8}")
SHOWN = 100
REMEDY = "find out who wrote that, and put the last good version of it back"
OF_NO_STACK = "which is of a type that this stack never has"
OR_ADD = "; if an earlier release made it, put its type into REMOVED of deployment/resource_types.py until it is gone"
UNSEEN = "marked as sensitive, so that no plan would show it"


class UnreadableState(ValueError):
    """A state that isn't what Terraform writes."""


class StrictObject(dict[str, Any]):
    """A JSON object, read strictly: Terraform takes a name in any letter case, and the last of several."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self._names = [name.casefold() for name, _ in pairs]

    def one(self, name: str) -> Any:
        """Return the member of that name, None when there is none."""
        if self._names.count(name) > (name in self):
            raise UnreadableState(f"{name!r} is in it more than once, or in another letter case")
        return self.get(name)


def checked_state(content: bytes, *, called: str, types: Container[str]) -> dict[str, Any] | None:
    """Return the state, None when it is empty.

    Raises UserError when it can't be read, names another provider, has a resource of another type, or hides an
    attribute from whoever reviews a plan.
    """
    if not content:
        return None
    try:
        state, resources = _read(content)
        providers = [resource.one("provider") for resource in resources]
        others = [_name(one) for one in resources if type_of(one.one("mode"), one.one("type")) not in types]
        hidden = [f"{_name(one)}: {attribute}" for one in resources for attribute in _hidden_attributes(one)]
        _refuse_names_of_lines(resources)
        _refuse_strange_outputs(state.one("outputs"))
    except (ValueError, RecursionError) as error:
        raise UserError(
            f"{called} can't be read ({' '.join(str(error).split())[:SHOWN]}), expected a state of Terraform's format"
            f" {FORMAT}: nothing was run; put the last good version of it back"
        ) from None
    if named := sorted({str(provider) for provider in providers if not ALLOWED.fullmatch(str(provider))}):
        raise UserError(
            f"{called} names the provider {first_of(named)}, allowed is {ADDRESS} alone: nothing was run; {REMEDY}"
        )
    if others:
        raise UserError(f"{called} has {first_of(others)}, {OF_NO_STACK}: nothing was run; {REMEDY}{OR_ADD}")
    if hidden:
        raise UserError(f"{called} has {first_of(hidden)} {UNSEEN}: nothing was run; {REMEDY}")
    return state


def _read(content: bytes) -> tuple[StrictObject, list[StrictObject]]:
    """Return the state, and its resources."""
    state = _object(json.loads(content.decode("utf-8"), object_pairs_hook=StrictObject))
    if state.one("version") != FORMAT:
        raise UnreadableState(f"its version is {state.get('version')!r}")
    return state, [_object(resource) for resource in _list(state.one("resources"), "its resources")]


def _refuse_strange_outputs(outputs: Any) -> None:
    for name, output in _object(outputs).items() if outputs is not None else ():
        _object(output).one("value")
        if "value" not in output:
            raise UnreadableState(f"its output {name!r} has no value")


def _refuse_names_of_lines(resources: Sequence[StrictObject]) -> None:
    for resource in resources:
        _refuse_unless(NAME, resource.one("name"))
        for instance in _instances(resource):
            _refuse_unless(DEPOSED, instance.one("deposed") or "0" * 8)


def _refuse_unless(pattern: re.Pattern[str], name: Any) -> None:
    if not isinstance(name, str) or not pattern.fullmatch(name):
        raise UnreadableState(f"it has the name {name!r}")


def _instances(resource: StrictObject) -> list[StrictObject]:
    return [_object(instance) for instance in _list(resource.one("instances"), "a resource's instances")]


def _hidden_attributes(resource: StrictObject) -> Iterator[str]:
    """Yield what a resource marks as sensitive though its provider doesn't."""
    if resource.one("mode") != "managed":
        return
    for instance in _instances(resource):
        for path in _list(instance.one("sensitive_attributes"), "what is sensitive"):
            step = _object(_list(path, "a path")[0]) if path else StrictObject([])
            name = step.one("value")
            if not isinstance(name, str) or name not in SENSITIVE_ATTRIBUTES:
                yield str(name)


def _name(resource: StrictObject) -> str:
    """The address of a resource, without its instance."""
    parts = (resource.one("module"), type_of(resource.one("mode"), resource.one("type")), resource.one("name"))
    return ".".join(f"{part}" for part in parts if part is not None)


def first_of(names: Sequence[str]) -> str:
    """The first of several names, as one short line, and how many more there are."""
    ordered = sorted(names)
    return f"{ordered[0][:SHOWN]!r}" + (f" and {len(ordered) - 1} more" if len(ordered) > 1 else "")


def _list(value: Any, called: str) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise UnreadableState(f"{called} are no list")
    return value


def _object(value: Any) -> StrictObject:
    if not isinstance(value, StrictObject):
        raise UnreadableState("it has another value where an object is expected")
    return value
