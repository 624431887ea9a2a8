"""Access to fields by the directives of the schema."""

import pytest

from emulator.appsync.auth.callers import Caller
from emulator.appsync.auth.directives import FieldRules
from emulator.appsync.deployment import AuthMode
from emulator.appsync.schema import build

_, DIRECTIVES = build(
    """
    type Both @aws_cognito_user_pools @aws_iam {
      a: String
      iam: String @aws_iam
      users: String @aws_cognito_user_pools
    }
    type Plain { a: String  iam: String @aws_iam  other: String @aws_lambda }
    type Grouped {
      a: String @aws_cognito_user_pools(cognito_groups: ["Admins", "Staff"])
      b: String @aws_auth(cognito_groups: ["Admins"])
    }
    type Keyed @aws_api_key { a: String }
    type Query { both: Both plain: Plain grouped: Grouped keyed: Keyed }
    schema { query: Query }
    """
)
USER = Caller(mode=AuthMode.COGNITO)
STAFF = Caller(mode=AuthMode.COGNITO, groups=frozenset({"Staff"}))
SIGNED = Caller(mode=AuthMode.IAM)
KEYED = Caller(mode=AuthMode.API_KEY)
NOBODY: set[str] = set()


@pytest.mark.parametrize(
    ("place", "admitted"),
    [
        ("Both.a", {"user", "staff", "signed"}),
        ("Both.iam", {"signed"}),
        ("Both.users", {"user", "staff"}),
        ("Plain.a", {"user", "staff"}),
        ("Plain.iam", {"signed"}),
        ("Plain.other", NOBODY),
        ("Grouped.a", {"staff"}),
        ("Grouped.b", NOBODY),
        ("Keyed.a", {"keyed"}),
        ("Query.both", {"user", "staff"}),
    ],
)
def test_directives_say_who_is_admitted_and_else_the_default_mode(place: str, admitted: set[str]) -> None:
    rules = FieldRules(DIRECTIVES, default_mode=AuthMode.COGNITO)
    callers = {"user": USER, "staff": STAFF, "signed": SIGNED, "keyed": KEYED}

    assert {name for name, caller in callers.items() if rules.admit(caller, *place.split("."))} == admitted


def test_another_default_mode_takes_the_fields_without_directive() -> None:
    rules = FieldRules(DIRECTIVES, default_mode=AuthMode.IAM)

    assert [rules.admit(caller, "Plain", "a") for caller in (USER, SIGNED)] == [False, True]


def test_the_default_action_deny_closes_the_fields_without_directive() -> None:
    rules = FieldRules(DIRECTIVES, default_mode=AuthMode.COGNITO, default_action="DENY")

    assert [rules.admit(STAFF, *place) for place in (("Plain", "a"), ("Both", "a"), ("Grouped", "a"))] == [
        False,
        True,
        True,
    ]
