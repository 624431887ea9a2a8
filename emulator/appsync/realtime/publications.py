"""The publication of a mutation: the fields that it selected, under their own names."""

from collections.abc import Iterator
from typing import Any

from graphql import FieldNode, OperationDefinitionNode, StringValueNode
from graphql.language import ListValueNode

from emulator.appsync.query_document import Document
from emulator.appsync.schema import Directives


def subscribed_fields(directives: Directives, subscription_type: str | None) -> dict[str, list[str]]:
    """Return for each mutation the subscription fields that `@aws_subscribe` connects with it."""
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
    """Yield each field of a mutation that has a result, with the selected part of the result."""
    fields_of = document.remembered_fields()

    def renamed(nodes: list[FieldNode], value: Any) -> Any:
        if isinstance(value, list):
            return [renamed(nodes, item) for item in value]
        if not isinstance(value, dict):
            return value
        below = fields_of(nodes)
        return {fields[0].name.value: renamed(fields, value[key]) for key, fields in below.items() if key in value}

    for key, nodes in document.fields([operation]).items():
        if isinstance(value := data.get(key), dict):
            yield nodes[0].name.value, renamed(nodes, value)
