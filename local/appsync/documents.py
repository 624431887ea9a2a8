"""Parses and validates queries, once for each text and schema."""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSchema,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    SelectionSetNode,
    parse,
    specified_rules,
    validate,
)

from local.appsync.errors import RequestRefused

_MAX_TOKENS = 10_000
_DOCUMENTS_MAX = 256


class Document:
    """A query's text, ready to be executed; `errors` when it isn't valid."""

    def __init__(self, node: DocumentNode, errors: Sequence[GraphQLError]) -> None:
        self.node = node
        self.errors = errors
        self.selections: dict[int, Any] = {}  # what local.appsync.selection knows of each field, by the node's id
        self._operations = [d for d in node.definitions if isinstance(d, OperationDefinitionNode)]
        self._fragments = {d.name.value: d for d in node.definitions if isinstance(d, FragmentDefinitionNode)}

    def operation(self, name: str | None) -> OperationDefinitionNode:
        """Return the operation to execute; raises RequestRefused."""
        if name is None and len(self._operations) == 1:
            chosen = self._operations[0]
        elif name is None:
            raise RequestRefused(
                400, "BadRequestException", "Must provide operation name if query contains multiple operations."
            )
        else:
            found = [o for o in self._operations if o.name and o.name.value == name]
            if not found:
                raise RequestRefused(400, "BadRequestException", f"Unknown operation named '{name}'.")
            chosen = found[0]
        return chosen

    def fields(self, selection_set: SelectionSetNode | None) -> list[FieldNode]:
        """Return the fields directly in a selection set, fragments opened."""
        fields: list[FieldNode] = []
        for selection in selection_set.selections if selection_set else ():
            if isinstance(selection, FieldNode):
                fields.append(selection)
            elif isinstance(selection, FragmentSpreadNode):
                fields += self.fields(self._fragments[selection.name.value].selection_set)
            else:
                fields += self.fields(selection.selection_set)  # type: ignore[attr-defined]
        return fields


class Documents:
    """The last valid and invalid queries of one schema."""

    def __init__(self, schema: GraphQLSchema, *, introspection: bool) -> None:
        self._schema = schema
        self._rules = specified_rules if introspection else (*specified_rules, NoSchemaIntrospectionCustomRule)
        self._known: OrderedDict[str, Document] = OrderedDict()

    def get(self, query: str) -> Document:
        """Return the document for a query's text; raises RequestRefused for one that can't be parsed."""
        document = self._known.get(query)
        if document is None:
            document = self._known[query] = self._read(query)
            if len(self._known) > _DOCUMENTS_MAX:
                self._known.popitem(last=False)
        return document

    def _read(self, query: str) -> Document:
        try:
            node = parse(query, max_tokens=_MAX_TOKENS)
        except (GraphQLError, RecursionError) as error:
            raise RequestRefused(400, "MalformedHttpRequestException", "Unable to parse GraphQL query.") from error
        try:
            errors = validate(self._schema, node, self._rules)
        except GraphQLError as error:  # a rule can stumble over a directive whose variable it doesn't know
            errors = [error]
        return Document(node, errors)
