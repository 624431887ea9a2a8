"""The roles with which GitHub delivers, and the limits of the roles that they make."""

import difflib
import json
import os
import re
from collections import Counter
from fnmatch import fnmatchcase
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from deployment.github_outputs import role_variables
from environments.settings import load_settings, settings_of
from tests.synth.support.delivery_permissions import (
    account,
    arn,
    beyond,
    covers,
    granted,
    permits,
    policy,
    table,
    trust,
)
from tests.synth.support.permission_table import statements
from tests.synth.support.service_authorization import actions
from tests.synth.support.stack_json import StackJson, name_of
from tests.synth.support.synth_run import SynthRun, synthesize

GOLDEN = Path(__file__).with_name("delivery.golden.txt")
DELIVERED = ("dev", "staging", "prod")
READING = ("plan", "plan-page", "plan-firewall")
WRITING = ("deploy", "deploy-alarms", "deploy-roles", "deploy-page", "deploy-firewall")
# The calls that set a role's trust policy, and the parameter with that policy.
TRUSTING = {"CreateRole": "assumeRolePolicyDocument", "UpdateAssumeRolePolicy": "policyDocument"}
SUBSCRIPTION = "sns_topic_subscription"
# The boundary is no condition key of these actions.
WITHOUT_BOUNDARY = ("iam:DeleteRole", "iam:UpdateAssumeRolePolicy")
# Actions that remove data, or change who may read or change it.
REMOVALS = {
    *("cognito-idp:CreateUserPool", "cognito-idp:DeleteUserPool"),
    *("dynamodb:DeleteTable", "dynamodb:UpdateContinuousBackups", "s3:DeleteBucket"),
    *("kms:CreateKey", "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "s3:DeleteBucketPolicy", "s3:PutBucketPolicy"),
    *("logs:CreateLogGroup", "logs:DeleteLogGroup", "logs:DeleteRetentionPolicy", "logs:PutRetentionPolicy"),
    *("s3:PutBucketVersioning", "s3:PutEncryptionConfiguration", "s3:PutLifecycleConfiguration", "sqs:DeleteQueue"),
    # Who asked for what.
    "s3:PutBucketLogging",
    # Permissions to use a key or a pool ask for its tags.
    *("cognito-idp:UntagResource", "kms:UntagResource"),
}
# Calls that give tags to what they make alone; a web ACL names AWS's rules. Groups for the logs of
# APIs have no names of ours, and no permission asks for their tags. UpdateDeliveryConfiguration
# takes no tags (botocore's model), though the reference lists the keys.
GIVING_NO_OTHERS = {
    *("cloudfront:CreateDistribution", "cloudfront:CreateFunction", "lambda:CreateEventSourceMapping"),
    *("wafv2:CreateWebACL", "logs:CreateLogGroup", "logs:TagResource", "logs:UpdateDeliveryConfiguration"),
}


@pytest.fixture(scope="session")
def deliveries(synthesis: SynthRun) -> dict[str, StackJson]:
    """The delivery stacks by the environment that each delivers."""
    found = {name: one for name, one in synthesis.stacks().items() if name.startswith("delivery-")}
    by_account = {account(one): one for one in found.values()}
    return {name: by_account[settings_of(name).account_id] for name in DELIVERED}


@pytest.fixture(params=DELIVERED)
def environment(request: pytest.FixtureRequest) -> str:
    """Each environment that GitHub delivers to."""
    return str(request.param)


@pytest.fixture
def delivery(environment: str, deliveries: dict[str, StackJson]) -> StackJson:
    """The stack that delivers the environment."""
    return deliveries[environment]


@pytest.fixture
def deployed(environment: str, stacks: dict[str, StackJson], web_stacks: dict[str, StackJson]) -> list[StackJson]:
    """The stacks that a deployment of the environment writes."""
    return [stacks[environment], web_stacks[environment]]


def rule_on(delivery: StackJson, environment: str, call: str) -> dict[str, Any]:
    """Return the rule for a call that changes the trust policy of the environment's roles."""
    name = f"delivery-orders-{environment}-trust-{call}"
    (rule,) = (one for one in delivery.all("cloudwatch_event_rule") if name_of(one) == name)
    return rule


def normalized(document: str) -> str:
    """Format a policy as the AWS provider sends it: sorted keys, no white space."""
    return json.dumps(json.loads(document), separators=(",", ":"), sort_keys=True)


def changing(action: str) -> bool:
    """Return True if the action does more than read."""
    return not re.match(r"[a-z0-9-]+:(Get|List|Describe)", action)


def tags_of(stack: StackJson, alias: str) -> dict[str, str]:
    """Return the tags that a provider gives to its resources."""
    (provider,) = (one for one in stack.document["provider"]["aws"] if one.get("alias") == alias)
    (tags,) = (one["tags"] for one in provider["default_tags"])
    return dict(tags)


def written_of_iam(delivery: StackJson, environment: str) -> list[dict[str, Any]]:
    """Return the statements of all policies and of the boundary that allow something."""
    nouns = (*READING, *WRITING, "deploy-boundary")
    written = [one for noun in nouns for one in policy(delivery, f"orders-{environment}-{noun}")]
    return [one for one in written if one["Effect"] == "Allow"]


def test_the_permissions_are_those_of_the_golden_table(deliveries: dict[str, StackJson]) -> None:
    found = table(deliveries["dev"])
    if os.environ.get("ORDERS_REWRITE_PERMISSIONS") == "1":
        GOLDEN.write_text(found, encoding="utf-8")

    expected = GOLDEN.read_text(encoding="utf-8")

    if lines := list(difflib.unified_diff(expected.splitlines(), found.splitlines(), lineterm="", n=2)):
        how = "if that is meant: ORDERS_REWRITE_PERMISSIONS=1 .venv/bin/python -m pytest tests/synth/test_delivery.py"
        pytest.fail("\n".join(["the permissions changed", *lines, how]), pytrace=False)


def test_pull_requests_and_main_assume_the_role_that_reads(environment: str, delivery: StackJson) -> None:
    repository = f"repo:{settings_of(environment).github_repository}"

    assert trust(delivery, f"orders-{environment}-plan") == {
        "aud": "sts.amazonaws.com",
        "sub": [f"{repository}:pull_request", f"{repository}:ref:refs/heads/main"],
    }


def test_the_environments_jobs_on_main_assume_the_role_that_deploys(environment: str, delivery: StackJson) -> None:
    repository = f"repo:{settings_of(environment).github_repository}"

    assert trust(delivery, f"orders-{environment}-deploy") == {
        "aud": "sts.amazonaws.com",
        "sub": [f"{repository}:environment:{environment}"],
        "ref": "refs/heads/main",
    }


def test_every_role_trusts_githubs_provider_and_nobody_else(delivery: StackJson) -> None:
    provider = delivery.only("iam_openid_connect_provider")

    assert provider["url"] == "https://token.actions.githubusercontent.com"
    assert provider["client_id_list"] == ["sts.amazonaws.com"]
    for one in delivery.all("iam_role"):
        (statement,) = statements(one["assume_role_policy"])
        assert statement["Principal"] == {"Federated": delivery.reference(provider, "arn")}


def test_workflows_ask_for_the_roles_that_there_are(environment: str, delivery: StackJson) -> None:
    made = {f"arn:aws:iam::{account(delivery)}:role{one['path']}{name_of(one)}" for one in delivery.all("iam_role")}

    assert {role_variables(load_settings(), purpose, environment)["role"] for purpose in ("plan", "deploy")} == made


def test_no_action_is_a_wildcard_except_in_the_limit_of_deployments(environment: str, delivery: StackJson) -> None:
    wild = {
        name_of(one)
        for one in delivery.all("iam_policy")
        for statement in statements(one["policy"])
        if any("*" in action for action in statement["Action"])
    }

    assert wild == {f"orders-{environment}-deploy-boundary"}
    for statement in policy(delivery, f"orders-{environment}-deploy-boundary"):
        assert not any(re.fullmatch(r"\*|iam:.*\*", action) for action in statement["Action"])


def test_the_role_that_plans_reads_and_doesnt_read_data(environment: str, delivery: StackJson) -> None:
    policies = [policy(delivery, f"orders-{environment}-{noun}") for noun in READING]
    actions = {action for one in chain(*policies) for action in one["Action"]}

    writing = [one for one in actions if not re.match(r"[a-z0-9-]+:(Get|List|Describe|Validate|Decrypt)", one)]

    assert writing == []
    assert actions & {"dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan", "sqs:ReceiveMessage"} == set()


def test_only_its_own_state_is_read_and_written(environment: str, delivery: StackJson) -> None:
    bucket = f"arn:aws:s3:::{settings_of(environment).state_bucket}"
    every = [one for noun in (*READING, *WRITING) for one in policy(delivery, f"orders-{environment}-{noun}")]

    objects = {
        (action, where) for one in every for action in one["Action"] for where in one["Resource"] if "state" in where
    }

    allowed = {("s3:ListBucket", bucket)}
    for noun in ("orders", "web"):
        state = f"{bucket}/{noun}-{environment}.tfstate"
        allowed |= {(f"s3:{action}", state) for action in ("GetObject", "PutObject")}
        allowed |= {(f"s3:{action}", f"{state}.tflock") for action in ("GetObject", "PutObject", "DeleteObject")}
    assert {(action, where) for action, where in objects if where.startswith("arn:aws:s3:::")} == allowed


def test_roles_are_made_with_the_boundary_or_not_at_all(environment: str, delivery: StackJson) -> None:
    boundary = {"StringEquals": {"iam:PermissionsBoundary": arn(delivery, f"orders-{environment}-boundary")}}
    writing = re.compile("iam:(Create|Delete|Put|Update|Attach|Detach|Set)")

    found = [
        (action, one.get("Condition"), one["Resource"])
        for one in written_of_iam(delivery, environment)
        for action in one["Action"]
        if writing.match(action) and action not in (*WITHOUT_BOUNDARY, "iam:CreateServiceLinkedRole")
    ]

    assert "iam:CreateRole" in {action for action, _, _ in found}
    assert {"iam:DeleteRolePermissionsBoundary", "iam:AttachRolePolicy"} & {action for action, _, _ in found} == set()
    for action, condition, resources in found:
        assert condition == boundary, action
        assert resources == [f"arn:aws:iam::{account(delivery)}:role/orders-{environment}-*"], action


@pytest.mark.parametrize("action", ["CreateRole", "PassRole", "PutRolePolicy", "TagRole", "UpdateAssumeRolePolicy"])
def test_a_deployment_writes_no_role_below_a_path(environment: str, delivery: StackJson, action: str) -> None:
    # The alarm on trust knows roles by their names, and the name is what follows the last slash.
    roles = f"arn:aws:iam::{account(delivery)}:role/orders-{environment}-{{}}"

    for noun in ("deploy-roles", "deploy-boundary"):
        written = policy(delivery, f"orders-{environment}-{noun}")
        assert covers(written, f"iam:{action}", roles.format("sweep"))
        assert not covers(written, f"iam:{action}", roles.format("sweep/any"))


def test_a_role_is_removed_and_trusted_anew_by_the_tags_that_it_was_made_with(
    environment: str, delivery: StackJson, stacks: dict[str, StackJson]
) -> None:
    (tags,) = (one["tags"] for one in stacks[environment].document["provider"]["aws"][0]["default_tags"])

    found = [
        (action, one.get("Condition"), one["Resource"])
        for one in written_of_iam(delivery, environment)
        for action in one["Action"]
        if action in WITHOUT_BOUNDARY
    ]

    # In the role's permissions and in its boundary.
    assert sorted(action for action, _, _ in found) == sorted([*WITHOUT_BOUNDARY] * 2)
    for action, condition, resources in found:
        assert condition == {"StringEquals": {f"aws:ResourceTag/{key}": value for key, value in tags.items()}}, action
        assert resources == [f"arn:aws:iam::{account(delivery)}:role/orders-{environment}-*"], action
    for one in stacks[environment].all("iam_role"):
        assert {"tags", "provider"} & one.keys() == set(), name_of(one)


def test_no_role_is_given_the_tags_that_has_others(environment: str, delivery: StackJson) -> None:
    tags = {"Project": "orders", "Environment": environment}
    have = {f"aws:ResourceTag/{key}": value for key, value in tags.items()}
    given = {f"aws:RequestTag/{key}": value for key, value in tags.items()}

    conditions = [
        one["Condition"]
        for one in written_of_iam(delivery, environment)
        for action in one["Action"]
        if action in ("iam:TagRole", "iam:UntagRole")
    ]

    has = {"StringEquals": have}
    is_made = {"StringEquals": given, "StringEqualsIfExists": have}
    # TagRole and UntagRole of a role with these tags, and TagRole of a new role. Both stand in the
    # permissions and in the boundary.
    assert [conditions.count(one) for one in (has, is_made)] == [4, 2]
    assert len(conditions) == 6


def test_a_deployment_makes_the_own_roles_of_appsync_and_of_cognitos_sender_and_no_other_services(
    environment: str, delivery: StackJson
) -> None:
    found = [one for one in written_of_iam(delivery, environment) if "iam:CreateServiceLinkedRole" in one["Action"]]

    roles = {
        "appsync.amazonaws.com": "AWSServiceRoleForAppSync",
        "email.cognito-idp.amazonaws.com": "AWSServiceRoleForAmazonCognitoIdpEmailService",
    }
    services = [one["Condition"]["StringEquals"]["iam:AWSServiceName"] for one in found]
    assert sorted(services) == sorted([*roles] * 2)
    for one, service in zip(found, services, strict=True):
        assert one["Action"] == ["iam:CreateServiceLinkedRole"]
        assert one["Resource"] == [f"arn:aws:iam::{account(delivery)}:role/aws-service-role/{service}/{roles[service]}"]
        assert one["Condition"] == {"StringEquals": {"iam:AWSServiceName": service}}


def test_no_delivery_can_change_how_it_is_delivered(environment: str, delivery: StackJson) -> None:
    own = f"arn:aws:iam::{account(delivery)}"
    protected = [
        f"{own}:role/delivery/orders-{environment}-deploy",
        f"{own}:policy/delivery/orders-{environment}-boundary",
    ]

    for one in delivery.all("iam_policy"):
        for statement in statements(one["policy"]):
            if any(action.startswith("iam:") for action in statement["Action"]):
                for pattern in statement["Resource"]:
                    assert not any(fnmatchcase(name, pattern) for name in protected), name_of(one)


def test_roles_are_handed_to_the_services_that_use_them_only(environment: str, delivery: StackJson) -> None:
    passing = [one for one in written_of_iam(delivery, environment) if "iam:PassRole" in one["Action"]]

    services = {f"{name}.amazonaws.com" for name in ("appsync", "lambda", "scheduler", "states")}
    assert [set(one["Condition"]["StringEquals"]["iam:PassedToService"]) for one in passing] == [services] * 2


def test_the_role_that_deploys_is_limited_and_its_permissions_lie_within_the_limit(
    environment: str, delivery: StackJson
) -> None:
    (deployer,) = (one for one in delivery.all("iam_role") if name_of(one) == f"orders-{environment}-deploy")
    limit = policy(delivery, f"orders-{environment}-deploy-boundary")

    assert name_of(delivery.referred(deployer["permissions_boundary"])) == f"orders-{environment}-deploy-boundary"
    for noun in (*READING, *WRITING):
        for one in policy(delivery, f"orders-{environment}-{noun}"):
            for action in one["Action"]:
                for resource in one["Resource"]:
                    assert covers(limit, action, resource) is (one["Effect"] == "Allow"), (action, resource)


def test_the_systems_roles_carry_the_boundary_and_need_nothing_beyond_it(
    environment: str, delivery: StackJson, deployed: list[StackJson]
) -> None:
    boundary = policy(delivery, f"orders-{environment}-boundary")

    grants = {grant for stack in deployed for grant in granted(stack)}

    assert {one["permissions_boundary"] for stack in deployed for one in stack.all("iam_role")} == {
        arn(delivery, f"orders-{environment}-boundary")
    }
    assert len(grants) > 40
    assert [grant for grant in grants if not covers(boundary, *grant)] == []


def test_the_boundary_allows_nothing_that_no_role_has(
    environment: str, delivery: StackJson, deployed: list[StackJson]
) -> None:
    boundary = policy(delivery, f"orders-{environment}-boundary")
    grants = {grant for stack in deployed for grant in granted(stack)}

    wider = beyond(boundary, grants)

    assert wider == []


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("dynamodb:Scan", "arn:aws:dynamodb:eu-central-1:1:table/orders"),
        ("dynamodb:*", "arn:aws:dynamodb:eu-central-1:1:table/orders"),
        ("dynamodb:GetItem", "arn:aws:dynamodb:eu-central-1:1:table/menu"),
        ("dynamodb:GetItem", "arn:aws:dynamodb:eu-central-1:1:table/orders*"),
        ("dynamodb:GetItem", "*"),
    ],
)
def test_a_limit_that_is_wider_than_the_grants_is_found(action: str, resource: str) -> None:
    grants = [("dynamodb:GetItem", "arn:aws:dynamodb:eu-central-1:1:table/orders")]

    assert beyond([{"Action": [action], "Resource": [resource]}], grants)


def test_the_boundary_is_good_for_one_environment_and_never_for_iam(environment: str, delivery: StackJson) -> None:
    boundary = policy(delivery, f"orders-{environment}-boundary")
    table_of = "arn:aws:dynamodb:eu-central-1:{}:table/orders-{}-orders"

    assert covers(boundary, "dynamodb:GetItem", table_of.format(account(delivery), environment))
    assert not covers(boundary, "dynamodb:GetItem", table_of.format(account(delivery), "other"))
    assert not any(action.startswith(("iam:", "sts:")) for one in boundary for action in one["Action"])


def test_the_systems_roles_reach_what_has_no_arn_in_their_region_alone(environment: str, delivery: StackJson) -> None:
    boundary = policy(delivery, f"orders-{environment}-boundary")

    unnamed = [one for one in boundary if one["Resource"] == ["*"]]

    # Among them are the policies by which services write to the account's log groups.
    assert any("logs:PutResourcePolicy" in one["Action"] for one in unnamed)
    in_region = {"StringEquals": {"aws:RequestedRegion": settings_of(environment).region}}
    assert all(one["Condition"] == in_region for one in unnamed)


def test_the_boundary_allows_keys_through_the_services_that_use_them_alone(
    environment: str, delivery: StackJson
) -> None:
    settings = settings_of(environment)
    boundary = policy(delivery, f"orders-{environment}-boundary")

    (keys,) = (one for one in boundary if any(action.startswith("kms:") for action in one["Action"]))

    services = ("dynamodb", "s3", "sns", "sqs") if settings.customer_keys else ("sns",)
    hosts = [f"{service}.{settings.region}.amazonaws.com" for service in services]
    assert keys["Action"] == ["kms:Decrypt", "kms:GenerateDataKey"]
    assert keys["Condition"] == {
        "StringEquals": {
            "aws:ResourceTag/Project": "orders",
            "aws:ResourceTag/Environment": environment,
            "kms:ViaService": hosts if len(hosts) > 1 else hosts[0],
        },
        "ForAllValues:StringNotEquals": {"kms:ResourceAliases": f"alias/orders-{environment}-state"},
    }


def test_where_removal_is_protected_a_deployment_cannot_delete_a_key(environment: str, delivery: StackJson) -> None:
    allowed = {action for one in written_of_iam(delivery, environment) for action in one["Action"]}

    assert ("kms:ScheduleKeyDeletion" in allowed) is not settings_of(environment).removal_protection
    assert {"kms:DisableKey", "kms:DeleteImportedKeyMaterial"} & allowed == set()


def test_a_deployment_uses_keys_through_services_and_grants_them_to_services(
    environment: str, delivery: StackJson
) -> None:
    using = {"kms:CreateGrant", "kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom"}
    state = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": f"alias/orders-{environment}-state"}}

    found = {
        action: one["Condition"]
        for noun in (*READING, *WRITING)
        for one in policy(delivery, f"orders-{environment}-{noun}")
        for action in one["Action"]
        if action in using and one["Condition"] != state
    }

    assert found.keys() == using
    for condition in found.values():
        assert "kms:ViaService" in condition["StringEquals"]
    assert found["kms:CreateGrant"]["Bool"] == {"kms:GrantIsForAWSResource": "true"}


def test_the_local_run_has_neither_boundary_nor_delivery(stacks: dict[str, StackJson], synthesis: SynthRun) -> None:
    assert not any("permissions_boundary" in one for one in stacks["local"].all("iam_role"))
    assert "delivery-000000000000" not in synthesis.stacks()


def test_the_code_of_another_environments_page_cannot_be_changed(environment: str, delivery: StackJson) -> None:
    functions = f"arn:aws:cloudfront::{account(delivery)}:function/orders-{{}}-web-routes"
    writes = policy(delivery, f"orders-{environment}-deploy-page")

    assert covers(writes, "cloudfront:UpdateFunction", functions.format(environment))
    assert not covers(writes, "cloudfront:UpdateFunction", functions.format("other"))


def test_what_has_another_environments_tags_cannot_be_given_this_ones(environment: str, delivery: StackJson) -> None:
    tags = {"Project": "orders", "Environment": environment}
    tagging = {
        action: one["Condition"]
        for noun in WRITING
        for one in policy(delivery, f"orders-{environment}-{noun}")
        for action in one["Action"]
        if action.endswith(":TagResource") and "Condition" in one
    }

    services = ("appsync", "cloudfront", "cognito-idp", "kms", "lambda", "logs")
    assert tagging.keys() == {f"{one}:TagResource" for one in services}
    given, there = ({f"aws:{side}Tag/{key}": value for key, value in tags.items()} for side in ("Request", "Resource"))
    # An administrator makes these where removal is protected.
    protected = {"cognito-idp:TagResource", "kms:TagResource"} if environment == "prod" else set()
    for action, condition in tagging.items():
        if action in protected:
            assert condition == {"StringEquals": {**given, **there}}, action
        else:
            # A new resource has no tags that could differ.
            assert condition == {"StringEquals": given, "StringEqualsIfExists": there}, action


def test_what_no_name_limits_is_given_no_other_tags(environment: str, delivery: StackJson) -> None:
    tags = {"aws:RequestTag/Project": "orders", "aws:RequestTag/Environment": environment}
    giving = set()

    for noun in WRITING:
        for one in policy(delivery, f"orders-{environment}-{noun}"):
            asked = one.get("Condition", {})
            gives_its_own = tags.items() <= asked.get("StringEquals", {}).items()
            gives_none = asked.get("Null", {}).get("aws:TagKeys") == "true"
            for resource in one["Resource"]:
                named = f"orders-{environment}-" in resource
                if one["Effect"] == "Allow" and not (named or gives_its_own or gives_none):
                    giving |= {
                        action.name
                        for pattern in one["Action"]
                        for action in actions(pattern)
                        if action.accepts(resource) and action.supplies("aws:RequestTag/Project", resource)
                    }

    protected = settings_of(environment).removal_protection
    assert giving == (GIVING_NO_OTHERS - REMOVALS if protected else GIVING_NO_OTHERS)


@pytest.mark.parametrize(
    ("given", "may"),
    [
        ({}, True),
        ({"aws:TagKeys": "Environment", "aws:RequestTag/Environment": "other"}, False),
        ({"aws:TagKeys": "Team", "aws:RequestTag/Team": "kitchen"}, False),
    ],
)
def test_a_user_pool_is_changed_without_its_tags(
    environment: str, delivery: StackJson, given: dict[str, str], may: bool
) -> None:
    (action,) = actions("cognito-idp:UpdateUserPool")
    pool = f"arn:aws:cognito-idp:{settings_of(environment).region}:{account(delivery)}:userpool/abc"
    written = policy(delivery, f"orders-{environment}-deploy")
    has = {"aws:ResourceTag/Project": "orders", "aws:ResourceTag/Environment": environment}

    assert permits(written, action, pool, {**has, **given}) is may
    assert not permits(written, action, pool, {**has, "aws:ResourceTag/Environment": "other", **given})


@pytest.mark.parametrize("elsewhere", [None, "arn:aws:s3:::orders-prod-access-logs-444444444444", "arn:aws:logs:any"])
def test_the_log_of_the_page_goes_to_its_bucket_alone(
    environment: str, delivery: StackJson, elsewhere: str | None
) -> None:
    (action,) = actions("logs:PutDeliveryDestination")
    end = f"arn:aws:logs:us-east-1:{account(delivery)}:delivery-destination:orders-{environment}-web"
    bucket = f"arn:aws:s3:::{settings_of(environment).names.access_logs}"
    written = policy(delivery, f"orders-{environment}-deploy-page")

    may = [
        permits(written, action, end, {"logs:DeliveryDestinationResourceArn": where} if where else {})
        for where in (bucket, elsewhere)
    ]

    assert may == [True, False]


@pytest.mark.parametrize(
    ("noun", "call", "resource"),
    [
        ("deploy-firewall", "cognito-idp:AssociateWebACL", "arn:aws:cognito-idp:{region}:{account}:userpool/abc"),
        ("deploy-firewall", "cognito-idp:DisassociateWebACL", "arn:aws:cognito-idp:{region}:{account}:userpool/abc"),
        (
            "deploy-page",
            "cloudfront:AllowVendedLogDeliveryForResource",
            "arn:aws:cloudfront::{account}:distribution/abc",
        ),
        ("deploy-page", "logs:DeleteDelivery", "arn:aws:logs:{region}:{account}:delivery:abc"),
        ("deploy-page", "logs:UpdateDeliveryConfiguration", "arn:aws:logs:{region}:{account}:delivery:abc"),
    ],
)
def test_the_firewalls_and_logs_of_others_are_left_to_them(
    environment: str, delivery: StackJson, noun: str, call: str, resource: str
) -> None:
    (action,) = actions(call)
    region = "us-east-1" if call.startswith("logs:") else settings_of(environment).region
    arn_ = resource.format(region=region, account=account(delivery))

    may = {
        other
        for other in (environment, "other", None)
        if permits(
            policy(delivery, f"orders-{environment}-{noun}"),
            action,
            arn_,
            {"aws:ResourceTag/Project": "orders", **({"aws:ResourceTag/Environment": other} if other else {})},
        )
    }

    assert may == {environment}


def test_the_key_of_the_state_is_neither_changed_nor_given_another_alias(environment: str, delivery: StackJson) -> None:
    alias = f"alias/orders-{environment}-state"
    harmless = ("kms:CreateKey", "kms:TagResource", "kms:ListAliases")
    state = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": alias}}

    found = {
        action: one["Condition"]
        for noun in (*READING, *WRITING)
        for one in policy(delivery, f"orders-{environment}-{noun}")
        if any(resource.endswith(":key/*") for resource in one["Resource"]) and one["Condition"] != state
        for action in one["Action"]
        if action not in harmless and "kms:RequestAlias" not in str(one["Condition"])
    }

    own = {"aws:ResourceTag/Project": "orders", "aws:ResourceTag/Environment": environment}
    assert {"kms:UpdateKeyDescription", "kms:CreateAlias", "kms:GetKeyPolicy", "kms:Encrypt"} < found.keys()
    for action, condition in found.items():
        assert condition["StringEquals"].items() >= own.items(), action
        assert condition["ForAllValues:StringNotEquals"] == {"kms:ResourceAliases": alias}, action


def test_the_pages_bucket_can_be_removed_unless_removal_is_protected(environment: str, delivery: StackJson) -> None:
    actions = {action for one in policy(delivery, f"orders-{environment}-deploy-page") for action in one["Action"]}

    assert ("s3:DeleteBucket" in actions) is (environment != "prod")


def test_the_buckets_that_a_deployment_removes_it_can_empty_and_no_others(
    environment: str, delivery: StackJson, stacks: dict[str, StackJson], web_stacks: dict[str, StackJson]
) -> None:
    for stack, noun in ((stacks[environment], "deploy"), (web_stacks[environment], "deploy-page")):
        writes = policy(delivery, f"orders-{environment}-{noun}")
        bucket = stack.only("s3_bucket")
        name = f"arn:aws:s3:::{name_of(bucket)}"
        removing = [
            ("s3:DeleteBucket", name),
            ("s3:ListBucketVersions", name),
            ("s3:DeleteObject", f"{name}/2026/a"),
            ("s3:DeleteObjectVersion", f"{name}/2026/a"),
        ]

        can = [what for what in removing if covers(writes, *what)]

        assert can == (removing if bucket["force_destroy"] else [])


def test_where_removal_is_protected_a_deployment_cannot_remove_what_holds_data(
    deliveries: dict[str, StackJson],
) -> None:
    can = {
        environment: {
            action
            for noun in WRITING
            for one in policy(stack, f"orders-{environment}-{noun}")
            for action in REMOVALS.intersection(one["Action"])
        }
        for environment, stack in deliveries.items()
    }

    assert can == {"dev": REMOVALS, "staging": REMOVALS, "prod": set()}


def test_people_are_told_of_a_trust_that_no_role_of_the_system_has(
    environment: str, delivery: StackJson, deployed: list[StackJson]
) -> None:
    trusts = {normalized(one["assume_role_policy"]) for stack in deployed for one in stack.all("iam_role")}

    patterns = {call: rule_on(delivery, environment, call)["event_pattern"] for call in TRUSTING}

    assert len(trusts) == 4
    for call, parameter in TRUSTING.items():
        pattern = json.loads(patterns[call])
        (told,) = pattern["detail"]["$or"][0]["requestParameters"].pop(parameter)
        assert told.keys() == {"anything-but"}
        assert sorted(told["anything-but"]) == sorted(trusts)
        assert len(normalized(patterns[call])) <= 2048
        assert pattern == {
            "source": ["aws.iam"],
            "detail-type": ["AWS API Call via CloudTrail"],
            "detail": {
                "eventSource": ["iam.amazonaws.com"],
                "eventName": [call],
                "$or": [
                    # IAM takes a role's name in any letter case.
                    {"requestParameters": {"roleName": [{"prefix": {"equals-ignore-case": f"orders-{environment}-"}}]}},
                    # CloudTrail leaves out parameters above 100 KB. IAM takes a trust of 128 KB, and
                    # doesn't count its white space.
                    {"errorCode": [{"exists": False}], "requestParameters": {"roleName": [{"exists": False}]}},
                    {
                        "errorCode": [{"exists": False}],
                        "requestParameters": {
                            "roleName": [{"prefix": {"equals-ignore-case": f"orders-{environment}-"}}],
                            parameter: [{"exists": False}],
                        },
                    },
                ],
            },
        }


def test_every_trust_that_is_known_is_in_services_of_aws_alone(environment: str, delivery: StackJson) -> None:
    for call, parameter in TRUSTING.items():
        pattern = json.loads(rule_on(delivery, environment, call)["event_pattern"])
        (told,) = pattern["detail"]["$or"][0]["requestParameters"][parameter]

        for known in told["anything-but"]:
            (statement,) = statements(known)
            assert statement["Principal"].keys() == {"Service"}
            assert statement["Principal"]["Service"].endswith(".amazonaws.com")


def test_the_alarm_on_trust_stands_where_iams_events_come(environment: str, delivery: StackJson) -> None:
    (edge,) = (one for one in delivery.document["provider"]["aws"] if one.get("alias"))
    types = (
        "cloudwatch_event_rule",
        "cloudwatch_event_target",
        "kms_alias",
        "kms_key",
        "sns_topic",
        "sns_topic_policy",
        "sqs_queue",
    )

    made = [one for type_ in types for one in delivery.all(type_)]

    assert (edge["region"], edge["allowed_account_ids"]) == ("us-east-1", [account(delivery)])
    # Two rules, with two targets each.
    assert len(made) == len(types) + 4
    assert {one["provider"] for one in made} == {f"aws.{edge['alias']}"}
    for call in TRUSTING:
        rule = rule_on(delivery, environment, call)
        targets = [one for one in delivery.all("cloudwatch_event_target") if delivery.referred(one["rule"]) is rule]
        (target,) = (one for one in targets if delivery.referred(one["arn"]) is delivery.only("sns_topic"))
        assert name_of(delivery.only("sns_topic")) == f"delivery-orders-{environment}-trust"
        assert not any("role_arn" in one for one in targets)
        told = target["input_transformer"]
        assert set(re.findall("<(\\w+)>", json.loads(told["input_template"]))) == told["input_paths"].keys()


def test_eventbridge_can_tell_it_though_its_topic_is_encrypted(delivery: StackJson) -> None:
    topic = delivery.only("sns_topic")
    key = delivery.referred(topic["kms_master_key_id"])
    arn_ = f"arn:aws:sns:us-east-1:{account(delivery)}:{name_of(topic)}"

    (publishing,) = (one for one in statements(delivery.only("sns_topic_policy")["policy"]) if one["Effect"] == "Allow")
    _, encrypting = statements(key["policy"])

    events = {"Service": "events.amazonaws.com"}
    # SNS's guide: with an encrypted topic, EventBridge supports no conditions on the source.
    assert publishing == {"Effect": "Allow", "Principal": events, "Action": ["sns:Publish"], "Resource": [arn_]}
    assert (encrypting["Principal"], encrypting["Action"]) == (events, ["kms:Decrypt", "kms:GenerateDataKey*"])
    assert encrypting["Condition"] == {"StringEquals": {"kms:EncryptionContext:aws:sns:topicArn": arn_}}


def test_what_ends_the_mails_about_trust_leaves_a_queue_with_each_event(environment: str, delivery: StackJson) -> None:
    queue = delivery.only("sqs_queue")

    rules = [rule_on(delivery, environment, call) for call in TRUSTING]
    kept = [one for one in delivery.all("cloudwatch_event_target") if delivery.referred(one["arn"]) is queue]

    assert [name_of(delivery.referred(one["rule"])) for one in kept] == [name_of(rule) for rule in rules]
    # The whole event, not a sentence.
    assert not any("input_transformer" in one for one in kept)
    assert (name_of(queue), queue["message_retention_seconds"]) == (f"delivery-orders-{environment}-trust", 1_209_600)
    filling, _ = statements(queue["policy"])
    place = f"us-east-1:{account(delivery)}"
    assert filling == {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": ["sqs:SendMessage"],
        "Resource": [f"arn:aws:sqs:{place}:{name_of(queue)}"],
        "Condition": {"ArnEquals": {"aws:SourceArn": [f"arn:aws:events:{place}:rule/{name_of(one)}" for one in rules]}},
    }


def test_the_people_whom_alarms_tell_are_told_of_trust(checkout: Path, tmp_path: Path) -> None:
    file = checkout / "environments.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("[dev]\n", '[dev]\nalarm_emails = ["a@example.com", "b@example.com"]\n', 1))

    done = synthesize(checkout, tmp_path / "cdktf.out")

    assert done.exit_code == 0, done.printed
    delivery = done.stacks()["delivery-111111111111"]
    told = {one["endpoint"]: name_of(delivery.referred(one["topic_arn"])) for one in delivery.all(SUBSCRIPTION)}
    assert told == dict.fromkeys(["a@example.com", "b@example.com"], "delivery-orders-dev-trust")
    assert {one["protocol"] for one in delivery.all(SUBSCRIPTION)} == {"email"}


@pytest.mark.parametrize("region", ["eu-west-1", "us-east-1"])
def test_a_deployment_cannot_silence_the_alarm_on_trust(checkout: Path, tmp_path: Path, region: str) -> None:
    (checkout / "environments.toml").write_text(
        f'[first]\nregion = "{region}"\naccount_id = "444444444444"\ngithub_repository = "owner/name"\n'
        'state_bucket = "first-444444444444"\nalarm_emails = ["a@example.com"]\n'
    )

    done = synthesize(checkout, tmp_path / "cdktf.out")

    assert done.exit_code == 0, done.printed
    delivery = done.stacks()["delivery-444444444444"]
    place = "us-east-1:444444444444"
    # Whoever calls chooses the tags that are given; the key has its own.
    context = {
        "aws:RequestedRegion": "us-east-1",
        **{f"aws:RequestTag/{key}": value for key, value in {"Project": "orders", "Environment": "first"}.items()},
        **{f"aws:ResourceTag/{key}": value for key, value in tags_of(delivery, "edge").items()},
    }
    resources = {
        "cloudtrail": [f"arn:aws:cloudtrail:{place}:trail/any"],
        "events": [f"arn:aws:events:{place}:rule/delivery-orders-first-trust-CreateRole"],
        "kms": [f"arn:aws:kms:{place}:key/1", f"arn:aws:kms:{place}:alias/delivery-orders-first-trust"],
        "sns": [f"arn:aws:sns:{place}:delivery-orders-first-trust"],
        "sqs": [f"arn:aws:sqs:{place}:delivery-orders-first-trust"],
    }
    allowed = [one for noun in (*READING, *WRITING) for one in policy(delivery, f"orders-first-{noun}")]
    for service, names in resources.items():
        for action in actions(f"{service}:*"):
            for resource in names:
                if changing(action.name) and action.accepts(resource):
                    assert not permits(allowed, action, resource, context), (action.name, resource)


def test_who_deploys_confirms_a_customer_of_the_environment_and_does_nothing_else_to_one(
    environment: str, delivery: StackJson
) -> None:
    writes = [one for noun in WRITING for one in policy(delivery, f"orders-{environment}-{noun}")]
    of_customers = re.compile("cognito-idp:(Admin.*|List.*|SignUp|.*User(?!Pool).*)")

    found = [(action, one) for one in writes for action in one["Action"] if of_customers.fullmatch(action)]

    ((action, statement),) = found
    tags = {"aws:ResourceTag/Project": "orders", "aws:ResourceTag/Environment": environment}
    assert action == "cognito-idp:AdminConfirmSignUp"
    assert statement["Condition"] == {"StringEquals": tags}
    assert [one.rpartition(":")[2] for one in statement["Resource"]] == ["userpool/*"]


@pytest.mark.parametrize("call", ["PutCompositeAlarm", "PutMetricAlarm"])
def test_an_alarm_tells_the_environments_topics_and_does_nothing_else(
    environment: str, delivery: StackJson, call: str
) -> None:
    region, written = settings_of(environment).region, policy(delivery, f"orders-{environment}-deploy-alarms")
    (action,) = actions(f"cloudwatch:{call}")
    own = f"arn:aws:sns:{region}:{account(delivery)}:orders-{environment}-ops"
    others = [f"arn:aws:sns:{region}:{account(delivery)}:ops", f"arn:aws:automate:{region}:ec2:terminate"]

    may = [
        one
        for one in (own, *others)
        for where in (f"arn:aws:cloudwatch:{region}:{account(delivery)}:alarm:orders-{environment}-any", "*")
        if permits(written, action, where, {"aws:RequestedRegion": region, "cloudwatch:AlarmActions": one})
    ]

    assert set(may) == {own}


def test_no_role_has_more_policies_than_iam_takes(delivery: StackJson) -> None:
    attached = Counter(one["role"] for one in delivery.all("iam_role_policy_attachment"))

    assert attached
    assert max(attached.values()) <= 10


def test_only_people_are_subscribed_to_topics(environment: str, delivery: StackJson) -> None:
    found = [one for one in policy(delivery, f"orders-{environment}-deploy") if "sns:Subscribe" in one["Action"]]

    assert [one["Condition"] for one in found] == [{"StringEquals": {"sns:Protocol": "email"}}]


def test_no_policy_is_longer_than_iam_takes(delivery: StackJson) -> None:
    for one in delivery.all("iam_policy"):
        assert len(json.dumps(json.loads(one["policy"]), separators=(",", ":"))) <= 6144, name_of(one)


def test_environments_that_share_an_account_share_its_delivery_stack(checkout: Path, tmp_path: Path) -> None:
    one = 'region = "eu-west-1"\naccount_id = "444444444444"\ngithub_repository = "owner/name"\n'
    (checkout / "environments.toml").write_text(
        f'[first]\nstate_bucket = "first-444444444444"\n{one}[second]\nstate_bucket = "second-444444444444"\n{one}'
    )

    done = synthesize(checkout, tmp_path / "cdktf.out")

    assert done.exit_code == 0, done.printed
    delivery = done.stacks()["delivery-444444444444"]
    assert len(delivery.all("iam_openid_connect_provider")) == 1
    assert sorted(map(name_of, delivery.all("iam_role"))) == [
        f"orders-{environment}-{purpose}" for environment in ("first", "second") for purpose in ("deploy", "plan")
    ]
    backend = delivery.document["terraform"]["backend"]["s3"]
    assert (backend["bucket"], backend["key"]) == ("first-444444444444", "delivery-444444444444.tfstate")


def test_while_a_repository_is_renamed_both_its_names_are_trusted(checkout: Path, tmp_path: Path) -> None:
    file = checkout / "environments.toml"
    old, new = "owner/old", "owner@1/new@2"
    text = file.read_text(encoding="utf-8").replace('"your-organization@0/orders@0"', f'["{old}", "{new}"]', 1)
    file.write_text(text, encoding="utf-8")

    done = synthesize(checkout, tmp_path / "cdktf.out")

    assert done.exit_code == 0, done.printed
    delivery = done.stacks()["delivery-111111111111"]
    assert trust(delivery, "orders-dev-plan")["sub"] == [
        *(f"repo:{old}:pull_request", f"repo:{old}:ref:refs/heads/main"),
        *(f"repo:{new}:pull_request", f"repo:{new}:ref:refs/heads/main"),
    ]
    assert trust(delivery, "orders-dev-deploy")["sub"] == [
        *(f"repo:{old}:environment:dev", f"repo:{new}:environment:dev")
    ]


@pytest.mark.parametrize("repository", ["owner", "owner/", "owner/name/more", "owner/*", "owner@id/name", "a b/c"])
def test_a_repository_that_github_cannot_have_is_one_line(checkout: Path, tmp_path: Path, repository: str) -> None:
    file = checkout / "environments.toml"
    text = file.read_text(encoding="utf-8").replace("your-organization@0/orders@0", repository, 1)
    file.write_text(text, encoding="utf-8")

    done = synthesize(checkout, tmp_path / "cdktf.out")

    expected = "a repository as owner/name or owner@id/name@id"
    assert done.printed == f"environments.toml [dev] github_repository: got {repository!r}, expected {expected}\n"
    assert done.exit_code == 1
