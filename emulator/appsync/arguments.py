"""A field's arguments as AppSync passes them to a resolver, without the schema's defaults.

A declared variable without a value arrives as null. graphql-core has validated all values before.
"""

from collections.abc import Mapping
from typing import Any

from graphql import (
    FieldNode,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    GraphQLSchema,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    ValueNode,
    VariableNode,
    type_from_ast,
    value_from_ast_untyped,
)


class Variables:
    """The variables of one request, as the caller gave them and as resolvers see them."""

    def __init__(self, schema: GraphQLSchema, operation: OperationDefinitionNode, given: Mapping[str, Any]) -> None:
        self.values: dict[str, Any] = {}
        for definition in operation.variable_definitions:
            name = definition.variable.name.value
            type_ = type_from_ast(schema, definition.type)
            if name in given:
                self.values[name] = _from_json(given[name], type_)
            elif definition.default_value is not None:
                self.values[name] = self.from_literal(definition.default_value, type_)
            else:
                self.values[name] = None

    def arguments(self, field: GraphQLField, node: FieldNode) -> dict[str, Any]:
        """Return the arguments that the query gives to the field."""
        return {
            argument.name.value: self.from_literal(argument.value, field.args[argument.name.value].type)
            for argument in node.arguments
        }

    def from_literal(self, node: ValueNode, type_: Any) -> Any:
        """Return the value of a literal of the query."""
        type_ = _nullable(type_)
        if isinstance(node, VariableNode):
            return self.values.get(node.name.value)
        if isinstance(node, NullValueNode):
            return None
        if isinstance(type_, GraphQLList):
            items = node.values if isinstance(node, ListValueNode) else (node,)
            return [self.from_literal(item, type_.of_type) for item in items]
        if isinstance(type_, GraphQLInputObjectType) and isinstance(node, ObjectValueNode):
            return {
                field.name.value: self.from_literal(field.value, type_.fields[field.name.value].type)
                for field in node.fields
            }
        if isinstance(type_, GraphQLScalarType):
            return type_.parse_literal(node, self.values)
        return value_from_ast_untyped(node)


def _from_json(value: Any, type_: Any) -> Any:
    type_ = _nullable(type_)
    if value is None:
        return None
    if isinstance(type_, GraphQLList):
        items = value if isinstance(value, list) else [value]
        return [_from_json(item, type_.of_type) for item in items]
    if isinstance(type_, GraphQLInputObjectType):
        return {name: _from_json(item, type_.fields[name].type) for name, item in value.items()}
    if isinstance(type_, GraphQLEnumType):
        return value
    return type_.parse_value(value)


def _nullable(type_: GraphQLInputType | Any) -> Any:
    return type_.of_type if isinstance(type_, GraphQLNonNull) else type_
