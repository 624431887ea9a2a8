"""The functions of a field's pipeline, as `resolvers/wiring.json` names them."""

from collections.abc import Mapping, Sequence
from typing import Any

from stacks.synth.rendering import Values


def pipeline(wiring: Mapping[str, Any], field: str, values: Values) -> Sequence[str]:
    """Return the names of the functions that resolve a field, in order.

    A field that one source resolves has none. A function whose wiring has `only_with` is left out
    when the value of that name is 0.
    """
    named = wiring["resolvers"][field].get("functions", [])
    conditions = {name: wiring["functions"][name].get("only_with") for name in named}
    return [name for name in named if conditions[name] is None or values[conditions[name]] != 0]
