"""AppSync's scalars: valid and invalid values."""

from typing import Any

import pytest
from graphql import GraphQLError, GraphQLScalarType

from emulator.appsync.schema import build
from tests.support.malformed_json import NOT_JSON

SCHEMA, _ = build("type Query { a(json: AWSJSON, at: AWSDateTime): AWSJSON } schema { query: Query }")


def scalar(name: str) -> GraphQLScalarType:
    type_ = SCHEMA.type_map.get(name) or build(f"type Query {{ a: {name} }}")[0].type_map[name]
    assert isinstance(type_, GraphQLScalarType)
    return type_


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AWSDate", "2026-01-01"),
        ("AWSDate", "2026-01-01Z"),
        ("AWSDate", "2026-01-01-07:00"),
        ("AWSTime", "12:30:24"),
        ("AWSTime", "12:30Z"),
        ("AWSTime", "12:30:24.500+05:30"),
        ("AWSDateTime", "2026-01-01T00:00:00.000Z"),
        ("AWSDateTime", "2026-01-01T00:00:00.123456789+02:00"),
        ("AWSDateTime", "2026-01-01T00:00Z"),
        ("AWSTimestamp", 1767225600),
        ("AWSEmail", "ada@example.com"),
        ("AWSURL", "https://example.com/a?b=c"),
        ("AWSPhone", "+49 30 1234-567"),
        ("AWSIPAddress", "127.0.0.1"),
        ("AWSIPAddress", "10.0.0.0/8"),
        ("AWSIPAddress", "1a2b:3c4b:5d6e::"),
    ],
)
def test_scalars_take_what_they_are_for(name: str, value: Any) -> None:
    assert scalar(name).parse_value(value) == value
    assert scalar(name).serialize(value) == value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AWSDate", "2026-02-30"),
        ("AWSDate", "yesterday"),
        ("AWSTime", "25:00:00"),
        ("AWSDateTime", "2026-01-01T00:00:00"),
        ("AWSDateTime", "2026-13-01T00:00:00Z"),
        ("AWSDateTime", 5),
        ("AWSTimestamp", "1"),
        ("AWSTimestamp", True),
        ("AWSEmail", "ada"),
        ("AWSURL", "example.com"),
        ("AWSURL", "https://example.com/a//b"),
        ("AWSPhone", "call me"),
        ("AWSIPAddress", "300.0.0.1"),
        ("AWSJSON", {"a": 1}),
        ("AWSJSON", "{a: 1}"),
        *(("AWSJSON", text.decode("utf-8", "replace")) for name, text in NOT_JSON.items() if name != "no UTF-8"),
    ],
)
def test_scalars_refuse_everything_else(name: str, value: Any) -> None:
    with pytest.raises(GraphQLError):
        scalar(name).parse_value(value)


def test_json_is_text_outside_and_a_value_inside() -> None:
    assert scalar("AWSJSON").parse_value('{"a": [1, null]}') == {"a": [1, None]}
    assert scalar("AWSJSON").serialize({"a": [1, None]}) == '{"a":[1,null]}'
    assert scalar("AWSJSON").serialize("text") == '"text"'
