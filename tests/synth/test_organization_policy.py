"""The policy for an environment's account in docs/organization-policy.json."""

import json
from fnmatch import fnmatchcase
from itertools import chain
from typing import Any

import pytest

from deployment.repository_paths import ROOT
from tests.synth.support.service_authorization import DATA, IN_EVERY_REQUEST, actions
from tests.synth.support.stack_json import Resource, StackJson, name_of
from tests.synth.support.synth_run import SynthRun

FILE = ROOT / "docs" / "organization-policy.json"
SERVICES_ARE_LET_IN = {"BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}
# AWS Organizations' quota for a resource control policy.
LARGEST_POLICY = 5120


@pytest.fixture(scope="module")
def policy() -> list[dict[str, Any]]:
    """Its three statements: about the roles, about the data, and about services that use either."""
    document = json.loads(FILE.read_text(encoding="utf-8"))
    assert document["Version"] == "2012-10-17"
    found: list[dict[str, Any]] = document["Statement"]
    return found


@pytest.fixture(scope="module")
def system(stacks: dict[str, StackJson], web_stacks: dict[str, StackJson]) -> list[StackJson]:
    """The stacks that GitHub deploys."""
    return [*stacks.values(), *web_stacks.values()]


def is_about(statement: dict[str, Any], arn: str) -> bool:
    return any(fnmatchcase(arn, pattern) for pattern in statement["Resource"])


def role_arn(role: Resource) -> str:
    return f"arn:aws:iam::111111111111:role{role.get('path', '/')}{name_of(role)}"


def test_it_has_the_form_that_an_organization_takes(policy: list[dict[str, Any]]) -> None:
    supported = json.loads((DATA / "rcpSupportedServices.json").read_text(encoding="utf-8"))

    asked = list(chain.from_iterable(one["Action"] for one in policy))

    assert len(FILE.read_text(encoding="utf-8")) <= LARGEST_POLICY
    assert {(one["Effect"], one["Principal"]) for one in policy} == {("Deny", "*")}
    for action in asked:
        assert action.partition(":")[0] in supported, action
        assert actions(action), action


def test_nobody_but_services_assumes_a_role_of_the_system(
    policy: list[dict[str, Any]], system: list[StackJson]
) -> None:
    about_roles, *_ = policy

    roles = [role_arn(one) for stack in system for one in stack.all("iam_role")]

    # Every way to assume a role.
    assert set(about_roles["Action"]) == {one.name for one in actions("sts:AssumeRole*")}
    assert about_roles["Condition"] == SERVICES_ARE_LET_IN
    assert len(roles) > 40
    assert [role for role in roles if not is_about(about_roles, role)] == []


def test_github_still_assumes_the_roles_that_deliver(policy: list[dict[str, Any]], synthesis: SynthRun) -> None:
    stacks = [one for name, one in synthesis.stacks().items() if name.startswith("delivery-")]

    roles = [role_arn(one) for stack in stacks for one in stack.all("iam_role")]

    assert len(roles) == 6
    assert [role for role in roles if any(is_about(one, role) for one in policy)] == []


def test_no_other_account_uses_buckets_queues_and_tables(policy: list[dict[str, Any]], system: list[StackJson]) -> None:
    _, about_data, _ = policy
    arns = {
        "dynamodb_table": (
            "arn:aws:dynamodb:eu-central-1:1:table/{}",
            "arn:aws:dynamodb:eu-central-1:1:table/{}/stream/1",
        ),
        "s3_bucket": ("arn:aws:s3:::{}", "arn:aws:s3:::{}/a/b"),
        "sqs_queue": ("arn:aws:sqs:eu-central-1:1:{}",),
    }

    data = [
        arn.format(name_of(one))
        for stack in system
        for type_, forms in arns.items()
        for one in stack.all(type_)
        for arn in forms
    ]

    assert about_data["Condition"] == {
        "StringNotEqualsIfExists": {"aws:PrincipalAccount": "<account id>"},
        **SERVICES_ARE_LET_IN,
    }
    assert "aws:PrincipalAccount" in IN_EVERY_REQUEST
    assert [arn for arn in data if not is_about(about_data, arn)] == []


def test_a_service_that_acts_for_another_account_is_kept_out_too(policy: list[dict[str, Any]]) -> None:
    about_roles, about_data, about_services = policy

    assert about_services["Action"] == [*about_roles["Action"], *about_data["Action"]]
    assert about_services["Resource"] == [*about_roles["Resource"], *about_data["Resource"]]
    assert about_services["Condition"] == {
        "StringNotEquals": {"aws:SourceAccount": "<account id>"},
        "Bool": {"aws:PrincipalIsAWSService": "true"},
        # A service that acts for nobody's resource names no account, and isn't meant.
        "Null": {"aws:SourceAccount": "false"},
    }
