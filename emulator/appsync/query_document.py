"""A query that can be executed: its operations, and the fields that they select."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    OperationDefinitionNode,
    SelectionNode,
)

from emulator.appsync.errors import RequestRefused

Fields = dict[str, list[FieldNode]]  # by their names in an answer
Selecting = FieldNode | OperationDefinitionNode


class Document:
    """A query's text, ready to be executed; `errors` if it isn't valid."""

    def __init__(self, node: DocumentNode, errors: Sequence[GraphQLError] = ()) -> None:
        self.node = node
        self.errors = errors
        # The cache of emulator.appsync.selection, by the ids of the nodes that are executed
        # together.
        self.selections: dict[tuple[int, ...], Any] = {}
        self.operations = [d for d in node.definitions if isinstance(d, OperationDefinitionNode)]
        self._fragments = {d.name.value: d for d in node.definitions if isinstance(d, FragmentDefinitionNode)}

    def operation(self, name: str | None) -> OperationDefinitionNode:
        """Return the operation to execute; raises RequestRefused."""
        if name is None and len(self.operations) == 1:
            chosen = self.operations[0]
        elif name is None:
            raise RequestRefused(
                400, "BadRequestException", "Must provide operation name if query contains multiple operations."
            )
        else:
            found = [o for o in self.operations if o.name and o.name.value == name]
            if not found:
                raise RequestRefused(400, "BadRequestException", f"Unknown operation named '{name}'.")
            chosen = found[0]
        return chosen

    def fields(self, selecting: Iterable[Selecting]) -> Fields:
        """Return the fields directly below, as GraphQL's CollectFields does."""
        found: Fields = {}
        for field, _type_name in self.typed_fields((node, "") for node in selecting):
            found.setdefault(answer_name(field), []).append(field)
        return found

    def top_level_names(self, operation: OperationDefinitionNode) -> set[str]:
        """Return the names of an operation's top-level fields, except introspection's."""
        names = {fields[0].name.value for fields in self.fields([operation]).values()}
        return {name for name in names if not name.startswith("__")}

    def remembered_fields(self) -> Callable[[Sequence[Selecting]], Fields]:
        """Return a function that finds the fields below nodes, and remembers what it found."""
        known: dict[tuple[int, ...], Fields] = {}

        def fields(selecting: Sequence[Selecting]) -> Fields:
            key = tuple(map(id, selecting))
            if key not in known:
                known[key] = self.fields(selecting)
            return known[key]

        return fields

    def typed_fields(self, selecting: Iterable[tuple[Selecting, str]]) -> Iterator[tuple[FieldNode, str]]:
        """Yield the fields directly below with the types that they are selected on; each fragment is opened once.

        `selecting` has the type of what each node selects from; that of a fragment goes before it.
        """
        opened: set[str] = set()
        waiting: list[tuple[SelectionNode, str]] = []
        for node, given in selecting:
            waiting += _below(node, given)
            while waiting:
                selection, type_name = waiting.pop()
                if isinstance(selection, FieldNode):
                    yield selection, type_name
                elif not isinstance(selection, FragmentSpreadNode):
                    waiting += _below(selection, type_name)
                elif selection.name.value not in opened:
                    opened.add(selection.name.value)
                    waiting += _below(self._fragments[selection.name.value], type_name)


def answer_name(field: FieldNode) -> str:
    """Return the name of a field in an answer."""
    return (field.alias or field.name).value


def _below(node: Any, type_name: str) -> Iterator[tuple[SelectionNode, str]]:
    """Yield the selections of a node in reverse order, for a stack."""
    condition = getattr(node, "type_condition", None)
    type_name = condition.name.value if condition else type_name
    return (
        (selection, type_name) for selection in reversed(node.selection_set.selections if node.selection_set else ())
    )
