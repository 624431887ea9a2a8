"""Which subscribers hear of a publication: those whose arguments equal the fields of what was published.

A null that was given matches only null. An argument that wasn't given matches everything; one whose variable wasn't
given does too, or is null (readings.py).
"""

from collections.abc import Mapping
from typing import Any

from graphql import FieldNode, GraphQLField, OperationDefinitionNode, VariableNode

from emulator.appsync.arguments import Variables


def filter_of(
    field: GraphQLField,
    node: FieldNode,
    operation: OperationDefinitionNode,
    given: Mapping[str, Any],
    variables: Variables,
    *,
    unset_is_null: bool = False,
) -> dict[str, Any]:
    """Return what a subscriber asks to be equal."""
    defaulted = {d.variable.name.value for d in operation.variable_definitions if d.default_value is not None}
    values = variables.arguments(field, node)
    return {
        argument.name.value: values[argument.name.value]
        for argument in node.arguments
        if unset_is_null
        or not isinstance(argument.value, VariableNode)
        or argument.value.name.value in given
        or argument.value.name.value in defaulted
    }


def matches(wanted: Mapping[str, Any], published: Mapping[str, Any]) -> bool:
    """Tell whether what was published has each wanted value; a field that the mutation didn't select is null."""
    return all(_equal(value, published.get(name)) for name, value in wanted.items())


def _equal(one: Any, other: Any) -> bool:
    # In Python true is 1, in JSON it isn't.
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)
