"""Validates that a query's fields can be merged, in time that grows with the query's size only.

It replaces two rules of graphql-core. OverlappingFieldsCanBeMerged compares each field with every
other field of its name. MaxIntrospectionDepth opens a fragment again for each spread. The algorithm
is graphql-java's: Simon Adameit, "GraphQL: Overlapping Fields Can Be Merged fast" (XING). The query
must be valid in all other respects, so it has no cycles.
"""

from collections.abc import Iterable
from typing import NamedTuple

from graphql import (
    FieldNode,
    GraphQLError,
    GraphQLField,
    GraphQLSchema,
    OperationDefinitionNode,
    get_named_type,
    is_leaf_type,
    is_object_type,
    print_ast,
)
from graphql.execution.execute import get_field_def
from graphql.utilities.sort_value_node import sort_value_node

from emulator.appsync.query_document import Document, Selecting, answer_name
from emulator.appsync.request_limits import LEVELS_MAX, PATHS_CHARACTERS_MAX, REQUEST_ERRORS_MAX, VISITS_MAX

_Parts = list[tuple[Selecting, str]]  # nodes whose selections are merged, with their types
_Group = list[tuple[FieldNode, str]]  # fields of one name, with the types that they are selected on


class _Extent(NamedTuple):
    """The size of a selection: levels, fields with fragments opened, and characters of paths."""

    levels: int = 0
    fields: int = 0
    characters: int = 0


class FieldMergeCheck:
    """Checks the operations of one document."""

    def __init__(self, schema: GraphQLSchema, document: Document) -> None:
        self._schema = schema
        self._document = document
        self._extents: dict[frozenset[tuple[int, str]], _Extent] = {}
        self._compared: set[frozenset[tuple[int, str]]] = set()
        self._visits = 0
        self._errors: list[GraphQLError] = []

    def errors(self) -> list[GraphQLError]:
        """Return the errors of fields that can't be merged, or the limit that is exceeded."""
        try:
            for operation in self._document.operations:
                root = self._schema.get_root_type(operation.operation)
                if root is not None:
                    self._check(operation, root.name)
        except GraphQLError as error:
            self._errors.append(error)
        return self._errors[:REQUEST_ERRORS_MAX]

    def _check(self, operation: OperationDefinitionNode, type_name: str) -> None:
        extent = self._measure([(operation, type_name)], 1)
        if extent.characters > PATHS_CHARACTERS_MAX:
            raise GraphQLError(
                f"The operation selects {extent.fields} fields, whose paths have {extent.characters} characters;"
                f" at most {PATHS_CHARACTERS_MAX} are allowed.",
                operation,
            )
        self._compare([(operation, type_name)])

    def _measure(self, parts: _Parts, level: int) -> _Extent:
        """Check that fields of one name have values of one form, on any type."""
        key = frozenset((id(node), type_name) for node, type_name in parts)
        extent = self._extents.get(key)
        if level - 1 + (extent.levels if extent else 1) > LEVELS_MAX:
            raise GraphQLError(f"The fields are nested in more than {LEVELS_MAX} levels.", parts[0][0])
        if extent is None:
            extent = self._extents[key] = self._measure_groups(parts, level)
        return extent

    def _measure_groups(self, parts: _Parts, level: int) -> _Extent:
        levels = fields = characters = 0
        for name, group in self._groups(parts).items():
            if pair := _differing(group, [self._form(*place) for place in group]):
                one, other = (self._definition(*place).type for place in pair)
                self._report(name, pair, f"they return conflicting types '{one}' and '{other}'")
            below = self._measure(inner, level + 1) if (inner := self._inside(group)) else _Extent()
            levels = max(levels, 1 + below.levels)
            fields += 1 + below.fields
            characters += len(name) + (len(name) + 1) * below.fields + below.characters
        return _Extent(levels, fields, characters)

    def _compare(self, parts: _Parts) -> None:
        """Check that fields of one name are the same wherever they can meet in one object."""
        key = frozenset((id(node), type_name) for node, type_name in parts)
        if key in self._compared:
            return
        self._compared.add(key)
        for name, group in self._groups(parts).items():
            for meeting in self._meeting(group):
                if pair := _differing(meeting, [node.name.value for node, _type_name in meeting]):
                    one, other = (node.name.value for node, _type_name in pair)
                    self._report(name, pair, f"'{one}' and '{other}' are different fields")
                elif pair := _differing(meeting, _arguments(meeting)):
                    self._report(name, pair, "they have differing arguments")
                elif inner := self._inside(meeting):
                    self._compare(inner)

    def _groups(self, parts: _Parts) -> dict[str, _Group]:
        groups: dict[str, _Group] = {}
        for node, type_name in self._document.typed_fields(parts):
            groups.setdefault(answer_name(node), []).append((node, type_name))
            self._visits += 1
        if self._visits > VISITS_MAX:
            raise GraphQLError("The query is too complex: its fragments can be combined in too many ways.", parts[0][0])
        return groups

    def _meeting(self, group: _Group) -> Iterable[_Group]:
        """Return the fields of a group that can meet.

        Those on one object type can meet each other, and those on interfaces.
        """
        if len({type_name for _node, type_name in group}) == 1:
            return [group]
        on_objects: dict[str, _Group] = {}
        others: _Group = []
        for node, type_name in group:
            is_object = is_object_type(self._schema.type_map[type_name])
            (on_objects.setdefault(type_name, []) if is_object else others).append((node, type_name))
        return [[*others, *fields] for fields in on_objects.values()] or [others]

    def _report(self, name: str, pair: _Group, reason: str) -> None:
        message = f"Fields '{name}' conflict because {reason}."
        advice = " Use different aliases on the fields to fetch both if this was intentional."
        self._errors.append(GraphQLError(message + advice, [node for node, _type_name in pair]))

    def _inside(self, group: _Group) -> _Parts:
        return [
            (node, get_named_type(self._definition(node, type_name).type).name)
            for node, type_name in group
            if node.selection_set
        ]

    def _form(self, node: FieldNode, type_name: str) -> str:
        """Return the form of a field's values: its type, with one name for all object types."""
        type_ = self._definition(node, type_name).type
        named = get_named_type(type_)
        return str(type_) if is_leaf_type(named) else str(type_).replace(named.name, "{}")

    def _definition(self, node: FieldNode, type_name: str) -> GraphQLField:
        return get_field_def(self._schema, self._schema.type_map[type_name], node)  # type: ignore[arg-type]


def _differing(group: _Group, values: list[str]) -> _Group:
    """Return the first field and one with another value; nothing when all values are equal."""
    return next(([group[0], group[i]] for i, value in enumerate(values) if value != values[0]), [])


def _arguments(group: _Group) -> list[str]:
    """Return the arguments of fields as texts; equal arguments give equal texts."""
    if len(group) == 1:
        return [""]
    return [
        " ".join(sorted(f"{a.name.value}:{print_ast(sort_value_node(a.value))}" for a in node.arguments))
        for node, _type_name in group
    ]
