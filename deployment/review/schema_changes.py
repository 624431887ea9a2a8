"""The effect of a change of the GraphQL schema on clients that are in use.

`python -m deployment.review.schema_changes HEAD^1` compares `schema.graphql` with that commit's and prints Markdown.
"""

import re
from collections.abc import Iterator, Sequence

from graphql import FieldDefinitionNode, GraphQLError, GraphQLSchema, build_schema, parse, print_ast
from graphql.language import ObjectTypeDefinitionNode
from graphql.utilities import find_breaking_changes, find_dangerous_changes

from deployment.escaped_text import visible
from deployment.repository_paths import ROOT
from deployment.review.base_commit import text_at
from deployment.review.markdown import code
from deployment.run_command import run
from environments.user_error import UserError

SCHEMA = "schema.graphql"
# AppSync has them without their being declared (developer guide, "Scalar types in AWS AppSync").
_SCALARS = (
    *("AWSDate", "AWSDateTime", "AWSEmail", "AWSIPAddress", "AWSJSON", "AWSPhone", "AWSTime", "AWSTimestamp"),
    "AWSURL",
)


def schema_changes(before: str, after: str) -> list[str]:
    """Return the lines that say what clients notice; none for a schema that stays. Raises UserError."""
    if before.strip() == after.strip():
        return []
    old, new = _schema(before), _schema(after)
    breaking = [*(change.description for change in find_breaking_changes(old, new)), *_callers(before, after)]
    dangerous = [change.description for change in find_dangerous_changes(old, new)]
    if not breaking and not dangerous:
        return ["### Schema: changes, and no client breaks", ""]
    return [
        *_listed("### Schema: breaks clients that are in use", breaking),
        *_listed("### Schema: may surprise clients that are in use", dangerous),
    ]


def _listed(title: str, changes: Sequence[str]) -> Iterator[str]:
    if changes:
        yield from (title, "", *(f"- {code(visible(change))}" for change in changes), "")


def _callers(before: str, after: str) -> Iterator[str]:
    """Yield the types and fields that other callers reach than before: directives of AppSync's say who."""
    old, new = _directives(before), _directives(after)
    for place in sorted(old.keys() & new.keys()):
        if old[place] != new[place]:
            yield f"{place} was for {old[place]} and is for {new[place]}."


def _directives(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for definition in parse(text).definitions:
        if isinstance(definition, ObjectTypeDefinitionNode):
            name = definition.name.value
            found[name] = _of_aws(definition)
            found |= {f"{name}.{field.name.value}": _of_aws(field) for field in definition.fields}
    return found


def _of_aws(node: ObjectTypeDefinitionNode | FieldDefinitionNode) -> str:
    named = sorted(print_ast(one) for one in node.directives if one.name.value.startswith("aws_"))
    return " ".join(named) or "the default mode"


def _schema(text: str) -> GraphQLSchema:
    declared = set(re.findall(r"^scalar (\w+)", text, re.MULTILINE))
    scalars = "".join(f"scalar {name}\n" for name in _SCALARS if name not in declared)
    try:
        return build_schema(scalars + text, assume_valid_sdl=True)
    except (GraphQLError, TypeError) as error:
        raise UserError(f"{SCHEMA} can't be read: {error}") from error


def main(arguments: Sequence[str]) -> int:
    """Print what changed since a commit."""
    (commit,) = arguments
    before = text_at(commit, SCHEMA)
    print("\n".join(schema_changes(before, (ROOT / SCHEMA).read_text(encoding="utf-8"))))
    return 0


if __name__ == "__main__":
    run(main)
