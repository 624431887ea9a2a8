"""Filters of subscriptions: a publication must have the values of the subscription's arguments.

It must also satisfy the filter that the subscription's resolver set. AWS doesn't say if that filter
is applied beside the arguments or in their place, so a resolver should name all that counts.

An argument that is null matches only null. A missing argument matches everything. An argument with
a missing variable matches everything too, or is null (aws_interpretations.py).
"""

from collections.abc import Mapping
from typing import Any

from graphql import FieldNode, GraphQLField, OperationDefinitionNode, VariableNode

from emulator.appsync.arguments import Variables
from emulator.appsync.errors import NotSupported

# Alternatives, each of which has the values that are wanted together, with their fields.
EnhancedFilter = tuple[tuple[tuple[str, Any], ...], ...]


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


def matches(wanted: Mapping[str, Any], published: Mapping[str, Any], enhanced: EnhancedFilter | None = None) -> bool:
    """Return True if the publication has each wanted value; a field not selected is null.

    With an enhanced filter, all values of one of its groups are wanted too.
    """
    if not all(_equal(value, published.get(name)) for name, value in wanted.items()):
        return False
    return enhanced is None or any(
        all(_equal(value, published.get(name)) for name, value in group) for group in enhanced
    )


def enhanced_filter(given: Any) -> EnhancedFilter:
    """Return the groups of what a resolver gave to extensions.setSubscriptionFilter; raises NotSupported.

    AppSync takes `{"filterGroup": [{"filters": [{"fieldName", "operator", "value"}]}]}` (guide,
    "Subscription extensions"). Here the operator is `eq`, and a value is a text, a number or a Boolean.
    """
    try:
        (groups,) = given.values()
        found = tuple(tuple(_named_value(**one) for one in group["filters"]) for group in groups)
    except (AttributeError, KeyError, TypeError, ValueError):
        found = ()
    if not (found and all(found)) or list(given) != ["filterGroup"]:
        raise NotSupported(f"a subscription's filter like {given!r}, only groups of filters with the operator eq")
    return found


def _named_value(*, fieldName: str, operator: str, value: Any) -> tuple[str, Any]:  # noqa: N803
    if operator != "eq" or not isinstance(value, str | int | float):
        raise ValueError
    return fieldName, value


def _equal(one: Any, other: Any) -> bool:
    # In Python True equals 1; in JSON it doesn't.
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)
