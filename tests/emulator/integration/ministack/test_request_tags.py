"""Policies are asked with the tags that a request gives, whatever its operation calls them."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from ministack.core import iam_actions

from emulator.ministack.repairs.iam import request_tags
from local.server_process import Server
from tests.emulator.integration.ministack.conftest import MakeRole, Statement

OWN = {"Project": "orders", "Environment": "dev"}
CHANGING: Statement = {
    "Effect": "Allow",
    "Action": ["cognito-idp:UpdateUserPool"],
    "Resource": "*",
    "Condition": {"Null": {"aws:TagKeys": "true"}},
}
MAKING: Statement = {
    "Effect": "Allow",
    "Action": ["cognito-idp:CreateUserPool"],
    "Resource": "*",
    "Condition": {"StringEquals": {f"aws:RequestTag/{key}": value for key, value in OWN.items()}},
}


@pytest.fixture
def deployer(emulator: Server, make_role: MakeRole) -> Any:
    """A client whose role changes pools without giving tags, and makes pools with its own alone."""
    role = make_role("lambda.amazonaws.com", CHANGING, MAKING)
    trust = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::000000000000:root"}, "Action": "sts:AssumeRole"}
    emulator.client("iam").update_assume_role_policy(
        RoleName=role.rpartition("/")[2], PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    )
    keys = emulator.client("sts").assume_role(RoleArn=role, RoleSessionName="deploy")["Credentials"]
    return emulator.client(
        "cognito-idp",
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    )


def test_a_pool_is_made_and_changed_as_far_as_its_tags_allow(deployer: Any, unique: Callable[[str], str]) -> None:
    pool = deployer.create_user_pool(PoolName=unique("pool"), UserPoolTags=OWN)["UserPool"]["Id"]
    deployer.update_user_pool(UserPoolId=pool, DeletionProtection="INACTIVE")

    for call, arguments in (
        (deployer.update_user_pool, {"UserPoolId": pool, "UserPoolTags": {**OWN, "Environment": "prod"}}),
        (deployer.create_user_pool, {"PoolName": unique("pool"), "UserPoolTags": {**OWN, "Environment": "prod"}}),
        (deployer.create_user_pool, {"PoolName": unique("pool")}),
    ):
        with pytest.raises(ClientError, match="AccessDenied"):
            call(**arguments)


def test_the_tags_of_a_request_are_found_under_any_name(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_tag_operations", "request_tag_context"):
        monkeypatch.setattr(iam_actions, name, getattr(iam_actions, name))
    request_tags.apply(None)  # type: ignore[arg-type]  # this repair needs to know nothing of the run
    listed = [{"Key": "Project", "Value": "orders"}]

    found = [
        iam_actions.request_tag_context(action.partition(":")[0], action, body, {})
        for action, body in (
            ("cognito-idp:UpdateUserPool", b'{"UserPoolTags": {"Project": "orders"}}'),
            ("backup:CreateBackupVault", b'{"BackupVaultTags": {"Project": "orders"}}'),
            ("bedrock:CreateCustomModel", json.dumps({"modelTags": [{"key": "Project", "value": "orders"}]}).encode()),
            ("cognito-idp:TagResource", b'{"Tags": {"Project": "orders"}}'),
            ("dynamodb:TagResource", json.dumps({"Tags": listed}).encode()),
            ("cognito-idp:UpdateUserPool", b'{"UserPoolTags": 5}'),
            ("cognito-idp:UpdateUserPool", b'{"PoolName": "any"}'),
            ("cognito-idp:UpdateUserPool", b"no JSON"),
        )
    ]

    own = {"aws:requesttag/project": "orders", "aws:TagKeys": ["Project"]}
    assert found == [own] * 5 + [{}] * 3
