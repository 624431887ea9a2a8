"""Arguments of a query as a resolver receives them."""

from typing import Any

import pytest
from graphql import FieldNode, OperationDefinitionNode, parse

from emulator.appsync.arguments import Variables
from emulator.appsync.schema import build

SCHEMA, _ = build(
    """
    enum Colour { RED GREEN }
    input Deep { word: String = "default", list: [Int!] }
    input Filter { text: String = "any", limit: Int, colour: Colour, deep: Deep, many: [Deep!] }
    type Query { find(first: Int! = 50, after: String, filter: Filter, json: AWSJSON, ids: [ID!]): String }
    schema { query: Query }
    """
)


def arguments(query: str, variables: dict[str, Any] | None = None) -> dict[str, Any]:
    operation = parse(query).definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    field = operation.selection_set.selections[0]
    assert isinstance(field, FieldNode)
    assert SCHEMA.query_type is not None
    return Variables(SCHEMA, operation, variables or {}).arguments(SCHEMA.query_type.fields["find"], field)


@pytest.mark.parametrize(
    ("query", "variables", "expected"),
    [
        ("{ find }", {}, {}),
        ("{ find(first: 1) }", {}, {"first": 1}),
        ("{ find(after: null) }", {}, {"after": None}),
        ("{ find(filter: {}) }", {}, {"filter": {}}),
        ("{ find(filter: {colour: RED, deep: {list: 1}}) }", {}, {"filter": {"colour": "RED", "deep": {"list": [1]}}}),
        ('{ find(filter: {many: {word: "a"}}) }', {}, {"filter": {"many": [{"word": "a"}]}}),
        ('{ find(json: "{\\"a\\": 1}") }', {}, {"json": {"a": 1}}),
        ('{ find(ids: [1, "b"]) }', {}, {"ids": ["1", "b"]}),
        ("query($a: String) { find(after: $a) }", {}, {"after": None}),
        ("query($a: String) { find(after: $a) }", {"a": None}, {"after": None}),
        ('query($a: String = "x") { find(after: $a) }', {}, {"after": "x"}),
        ('query($a: String = "x") { find(after: $a) }', {"a": "y"}, {"after": "y"}),
        ("query($t: String) { find(filter: {text: $t, limit: 1}) }", {}, {"filter": {"text": None, "limit": 1}}),
        (
            "query($f: Filter) { find(filter: $f) }",
            {"f": {"limit": 1, "many": [{}]}},
            {"filter": {"limit": 1, "many": [{}]}},
        ),
        ("query($f: Filter) { find(filter: $f) }", {"f": {"colour": "GREEN"}}, {"filter": {"colour": "GREEN"}}),
        ("query($j: AWSJSON) { find(json: $j) }", {"j": "[1]"}, {"json": [1]}),
        ("query($i: [ID!]) { find(ids: $i) }", {"i": 7}, {"ids": ["7"]}),
    ],
)
def test_a_resolver_gets_what_the_caller_gave_and_no_defaults(
    query: str, variables: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert arguments(query, variables) == expected
