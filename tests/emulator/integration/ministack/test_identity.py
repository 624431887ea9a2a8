"""Permissions of principals, and services that may assume a role.

The tests use MiniStack's stores in this process.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from ministack.services import iam, sqs

from emulator.ministack.administrator_keys import Keys
from emulator.ministack.iam_identity import EmulatedIdentity
from emulator.principals import RoleRefused

KEYS = Keys(access_key_id="AKIAADMIN", secret_access_key="secret")
TABLE = "arn:aws:dynamodb:us-east-1:000000000000:table/orders"
APPSYNC = "appsync.amazonaws.com"


@pytest.fixture
def identity() -> EmulatedIdentity:
    return EmulatedIdentity(KEYS, region="us-east-1")


def make_role(name: str, *statements: dict[str, Any], condition: dict[str, Any] | None = None, **more: Any) -> str:
    arn = f"arn:aws:iam::000000000000:role/{name}"
    trust = {"Effect": "Allow", "Principal": {"Service": APPSYNC}, "Action": "sts:AssumeRole"}
    iam._roles[name] = {
        "Arn": arn,
        "RoleName": name,
        "AssumeRolePolicyDocument": json.dumps({"Statement": [trust | {"Condition": condition or {}}]}),
        "InlinePolicies": {"access": json.dumps({"Statement": list(statements)})},
        "AttachedPolicies": [],
    } | more
    return arn


@pytest.fixture(autouse=True)
def forget_roles() -> Iterator[None]:
    yield
    iam._roles.clear()


def statement(effect: str, action: str, resource: str = TABLE) -> dict[str, Any]:
    return {"Effect": effect, "Action": action, "Resource": resource}


def test_a_service_that_the_role_admits_gets_keys_that_belong_to_the_role(identity: EmulatedIdentity) -> None:
    role = make_role("reader", statement("Allow", "dynamodb:GetItem"))

    taken = identity.assume_for_service(role, service=APPSYNC)

    assert taken.arn == "arn:aws:sts::000000000000:assumed-role/reader/appsync"
    assert identity.find(taken.access_key_id) == taken


def test_a_role_is_taken_once_and_then_again_from_memory(identity: EmulatedIdentity) -> None:
    role = make_role("reader")

    first, second = (identity.assume_for_service(role, service=APPSYNC) for _ in range(2))

    assert first == second


def test_a_service_that_the_role_does_not_name_is_refused(identity: EmulatedIdentity) -> None:
    role = make_role("reader")

    with pytest.raises(RoleRefused, match="doesn't admit"):
        identity.assume_for_service(role, service="lambda.amazonaws.com")


def test_a_role_that_stops_admitting_a_service_is_refused_at_once(identity: EmulatedIdentity) -> None:
    role = make_role("reader")
    identity.assume_for_service(role, service=APPSYNC)
    iam._roles["reader"]["AssumeRolePolicyDocument"] = json.dumps({"Statement": []})

    with pytest.raises(RoleRefused):
        identity.assume_for_service(role, service=APPSYNC)


@pytest.mark.parametrize(("account", "admitted"), [("000000000000", True), ("111111111111", False)])
def test_a_role_for_one_accounts_services_is_for_this_account(
    identity: EmulatedIdentity, account: str, admitted: bool
) -> None:
    role = make_role("reader", condition={"StringEquals": {"aws:SourceAccount": account}})

    try:
        identity.assume_for_service(role, service=APPSYNC)
    except RoleRefused:
        assert not admitted
    else:
        assert admitted


def test_a_role_that_does_not_exist_is_refused(identity: EmulatedIdentity) -> None:
    with pytest.raises(RoleRefused, match="no such role"):
        identity.assume_for_service("arn:aws:iam::000000000000:role/nobody", service=APPSYNC)


@pytest.mark.parametrize("principal", ["role", "session"])
@pytest.mark.parametrize(
    ("action", "resource", "allowed"),
    [
        ("dynamodb:GetItem", TABLE, True),
        ("dynamodb:PutItem", TABLE, False),
        ("dynamodb:GetItem", TABLE + "-other", False),
        ("dynamodb:DeleteItem", TABLE, False),
    ],
)
def test_a_role_may_do_what_its_policy_allows_and_does_not_deny(
    identity: EmulatedIdentity, principal: str, action: str, resource: str, allowed: bool
) -> None:
    role = make_role(
        "reader",
        statement("Allow", "dynamodb:GetItem"),
        statement("Allow", "dynamodb:D*"),
        statement("Deny", "*:Delete*"),
    )
    arn = role if principal == "role" else identity.assume_for_service(role, service=APPSYNC).arn

    assert identity.is_allowed(arn, action=action, resource=resource) is allowed


def test_the_administrator_may_do_everything(identity: EmulatedIdentity) -> None:
    assert identity.is_allowed(identity.administrator.arn, action="iam:DeleteRole", resource="*")


def test_a_principal_without_policies_may_do_nothing(identity: EmulatedIdentity) -> None:
    assert not identity.is_allowed("arn:aws:iam::000000000000:user/nobody", action="sqs:SendMessage", resource="*")


def test_a_queues_own_policy_denies_what_the_role_allows(identity: EmulatedIdentity) -> None:
    role = make_role("sender", statement("Allow", "sqs:SendMessage", "*"))
    refusal = {"Effect": "Deny", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*"}
    url = sqs._act_create_queue(
        {"QueueName": "closed", "Attributes": {"Policy": json.dumps({"Statement": [refusal]})}}, ""
    )["QueueUrl"]

    closed, other = (
        identity.is_allowed(role, action="sqs:SendMessage", resource=f"arn:aws:sqs:us-east-1:000000000000:{name}")
        for name in ("closed", "other")
    )

    sqs._act_delete_queue({"QueueUrl": url}, url)
    assert (closed, other) == (False, True)


@pytest.mark.parametrize("key", ["", "test", "000000000000", "123456789012", "AKIAUNKNOWN"])
def test_a_key_that_nobody_issued_belongs_to_nobody(identity: EmulatedIdentity, key: str) -> None:
    assert identity.find(key) is None


def test_the_given_keys_are_the_administrators(identity: EmulatedIdentity) -> None:
    assert identity.find("AKIAADMIN") == identity.administrator
