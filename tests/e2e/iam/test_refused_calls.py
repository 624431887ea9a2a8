"""Each role makes the calls that it has no permission for, and is refused."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.deploy import client
from tests.e2e.iam.support.aws_calls import Call, aws_calls
from tests.e2e.iam.support.grants import PREFIX, Roles
from tests.e2e.iam.support.unused_permissions import UNUSED
from tests.e2e.iam.support.used_permissions import BREAKS
from tests.e2e.support.administrator_access import AdministratorAccess
from verify.publish_mutation import MADE_UP_ORDER, PUBLISH_ORDER
from verify.signed_calls import AccessKey, signed_post

ROLES = sorted({grant.role for grant in [*UNUSED, *(one.grant for one in BREAKS)]})
LOOK = "{ orders { id } }"
# SNS uses a code of its own.
REFUSALS = ("AccessDenied", "AccessDeniedException", "AuthorizationError")


@pytest.fixture(scope="module")
def calls(account: AdministratorAccess) -> list[Call]:
    """All calls that some role may make, and more."""
    table = account.client("dynamodb").describe_table(TableName=account.outputs["orders_table"])["Table"]
    account_id = account.client("sts").get_caller_identity()["Account"]
    return list(aws_calls(account.outputs, account_id=account_id, stream_arn=table["LatestStreamArn"]))


def answer_to(call: Call, outputs: dict[str, Any], keys: dict[str, str]) -> str:
    """Make the call; return `made`, or the code and text of AWS's refusal."""
    try:
        getattr(client(call.client, outputs, **keys), call.operation)(**call.parameters)
    except ClientError as error:
        return f"{error.response['Error']['Code']}: {error.response['Error']['Message']}"
    return "made"


def key_of(keys: dict[str, str]) -> AccessKey:
    """Return the session's keys, to sign a GraphQL document with."""
    return AccessKey(keys["aws_access_key_id"], keys["aws_secret_access_key"], session_token=keys["aws_session_token"])


def test_there_is_a_call_for_each_permission_that_a_run_uses(calls: list[Call]) -> None:
    callable_ = {(call.action, call.resource) for call in calls}

    used = {(one.action, one.resource) for one in BREAKS}

    assert {action for action, _ in used - callable_} == {"appsync:GraphQL"}


@pytest.mark.parametrize("role", ROLES)
def test_a_role_is_refused_what_it_is_not_granted(
    role: str, calls: list[Call], roles: Roles, outputs: dict[str, Any]
) -> None:
    granted = {(grant.action, grant.resource) for grant in roles.grants() if grant.role == role}
    others = [call for call in calls if (call.action, call.resource) not in granted]

    with roles.session(role) as keys:
        answers = {str(call): answer_to(call, outputs, keys) for call in others}

    assert len(others) > len(calls) / 2
    whom = f":assumed-role/{PREFIX}{role}/"
    wrong = {call: said for call, said in answers.items() if not (said.startswith(REFUSALS) and whom in said)}
    assert wrong == {}


@pytest.mark.parametrize("role", ROLES)
def test_a_role_is_refused_the_fields_of_the_api_that_are_not_its_own(
    role: str, roles: Roles, outputs: dict[str, Any]
) -> None:
    document = LOOK if role == "announce" else PUBLISH_ORDER

    with roles.session(role) as keys:
        answer = signed_post(outputs, key_of(keys), document, {"input": MADE_UP_ORDER})

    assert [error["errorType"] for error in answer["errors"]] == ["UnauthorizedException"]
