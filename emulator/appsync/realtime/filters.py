"""Filters of subscriptions: a publication must have the values of the subscription's arguments.

An argument that is null matches only null. A missing argument matches everything. An argument with
a missing variable matches everything too, or is null (aws_interpretations.py).
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
    """Return the values that a subscriber wants, by field."""
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
    """Return True if the publication has each wanted value; a field not selected is null."""
    return all(_equal(value, published.get(name)) for name, value in wanted.items())


def _equal(one: Any, other: Any) -> bool:
    # In Python True equals 1; in JSON it doesn't.
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)
