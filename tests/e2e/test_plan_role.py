"""The role that plans pull requests may do all that a plan needs, and no step of a deployment."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from deployment.local_outputs import aws_environment
from deployment.stack import Stack, synthesized
from environments.settings import settings_of
from environments.user_error import UserError
from tests.e2e.support.administrator_access import AdministratorAccess
from tests.synth.support.synth_run import copy_checkout, synthesize

NAME = "orders-local-plan"
POLICIES = (NAME, "orders-local-plan-page")
# The emulator takes GET /event-source-mappings/<id> for the list of all mappings.
MISTAKEN = "lambda:ListEventSourceMappings"


@pytest.fixture(scope="module")
def actions(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The actions that the role would have if GitHub delivered `local`."""
    checkout = copy_checkout(tmp_path_factory.mktemp("delivered") / "checkout")
    file = checkout / "environments.toml"
    key = 'github_repository = "owner/name"'
    file.write_text(file.read_text(encoding="utf-8").replace("[local]", f"[local]\n{key}"), encoding="utf-8")
    done = synthesize(checkout, checkout / "cdktf.out")
    assert done.exit_code == 0, done.printed
    policies = done.stacks()["delivery-000000000000"].all("iam_policy")
    documents = [json.loads(one["policy"]) for one in policies if one["name"] in POLICIES]
    return [action for document in documents for statement in document["Statement"] for action in statement["Action"]]


@pytest.fixture(scope="module")
def planner(outputs: dict[str, Any], actions: list[str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The deployed stack with the role's keys.

    The role may act on any resource, because the emulator knows few of their names.
    """
    stack = synthesized(
        "orders", "local", output=tmp_path_factory.mktemp("planned") / "cdktf.out", aws=aws_environment(outputs)
    )
    iam = stack.client("iam")
    trust = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::000000000000:root"}, "Action": "sts:AssumeRole"}
    grant = {"Effect": "Allow", "Action": [*actions, MISTAKEN], "Resource": "*"}
    role = iam.create_role(RoleName=NAME, AssumeRolePolicyDocument=_policy(trust))["Role"]["Arn"]
    iam.put_role_policy(RoleName=NAME, PolicyName="plan", PolicyDocument=_policy(grant))
    keys = stack.client("sts").assume_role(RoleArn=role, RoleSessionName="pull-request")["Credentials"]
    session = {
        "AWS_ACCESS_KEY_ID": keys["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": keys["SecretAccessKey"],
        "AWS_SESSION_TOKEN": keys["SessionToken"],
    }
    yield replace(stack, aws={**stack.aws, **session})
    iam.delete_role_policy(RoleName=NAME, PolicyName="plan")
    iam.delete_role(RoleName=NAME)


def test_every_role_of_a_deployment_has_the_tags_that_a_delivery_goes_by(account: AdministratorAccess) -> None:
    iam = account.client("iam")
    names = [role["RoleName"] for role in iam.list_roles()["Roles"] if role["RoleName"].startswith("orders-local-")]

    tags = {name: iam.list_role_tags(RoleName=name)["Tags"] for name in names if name != NAME}

    assert len(tags) > 8
    for name, found in tags.items():
        assert {tag["Key"]: tag["Value"] for tag in found} == settings_of("local").names.tags, name


def test_it_can_plan(planner: Stack) -> None:
    planner.initialize("-reconfigure")

    code = planner.terraform("plan", "-input=false", "-detailed-exitcode", "-lock=false", allowed=(0, 2))

    assert code == 0


def test_it_can_plan_the_page(planner: Stack) -> None:
    page = planner.sibling("web-local")
    page.initialize("-reconfigure")

    code = page.terraform("plan", "-input=false", "-detailed-exitcode", "-lock=false", allowed=(0, 2))

    assert code == 0


def test_it_cannot_lock_or_write_the_state(planner: Stack) -> None:
    planner.initialize("-reconfigure")

    with pytest.raises(UserError, match=r"terraform plan of orders-local ended with exit code 1"):
        planner.terraform("plan", "-input=false")


@pytest.mark.parametrize(
    ("service", "call", "arguments"),
    [
        ("sqs", "create_queue", {"QueueName": "orders-local-other"}),
        ("iam", "put_role_policy", {"RoleName": NAME, "PolicyName": "more", "PolicyDocument": "{}"}),
        ("dynamodb", "scan", {"TableName": "orders-local-orders"}),
    ],
)
def test_it_can_neither_change_anything_nor_read_data(
    planner: Stack, service: str, call: str, arguments: dict[str, str]
) -> None:
    client = planner.client(service)

    with pytest.raises(client.exceptions.ClientError) as refused:
        getattr(client, call)(**arguments)

    assert refused.value.response["Error"]["Code"] in ("AccessDenied", "AccessDeniedException")


def _policy(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
