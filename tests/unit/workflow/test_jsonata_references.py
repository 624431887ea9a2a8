"""References in the workflow's JSONata.

AWS refuses a bare name, which the emulator's engine evaluates to nothing. AWS Step Functions
Developer Guide, "Transforming data with JSONata": there are `$states`, variables and functions. A
path that starts at a field, at `$` or at `$$` has no context to start from.
"""

from collections.abc import Iterator
from typing import Any

import jsonata
import pytest
from jsonata.parser import Parser

# Attributes of the parser's symbols with parts of the expression; others lead to the parser.
PARTS = (
    *("steps", "stages", "predicate", "group", "arguments", "procedure", "body", "expressions", "expression"),
    *("lhs", "rhs", "lhs_object", "rhs_object", "rhs_terms", "terms", "condition", "then", "_else"),
    *("pattern", "update", "delete", "expr"),
)
CONTEXTS = ("", "$")


def expressions(node: Any) -> Iterator[str]:
    """Yield every `{% … %}` of a definition."""
    if isinstance(node, str) and node.startswith("{%"):
        yield node[2:-2].strip()
    elif isinstance(node, dict | list):
        for part in node.values() if isinstance(node, dict) else node:
            yield from expressions(part)


def bare_references(expression: str) -> list[str]:
    """Return the names, wildcards and contexts at which a path of the expression starts."""
    return list(_starts(jsonata.Jsonata.jsonata(expression).ast))


def _starts(node: Any, *, is_step: bool = False) -> Iterator[str]:
    if isinstance(node, list | tuple):
        for part in node:
            yield from _starts(part)
    if not isinstance(node, Parser.Symbol):
        return
    if node.type in ("name", "wildcard", "descendant", "parent") and not is_step:
        yield str(node.value)
    if node.type == "variable" and node.value in CONTEXTS:
        yield f"${node.value}"
    for name in PARTS:
        inner: Any = getattr(node, name, None)
        if name == "steps" and node.type == "path":
            yield from _starts(inner[0])
            for step in inner[1:]:
                yield from _starts(step, is_step=True)
        else:
            yield from _starts(inner)


def test_every_expression_starts_at_states_a_variable_or_a_function(machine: dict[str, Any]) -> None:
    found = list(expressions(machine))

    bare = {expression: bare_references(expression) for expression in found}

    assert len(found) > 20
    assert {expression: names for expression, names in bare.items() if names} == {}


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ("input.id", ["input"]),
        ("$merge([$states.input, {'payment': result.Payload}])", ["result"]),
        ("$states.input.id = id", ["id"]),
        ("$exists(reason) ? reason : $states.input.reason", ["reason", "reason"]),
        ("$states.input.rows[price > 1]", ["price"]),
        ("$string(millis())", ["millis"]),
        ("$.input.id", ["$"]),
        ("$$.input.id", ["$$"]),
        ("*.id", ["*"]),
        ("($row := $states.input; $row.id & $now() & 'input')", []),
        ("$states.result.Attributes.total.N", []),
        ("$map($states.input.rows, function($row) { $row.price })", []),
    ],
)
def test_a_bare_reference_is_seen_wherever_it_stands(expression: str, names: list[str]) -> None:
    assert bare_references(expression) == names
