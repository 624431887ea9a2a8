"""The check that fields can be merged: the same results as graphql-core's, in less time."""

import random

import pytest
from graphql import OverlappingFieldsCanBeMergedRule, parse, validate

from emulator.appsync import field_merging
from emulator.appsync.field_merging import FieldMergeCheck
from emulator.appsync.query_document import Document
from emulator.appsync.schema import build
from tests.emulator.support.hostile_queries import doubled, many

SCHEMA, _ = build("""
interface Named { name: String  other: String  next: Named }
type Red implements Named { name: String  other: String  next: Named  size: Int  list: [String]  it: Blue }
type Blue implements Named { name: String  other: String  next: Named  size: String  list: String  it: Red }
union Any = Red | Blue
type Query { named(id: Int, on: [Int]): Named  any: Any  red: Red  blue: Blue }
schema { query: Query }
""")


def errors_of(query: str) -> list[str]:
    return [error.message for error in FieldMergeCheck(SCHEMA, Document(parse(query))).errors()]


def is_valid_for_graphql_core(query: str) -> bool:
    return not validate(SCHEMA, parse(query), [OverlappingFieldsCanBeMergedRule])


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("{ a: red { name } a: blue { name } }", "'red' and 'blue' are different fields"),
        ("{ named(id: 1) { name } named(id: 2) { name } }", "they have differing arguments"),
        ("{ named(id: 1) { name } named { name } }", "they have differing arguments"),
        ("{ any { ... on Red { size } ... on Blue { size } } }", "they return conflicting types 'Int' and 'String'"),
        (
            "{ any { ... on Red { list } ... on Blue { list } } }",
            "they return conflicting types '[String]' and 'String'",
        ),
        ("{ red { ...F } red { a: other } } fragment F on Red { a: name }", "'name' and 'other' are different fields"),
        ("{ named { a: name ... on Red { a: other } } }", "'name' and 'other' are different fields"),
        (
            "{ any { ... on Red { it { a: name } } ... on Blue { it { a: size } } } }",
            "they return conflicting types 'String' and 'Int'",
        ),
    ],
)
def test_fields_that_cannot_be_merged_are_told_with_the_reason(query: str, reason: str) -> None:
    (error,) = errors_of(query)

    assert f" conflict because {reason}. Use different aliases" in error
    assert not is_valid_for_graphql_core(query)


@pytest.mark.parametrize(
    "query",
    [
        "{ named(id: 1, on: [1]) { name } named(on: [1], id: 1) { name other } }",
        "{ any { ... on Red { a: name } ... on Blue { a: other } } }",
        "{ any { ... on Red { it { a: name } } ... on Blue { it { a: other } } } }",
        "query A { a: red { name } } query B { a: blue { name } }",
        "{ ...F ...F } fragment F on Query { red { name } red { name other } }",
        "{ __schema { types { name } types { kind } } __typename }",
    ],
)
def test_fields_that_can_be_merged_are_valid(query: str) -> None:
    assert errors_of(query) == []
    assert is_valid_for_graphql_core(query)


def random_fields(chance: random.Random, depth: int) -> str:
    leaves = ["name", "a: name", "a: other", "other", "name: other", "__typename"]
    inner = [
        f"next {{ {random_fields(chance, depth - 1)} }}" if depth else "name",
        f"a: next {{ {random_fields(chance, depth - 1)} }}" if depth else "other",
        f"... on Red {{ size a: list {random_fields(chance, depth - 1)} }}" if depth else "name",
        f"... on Blue {{ b: size {random_fields(chance, depth - 1)} }}" if depth else "a: name",
        "...F",
        "...G",
    ]
    return " ".join(chance.choice(leaves + inner if depth else leaves) for _ in range(chance.randint(1, 3)))


def test_random_queries_are_valid_exactly_if_graphql_core_says_so() -> None:
    verdicts = []
    for seed in range(400):
        chance = random.Random(seed)
        query = f"{{ named {{ {random_fields(chance, 3)} }} named {{ ...F {random_fields(chance, 2)} }} }}"
        query += f" fragment F on Named {{ name ...G {random_fields(chance, 0)} }}"
        query += f" fragment G on Red {{ size {random_fields(chance, 0)} }}"
        verdicts.append(not errors_of(query))

        assert verdicts[-1] == is_valid_for_graphql_core(query), query

    assert 20 < sum(verdicts) < 380


def test_a_query_whose_list_of_fields_would_be_too_long_is_refused_with_its_size() -> None:
    (error,) = errors_of("{ red { ...F0 } } " + doubled("a: next { NEXT } b: next { NEXT }", 23, "Named", "name"))

    assert error.startswith("The operation selects 25165823 fields, whose paths have 1")
    assert error.endswith("characters; at most 100000 are allowed.")


def test_fields_are_visited_a_few_times_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(field_merging, "VISITS_MAX", 6 * 700)
    same_fields = "{" + "red { name } " * 350 + "}"
    side_by_side = (
        "{" + many(150, lambda i: f"...F{i}") + "}" + many(150, lambda i: f"fragment F{i} on Query {{ red }}")
    )

    assert errors_of(same_fields) == []
    assert errors_of(side_by_side.replace("red }", "red { name } }")) == []


def test_fragments_that_can_be_combined_in_too_many_ways_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(field_merging, "VISITS_MAX", 50)

    errors = errors_of(many(30, lambda i: f"query Q{i} {{ ...F }}") + "fragment F on Query { red { name } }")

    assert errors == ["The query is too complex: its fragments can be combined in too many ways."]
