"""AWS can match every policy of a role: its actions, their resources and its condition keys."""

from itertools import chain

import pytest

from tests.synth.support.permission_table import statements
from tests.synth.support.service_authorization import actions, misplaced, unsupplied_keys
from tests.synth.support.stack_json import StackJson
from tests.synth.support.synth_run import SynthRun

pytestmark = pytest.mark.contract
ROLE = "arn:aws:iam::111111111111:role/orders-dev-api"
BOUNDARY = {"StringEquals": {"iam:PermissionsBoundary": "arn:aws:iam::111111111111:policy/limit"}}
TAG = {"StringEquals": {"aws:ResourceTag/Environment": "dev"}}
# Condition keys that a trust policy may use: the caller of a service (IAM User Guide,
# "Cross-service confused deputy"), and a token's claims ("Available keys for AWS OIDC federation",
# and AWS's reference for `ref`).
TRUSTED_BY = {
    "sts:AssumeRole": {"aws:SourceAccount", "aws:SourceArn"},
    "sts:AssumeRoleWithWebIdentity": {
        f"token.actions.githubusercontent.com:{claim}" for claim in ("aud", "sub", "ref")
    },
}

# Lambda needs it on the stream (Lambda developer guide, "Using DynamoDB with Lambda"). In the
# reference it takes no resource.
LISTED_AS_LAMBDA_ASKS = "dynamodb:ListStreams"

# CloudWatch needs these on `*` for composite alarms (its API reference, PutCompositeAlarm and
# DeleteAlarms). In the reference they take the alarm. Each has a statement of its own.
EVERYTHING_AS_CLOUDWATCH_ASKS = (["cloudwatch:PutCompositeAlarm"], ["cloudwatch:DeleteAlarms"])


@pytest.fixture(scope="session")
def every_stack(synthesis: SynthRun) -> list[StackJson]:
    """The stacks of all kinds and environments."""
    return list(synthesis.stacks().values())


@pytest.fixture(scope="session")
def of_identities(every_stack: list[StackJson]) -> list[dict[str, object]]:
    """The statements of the policies and boundaries of roles."""
    policies = [one for stack in every_stack for type_ in ("iam_policy", "iam_role_policy") for one in stack.all(type_)]
    return list(chain.from_iterable(statements(one["policy"]) for one in policies))


def test_no_condition_goes_by_a_key_that_aws_does_not_supply(of_identities: list[dict[str, object]]) -> None:
    found = [problem for statement in of_identities for problem in unsupplied_keys(statement)]

    assert len(of_identities) > 300
    assert found == []


def test_trust_goes_by_keys_that_the_trusted_supply(every_stack: list[StackJson]) -> None:
    trust = [
        statement
        for stack in every_stack
        for role in stack.all("iam_role")
        for statement in statements(role["assume_role_policy"])
    ]

    assert len(trust) > 40
    for statement in trust:
        (action,) = statement["Action"]
        keys = {key for operands in statement.get("Condition", {}).values() for key in operands}
        assert keys <= TRUSTED_BY[action], statement


def test_every_action_exists_and_takes_the_resources_it_is_given(of_identities: list[dict[str, object]]) -> None:
    asked = [one for one in of_identities if one["Action"] not in EVERYTHING_AS_CLOUDWATCH_ASKS]

    found = {problem for statement in asked for problem in misplaced(statement)}

    assert found == {LISTED_AS_LAMBDA_ASKS}


@pytest.mark.parametrize(
    ("action", "resource", "condition", "is_supplied"),
    [
        ("iam:CreateRole", ROLE, BOUNDARY, True),
        ("iam:DeleteRole", ROLE, BOUNDARY, False),
        ("iam:UpdateAssumeRolePolicy", ROLE, BOUNDARY, False),
        ("iam:TagRole", ROLE, BOUNDARY, False),
        ("iam:DeleteRole", ROLE, TAG, True),
        ("iam:DeleteRole", ROLE, {"StringEquals": {"aws:RequestTag/Environment": "dev"}}, False),
        ("iam:CreateServiceLinkedRole", ROLE, {"StringEquals": {"iam:AWSServiceName": "appsync.amazonaws.com"}}, True),
        ("appsync:CreateGraphqlApi", "*", TAG, False),
        ("kms:CreateAlias", "arn:aws:kms:eu-central-1:1:key/*", TAG, True),
        ("kms:CreateAlias", "arn:aws:kms:eu-central-1:1:alias/*", TAG, False),
        ("appsync:*", "*", {"StringEquals": {"aws:RequestedRegion": "eu-central-1"}}, True),
        ("cloudfront:UpdateOriginAccessControl", "arn:aws:cloudfront::1:origin-access-control/*", TAG, False),
    ],
)
def test_a_key_is_supplied_for_the_action_or_for_its_resource(
    action: str, resource: str, condition: dict[str, dict[str, str]], is_supplied: bool
) -> None:
    statement = {"Action": [action], "Resource": [resource], "Condition": condition}

    assert (list(unsupplied_keys(statement)) == []) is is_supplied


@pytest.mark.parametrize(
    ("action", "resource", "problems"),
    [
        ("s3:GetObject", "arn:aws:s3:::bucket/*", 0),
        ("s3:GetObject", "arn:aws:s3:::bucket", 2),
        ("s3:ListBucket", "arn:aws:s3:::bucket/*", 2),
        ("logs:PutLogEvents", "arn:aws:logs:eu-central-1:1:log-group:group:*", 0),
        ("logs:PutLogEvents", "arn:aws:logs:eu-central-1:1:log-group:group", 2),
        ("sqs:SendMessage", "*", 2),
        ("xray:PutTraceSegments", "*", 0),
        ("sqs:SendMessages", "arn:aws:sqs:eu-central-1:1:queue", 2),
    ],
)
def test_an_action_takes_resources_of_its_own_types(action: str, resource: str, problems: int) -> None:
    assert len(list(misplaced({"Action": [action], "Resource": [resource]}))) == problems


def test_a_wildcard_means_every_action_that_it_matches() -> None:
    assert {action.name for action in actions("iam:TagRol*")} == {"iam:TagRole"}
    assert len(actions("appsync:*")) > 50
    assert actions("sqs:Nothing") == []
