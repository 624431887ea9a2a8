"""A lint of the schema for parts that AppSync has refused: descriptions, comments in enums."""

from collections.abc import Iterator

import pytest
from graphql import EnumTypeDefinitionNode, TokenKind, Visitor, parse, visit

from deployment.repository_paths import ROOT

pytestmark = pytest.mark.contract
SDL = (ROOT / "schema.graphql").read_text(encoding="utf-8")


def test_no_description_and_no_comment_in_an_enum_reaches_appsync() -> None:
    assert list(refused_by_appsync(SDL)) == []


@pytest.mark.parametrize(
    ("sdl", "complaint"),
    [
        ('"""An order."""\ntype Order { id: ID }', "line 1: a description"),
        ('type Order {\n  "Its id." id: ID\n}', "line 2: a description"),
        ("enum OrderStatus {\n  PENDING # not yet charged\n}", "line 2: a comment in an enum"),
        ("enum OrderStatus {\n  PENDING\n  # the end\n}", "line 3: a comment in an enum"),
    ],
)
def test_the_lint_finds_what_appsync_refuses(sdl: str, complaint: str) -> None:
    assert list(refused_by_appsync(sdl)) == [complaint]


def test_the_lint_leaves_other_comments_alone() -> None:
    sdl = "# Money is in cents.\ntype Order { id: ID } # an order\n\nenum OrderStatus { PENDING }\n# the end"

    assert list(refused_by_appsync(sdl)) == []


def refused_by_appsync(sdl: str) -> Iterator[str]:
    """Yield the parts for which AppSync refuses a schema."""
    finder = _Finder()
    visit(parse(sdl), finder)
    yield from finder.complaints


class _Finder(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.complaints: list[str] = []

    def enter(self, node: object, *_: object) -> None:
        description = getattr(node, "description", None)
        if description:
            self.complaints.append(f"line {description.loc.start_token.line}: a description")
        if isinstance(node, EnumTypeDefinitionNode) and node.loc:
            token = node.loc.start_token
            while token and token is not node.loc.end_token:
                if token.kind is TokenKind.COMMENT:
                    self.complaints.append(f"line {token.line}: a comment in an enum")
                token = token.next  # type: ignore[assignment]  # None after the last token
