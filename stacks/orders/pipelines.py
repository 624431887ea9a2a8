"""The functions of a field's pipeline, as `resolvers/wiring.json` names them."""

from collections.abc import Mapping, Sequence
from typing import Any

from stacks.synth.rendering import Values


def pipeline(wiring: Mapping[str, Any], field: str, values: Values) -> Sequence[str]:
    """Return the names of the functions that resolve a field, in order; none where one source does.

    A function that the wiring wants `only_with` a value is left out where that value is 0.
    """
    named = wiring["resolvers"][field].get("functions", [])
    conditions = {name: wiring["functions"][name].get("only_with") for name in named}
    return [name for name in named if conditions[name] is None or values[conditions[name]] != 0]
