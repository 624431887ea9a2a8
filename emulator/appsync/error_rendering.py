"""Renders graphql-core's errors as AppSync writes them."""

import re
from collections.abc import Sequence
from typing import Any

from graphql import FieldNode, GraphQLError, GraphQLObjectType, GraphQLSchema, get_named_type

from emulator.appsync.errors import FieldFailed, error_entry
from emulator.appsync.event_loop_turns import Turns
from emulator.appsync.query_document import Document
from emulator.appsync.selection import selected_part

_NULL = re.compile(r"Cannot return null for non-nullable field (\w+)\.(\w+)\.")


def request_error_entries(errors: Sequence[GraphQLError]) -> list[dict[str, Any]]:
    """Return the errors of a query, or of its variables, that prevent its execution."""
    return [
        error_entry(error.message, path=None, locations=error.locations, error_type="ValidationError")
        for error in errors
    ]


async def error_entries(
    schema: GraphQLSchema, document: Document, errors: Sequence[GraphQLError], turns: Turns
) -> list[dict[str, Any]]:
    """Return the errors of the fields of an executed query."""
    entries = []
    for error in errors:
        async with turns.take():
            entries.append(_entry(schema, document, error))
    return entries


def failure_entry(
    document: Document, failure: FieldFailed, path: list[str | int], nodes: Sequence[FieldNode]
) -> dict[str, Any]:
    """Return the error of a field, with only the selected part of its data."""
    located = GraphQLError(failure.message, nodes[0])
    return error_entry(
        failure.message,
        path=path,
        locations=located.locations,
        error_type=failure.error_type,
        data=selected_part(document, nodes, failure.data),
        error_info=failure.error_info,
    )


def _entry(schema: GraphQLSchema, document: Document, error: GraphQLError) -> dict[str, Any]:
    path = list(error.path or [])
    nodes = [node for node in error.nodes or [] if isinstance(node, FieldNode)]
    if isinstance(error.original_error, FieldFailed) and nodes:
        return failure_entry(document, error.original_error, path, nodes)
    place = "".join(f"[{part}]" if isinstance(part, int) else f"/{part}" for part in path)
    if match := _NULL.fullmatch(error.message):
        parent = schema.type_map[match[1]]
        assert isinstance(parent, GraphQLObjectType)
        type_name = get_named_type(parent.fields[match[2]].type).name
        message = f"Cannot return null for non-nullable type: '{type_name}' within parent '{match[1]}' ({place})"
    else:
        message = f"Can't serialize value ({place}) : {error.message}"
    return error_entry(message, path=path, locations=None)
