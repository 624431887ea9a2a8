"""What a mutation publishes: the fields that it selected, under their own names."""

from collections.abc import Iterator
from typing import Any

from graphql import FieldNode, OperationDefinitionNode, SelectionSetNode, StringValueNode
from graphql.language import ListValueNode

from local.appsync.documents import Document
from local.appsync.schema import Directives


def subscribed_fields(directives: Directives, subscription_type: str | None) -> dict[str, list[str]]:
    """Return for each mutation the subscription fields that `@aws_subscribe` ties to it."""
    found: dict[str, list[str]] = {}
    for (type_name, field_name), attached in directives.items():
        if type_name != subscription_type or field_name is None:
            continue
        for directive in attached:
            for argument in directive.arguments if directive.name.value == "aws_subscribe" else ():
                value = argument.value
                for mutation in value.values if isinstance(value, ListValueNode) else (value,):
                    if isinstance(mutation, StringValueNode):
                        found.setdefault(mutation.value, []).append(field_name)
    return found


def published(
    document: Document, operation: OperationDefinitionNode, data: dict[str, Any]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each field of a mutation that has a result, with what was selected of it."""
    for key, nodes in _by_key(document, [operation.selection_set]).items():
        if isinstance(value := data.get(key), dict):
            yield nodes[0].name.value, _renamed(document, nodes, value)


def _renamed(document: Document, nodes: list[FieldNode], value: Any) -> Any:
    if isinstance(value, list):
        return [_renamed(document, nodes, item) for item in value]
    if not isinstance(value, dict):
        return value
    below = _by_key(document, [node.selection_set for node in nodes])
    return {
        fields[0].name.value: _renamed(document, fields, value[key]) for key, fields in below.items() if key in value
    }


def _by_key(document: Document, selections: list[SelectionSetNode | None]) -> dict[str, list[FieldNode]]:
    """Return the fields of selection sets under the names that they have in an answer."""
    found: dict[str, list[FieldNode]] = {}
    for selection in selections:
        for field in document.fields(selection):
            found.setdefault((field.alias or field.name).value, []).append(field)
    return found
