"""The delivery roles may make each call that Terraform's AWS provider makes for a resource."""

from typing import Any

import pytest

from deployment.plan_rules import needs_administrator
from environments.settings import settings_of
from tests.synth.support.delivery_permissions import account, permits, policy
from tests.synth.support.provider_calls import Call, calls, handed_over, table
from tests.synth.support.stack_json import StackJson
from tests.synth.support.synth_run import SynthRun

DELIVERED = ("dev", "staging", "prod")
READING = ("plan", "plan-page", "plan-firewall")
WRITING = ("deploy", "deploy-alarms", "deploy-roles", "deploy-page", "deploy-firewall")
# Only an administrator may do these where removal is protected.
REMOVING = {
    *("cognito-idp:CreateUserPool", "cognito-idp:DeleteUserPool"),
    *("dynamodb:DeleteTable", "dynamodb:UpdateContinuousBackups", "s3:DeleteBucket"),
    *("kms:CreateKey", "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "s3:DeleteBucketPolicy", "s3:PutBucketPolicy"),
    *("s3:DeleteObject", "s3:DeleteObjectVersion", "s3:ListBucketVersions", "s3:PutBucketVersioning"),
    *("logs:CreateLogGroup", "logs:DeleteLogGroup", "logs:DeleteRetentionPolicy", "logs:PutRetentionPolicy"),
    *("s3:PutBucketLogging", "s3:PutEncryptionConfiguration", "s3:PutLifecycleConfiguration", "sqs:DeleteQueue"),
    *("cognito-idp:UntagResource", "kms:UntagResource"),
}
# Where removal is protected, an administrator makes what these tag.
TAGGING = {"cognito-idp:TagResource", "kms:TagResource"}


@pytest.fixture(params=DELIVERED)
def environment(request: pytest.FixtureRequest) -> str:
    """Each environment that GitHub delivers to."""
    return str(request.param)


@pytest.fixture
def delivery(environment: str, synthesis: SynthRun) -> StackJson:
    """The stack that delivers the environment."""
    return delivery_of(environment, synthesis)


@pytest.fixture
def needed(environment: str, stacks: dict[str, StackJson], web_stacks: dict[str, StackJson]) -> list[Call]:
    """Each call that the environment's resources need."""
    return [
        call
        for stack in (stacks[environment], web_stacks[environment])
        for type_ in stack.types & table().keys()
        for one in stack.all(type_)
        for call in (*calls(stack, type_, one), *handed_over(stack, one))
    ]


def delivery_of(environment: str, synthesis: SynthRun) -> StackJson:
    found = [one for name, one in synthesis.stacks().items() if name.startswith("delivery-")]
    (stack,) = (one for one in found if account(one) == settings_of(environment).account_id)
    return stack


def statements_of(delivery: StackJson, environment: str, *nouns: str) -> list[dict[str, Any]]:
    return [one for noun in nouns for one in policy(delivery, f"orders-{environment}-{noun}")]


def githubs_part(environment: str, asked: list[Call]) -> list[Call]:
    """Return the calls that the environment's deploy role makes, and no administrator."""
    if not settings_of(environment).removal_protection:
        return asked
    return [one for one in asked if one.action.name not in REMOVING and not _tags_a_new_one(one)]


def _tags_a_new_one(call: Call) -> bool:
    return call.action.name in TAGGING and "aws:ResourceTag/Project" not in call.keys


def refused(allowed: list[dict[str, Any]], asked: list[Call]) -> list[str]:
    """Return the calls that the statements don't allow, as text."""
    return sorted({str(one) for one in asked if not permits(allowed, one.action, one.resource, one.keys)})


def test_the_calls_for_each_type_of_resource_are_known(
    stacks: dict[str, StackJson], web_stacks: dict[str, StackJson]
) -> None:
    types = {type_ for name in DELIVERED for stack in (stacks[name], web_stacks[name]) for type_ in stack.types}

    assert table().keys() == types, "tests/synth/support/provider_calls.toml has the calls for each type, and no other"


def test_a_plan_may_read_every_resource(environment: str, delivery: StackJson, needed: list[Call]) -> None:
    allowed = statements_of(delivery, environment, *READING)
    reading = [one for one in needed if one.verb == "read"]

    found = refused(allowed, reading)

    assert len(reading) > 300
    assert found == []


def test_a_deployment_may_make_change_tag_and_remove_every_resource(
    environment: str, delivery: StackJson, needed: list[Call]
) -> None:
    allowed = statements_of(delivery, environment, *READING, *WRITING)
    own = githubs_part(environment, needed)

    found = refused(allowed, own)

    assert len(own) > 900
    assert found == []


@pytest.mark.parametrize("verb", ["create", "delete"])
def test_a_plan_says_what_githubs_role_may_not_make_or_remove(
    verb: str, synthesis: SynthRun, stacks: dict[str, StackJson], web_stacks: dict[str, StackJson]
) -> None:
    delivery = delivery_of("prod", synthesis)
    allowed = statements_of(delivery, "prod", *READING, *WRITING)
    beyond = set()

    for stack in (stacks["prod"], web_stacks["prod"]):
        for type_ in stack.types & table().keys():
            for one in stack.all(type_):
                change = {"actions": [verb], "before" if verb == "delete" else "after": one}
                planned = {"type": f"aws_{type_}", "change": change}
                asked = [call for call in calls(stack, type_, one) if call.verb == verb]
                if refused(allowed, asked):
                    beyond.add(type_)
                    assert needs_administrator(planned), (type_, refused(allowed, asked))

    guarded = {"cloudwatch_log_group", "dynamodb_table", "kms_key"}
    more = {"cognito_user_pool", "s3_bucket", "sqs_queue"} if verb == "delete" else set()
    assert beyond > guarded | more


def test_the_limit_of_a_deployment_lets_it_do_all_that(
    environment: str, delivery: StackJson, needed: list[Call]
) -> None:
    own = githubs_part(environment, needed)

    found = refused(statements_of(delivery, environment, "deploy-boundary"), own)

    assert found == []
