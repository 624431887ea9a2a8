"""A review names a change of the schema that breaks clients."""

import pytest

from deployment.repository_paths import ROOT
from deployment.review.schema_changes import SCHEMA, schema_changes
from environments.user_error import UserError

SDL = (ROOT / SCHEMA).read_text(encoding="utf-8")
BREAKS = "### Schema: breaks clients that are in use"
SURPRISES = "### Schema: may surprise clients that are in use"
HARMLESS = "### Schema: changes, and no client breaks"


@pytest.mark.parametrize(
    ("old", "new", "title", "said"),
    [
        ("  total: Int!\n", "", BREAKS, "Order.total was removed"),
        ("  total: Int!\n", "  total: String!\n", BREAKS, "Order.total changed type from Int! to String!"),
        ("  failureReason: String\n", "  failureReason: String!\n", HARMLESS, ""),
        ("  FAILED\n", "", BREAKS, "FAILED was removed from enum type OrderStatus"),
        ("  FAILED\n", "  FAILED\n  LOST\n", SURPRISES, "LOST was added to enum type OrderStatus"),
        ("type Restaurant {\n", "type Restaurant {\n  city: String\n", HARMLESS, ""),
        (
            "type Order @aws_cognito_user_pools @aws_iam {",
            "type Order @aws_iam {",
            BREAKS,
            "Order was for @aws_cognito_user_pools @aws_iam and is for @aws_iam",
        ),
    ],
)
def test_a_change_is_named_by_what_it_does_to_clients(old: str, new: str, title: str, said: str) -> None:
    assert old in SDL

    lines = schema_changes(SDL, SDL.replace(old, new, 1))

    assert lines[0] == title
    assert said in "\n".join(lines)


def test_nothing_is_said_of_a_schema_that_stays() -> None:
    assert schema_changes(SDL, SDL) == []


def test_text_of_a_schema_is_shown_as_code() -> None:
    old = 'type Query { a(b: String = "x"): Int }'

    lines = schema_changes(old, old.replace('"x"', '"`<b>"'))

    assert lines[2].startswith("- `` Query.a arg b has changed defaultValue")


def test_a_schema_that_cannot_be_read_is_one_line() -> None:
    with pytest.raises(UserError, match="can't be read"):
        schema_changes(SDL, SDL + "type Nothing { of: Unknown }\n")
