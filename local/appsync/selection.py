"""What a query selects below a field: for ctx.info, and for the data that an error may carry."""

from dataclasses import dataclass
from typing import Any

from graphql import FieldNode, print_ast

from local.appsync.documents import Document


@dataclass(frozen=True)
class Selection:
    """ctx.info's selectionSetList (paths under their aliases) and selectionSetGraphQL."""

    paths: list[str]
    text: str


def selection(document: Document, nodes: list[FieldNode]) -> Selection:
    """Return what is selected below a field, remembered with the document."""
    known = document.selections.get(id(nodes[0]))
    if known is None:
        text = "".join(print_ast(node.selection_set) for node in nodes[:1] if node.selection_set)
        known = document.selections[id(nodes[0])] = Selection(_paths(document, nodes, ""), text)
    return known


def _paths(document: Document, nodes: list[FieldNode], prefix: str) -> list[str]:
    paths: dict[str, None] = {}
    for node in nodes:
        for field in document.fields(node.selection_set):
            path = prefix + (field.alias or field.name).value
            paths.update(dict.fromkeys([path, *_paths(document, [field], path + "/")]))
    return list(paths)


def selected_part(document: Document, node: FieldNode, data: Any) -> Any:
    """Return what of an error's data the query selects; AppSync leaves the rest out."""
    if isinstance(data, list):
        return [selected_part(document, node, item) for item in data]
    if not isinstance(data, dict) or node.selection_set is None:
        return data
    return {
        (field.alias or field.name).value: selected_part(document, field, data[field.name.value])
        for field in document.fields(node.selection_set)
        if field.name.value in data
    }
