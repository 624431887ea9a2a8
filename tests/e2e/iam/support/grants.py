"""Permissions of the local run's roles: read from IAM, taken away and put back."""

import json
import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from deployment.review.permission_list import as_list, statements
from environments.names import LOCAL, SYSTEM
from tests.e2e.support.administrator_access import AdministratorAccess

PREFIX = f"{SYSTEM}-{LOCAL}-"


class Grant(NamedTuple):
    """One action that a role may do on one resource, without the parts that differ between runs."""

    role: str
    action: str
    resource: str

    def __str__(self) -> str:
        return f"{self.role} may {self.action} on {self.resource}"


def name_of(arn: str) -> str:
    """Return the resource's name, with a star for each part that differs between runs."""
    name = re.sub(r"/stream/.*", "/stream/*", arn.split(":", 5)[-1].replace(PREFIX, ""))
    name = re.sub(r"^key/.*", "key/*", name)
    return re.sub(r"-\d{12}\b", "", re.sub(r"\bapis/\w+", "apis/*", name))


class Roles:
    """The roles of the local run, managed with an administrator's keys."""

    def __init__(self, account: AdministratorAccess) -> None:
        self._account = account
        self._iam = account.client("iam")

    def names(self) -> list[str]:
        """List all roles of the account, without the run's prefix."""
        pages = self._iam.get_paginator("list_roles").paginate()
        names = sorted(role["RoleName"] for page in pages for role in page["Roles"])
        assert [name for name in names if not name.startswith(PREFIX)] == []
        return [name.removeprefix(PREFIX) for name in names]

    def grants(self) -> set[Grant]:
        """Return all permissions of the roles. All of their policies are inline."""
        attached = {role: self._attached(role) for role in self.names()}
        assert not any(attached.values()), f"policies that are not looked into: {attached}"
        return {
            _grant(role, part)
            for role in self.names()
            for document in self._account.policies(PREFIX + role).values()
            for part in _parts(document)
        }

    @contextmanager
    def without(self, grants: Collection[Grant]) -> Iterator[None]:
        """Take the permissions away while the block runs, then restore the policies."""
        before = {role: self._account.policies(PREFIX + role) for role in sorted({grant.role for grant in grants})}
        try:
            for role, policies in before.items():
                for name, document in policies.items():
                    left = [part for part in _parts(document) if _grant(role, part) not in grants]
                    self._put(role, name, left)
            yield
        finally:
            for role, policies in before.items():
                for name, document in policies.items():
                    self._iam.put_role_policy(RoleName=PREFIX + role, PolicyName=name, PolicyDocument=document)

    @contextmanager
    def session(self, role: str) -> Iterator[dict[str, str]]:
        """Yield the keys of a session of the role, which trusts this account in the block."""
        trust = self._iam.get_role(RoleName=PREFIX + role)["Role"]["AssumeRolePolicyDocument"]
        account_id = self._account.client("sts").get_caller_identity()["Account"]
        us = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{account_id}:root"}, "Action": "sts:AssumeRole"}
        self._trust(role, {**trust, "Statement": [*trust["Statement"], us]})
        try:
            taken = self._account.client("sts").assume_role(
                RoleArn=f"arn:aws:iam::{account_id}:role/{PREFIX}{role}", RoleSessionName="iam"
            )["Credentials"]
            yield {
                "aws_access_key_id": taken["AccessKeyId"],
                "aws_secret_access_key": taken["SecretAccessKey"],
                "aws_session_token": taken["SessionToken"],
            }
        finally:
            self._trust(role, trust)

    def _trust(self, role: str, document: dict[str, Any]) -> None:
        self._iam.update_assume_role_policy(RoleName=PREFIX + role, PolicyDocument=json.dumps(document))

    def _attached(self, role: str) -> list[Any]:
        return list(self._iam.list_attached_role_policies(RoleName=PREFIX + role)["AttachedPolicies"])

    def _put(self, role: str, name: str, parts: list[dict[str, Any]]) -> None:
        if not parts:
            self._iam.delete_role_policy(RoleName=PREFIX + role, PolicyName=name)
            return
        document = json.dumps({"Version": "2012-10-17", "Statement": parts})
        self._iam.put_role_policy(RoleName=PREFIX + role, PolicyName=name, PolicyDocument=document)


def _grant(role: str, part: dict[str, Any]) -> Grant:
    return Grant(role, part["Action"], name_of(part["Resource"]))


def _parts(document: str) -> list[dict[str, Any]]:
    """Split a policy's statements into parts of one action on one resource."""
    return [
        {**statement, "Action": action, "Resource": resource}
        for statement in statements(document)
        for action in as_list(statement["Action"])
        for resource in as_list(statement["Resource"])
    ]
