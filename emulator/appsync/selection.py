"""The selection of a query below a field, for ctx.info and for the data of an error."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import FieldNode, print_ast

from emulator.appsync.query_document import Document


@dataclass(frozen=True)
class Selection:
    """ctx.info's selectionSetList (paths with aliases) and selectionSetGraphQL."""

    paths: list[str]
    text: str


def selection(document: Document, nodes: Sequence[FieldNode]) -> Selection:
    """Return the selection below a field, which is remembered with the document."""
    key = tuple(map(id, nodes))
    known = document.selections.get(key)
    if known is None:
        text = "".join(print_ast(node.selection_set) for node in nodes[:1] if node.selection_set)
        known = document.selections[key] = Selection(list(_paths(document, nodes, "")), text)
    return known


def _paths(document: Document, nodes: Sequence[FieldNode], prefix: str) -> Iterator[str]:
    for name, fields in document.fields(nodes).items():
        yield prefix + name
        yield from _paths(document, fields, f"{prefix}{name}/")


def selected_part(document: Document, nodes: Sequence[FieldNode], data: Any) -> Any:
    """Return the part of an error's data that the query selects; AppSync drops the rest."""
    fields_of = document.remembered_fields()

    def part(selecting: Sequence[FieldNode], value: Any) -> Any:
        if isinstance(value, list):
            return [part(selecting, item) for item in value]
        if not isinstance(value, dict) or selecting[0].selection_set is None:
            return value
        return {
            name: part(fields, value[fields[0].name.value])
            for name, fields in fields_of(selecting).items()
            if fields[0].name.value in value
        }

    return part(nodes, data)
