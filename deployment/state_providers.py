"""The providers that a state names. Terraform fetches and runs them, so a state may name the stacks' own only."""

import json
import re
from typing import Any

from deployment.terraform_provider import ADDRESS
from environments.user_error import UserError

# What comes with Terraform itself: `terraform_remote_state`.
BUILT_IN = "terraform.io/builtin/terraform"
# As Terraform writes it, for example `module.a.provider["registry.terraform.io/hashicorp/aws"].second`.
ALLOWED = re.compile(
    rf'(module\.[\w-]+\.)*provider\["({re.escape(ADDRESS)}|{re.escape(BUILT_IN)})"\](\.[\w-]+)?', re.ASCII
)
FORMAT = 4
SHOWN = 100


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


def state_with_own_provider(content: bytes, *, called: str) -> dict[str, Any] | None:
    """Return the state, None when it is empty; raises UserError when it can't be read or names another provider."""
    if not content:
        return None
    try:
        state, named = _read(content)
    except (ValueError, RecursionError) as error:
        raise UserError(
            f"{called} can't be read ({' '.join(str(error).split())[:SHOWN]}), expected a state of Terraform's format"
            f" {FORMAT}: nothing was run; put the last good version of it back"
        ) from None
    others = sorted({str(provider) for provider in named if not ALLOWED.fullmatch(str(provider))})
    if others:
        more = f" and {len(others) - 1} more" if len(others) > 1 else ""
        raise UserError(
            f"{called} names the provider {others[0][:SHOWN]!r}{more}, allowed is {ADDRESS} alone: nothing was run;"
            " find out who wrote that, and put the last good version of it back"
        )
    return state


def _read(content: bytes) -> tuple[dict[str, Any], list[Any]]:
    """Return the state, and the provider of each of its resources."""
    state = _object(json.loads(content.decode("utf-8"), object_pairs_hook=StrictObject))
    if state.one("version") != FORMAT:
        raise UnreadableState(f"its version is {state.get('version')!r}")
    resources = state.one("resources")
    if resources is None:
        return state, []
    if not isinstance(resources, list):
        raise UnreadableState("its resources are no list")
    return state, [_object(resource).one("provider") for resource in resources]


def _object(value: Any) -> StrictObject:
    if not isinstance(value, StrictObject):
        raise UnreadableState("it has another value where an object is expected")
    return value
