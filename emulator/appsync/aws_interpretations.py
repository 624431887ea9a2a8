"""Choices between two interpretations of AWS's sources, where they are silent or disagree.

Code that uses the API must work under each interpretation. The API's tags choose, because tags change
nothing on AWS and can be set while an API runs:
`tag_resource(resourceArn=…, tags={"emulator:failed-condition": "without-row"})`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

PREFIX = "emulator:"
FAILED_CONDITION = PREFIX + "failed-condition"
# AppSync Developer Guide, "Condition expressions": the current item is in ctx.result beside ctx.error.
WITH_ROW = "with-row"
# aws-appsync-community, issue 343: ctx.result is null.
WITHOUT_ROW = "without-row"
UNSET_VARIABLE = PREFIX + "unset-variable"
# GraphQL, "Coercing Field Arguments": an argument of a subscription whose variable isn't given isn't given either.
ABSENT = "absent"
# aws-appsync-community, issues 36 and 94: it is null, which only null equals.
NULL = "null"
VALUES = {FAILED_CONDITION: (WITH_ROW, WITHOUT_ROW), UNSET_VARIABLE: (ABSENT, NULL)}


@dataclass(frozen=True, kw_only=True)
class Interpretations:
    """The behaviour that the emulator shows where AWS's sources allow two."""

    failed_condition_gives_row: bool = True
    unset_variable_is_null: bool = False


def interpretations_of(tags: Mapping[str, str]) -> Interpretations:
    """Return the interpretations that the tags choose, or else those of the guide or of GraphQL."""
    return Interpretations(
        failed_condition_gives_row=tags.get(FAILED_CONDITION) != WITHOUT_ROW,
        unset_variable_is_null=tags.get(UNSET_VARIABLE) == NULL,
    )


def unknown_interpretations(tags: Mapping[str, str]) -> Iterator[str]:
    """Yield the emulator's own tags that choose nothing."""
    for name, value in tags.items():
        if name.startswith(PREFIX) and value not in VALUES.get(name, ()):
            yield f"the tag {name} = {value!r}: {' or '.join(VALUES.get(name, VALUES))} is known"
