"""Roles for the resources of a test on the emulator, which enforces permissions."""

import json
from typing import Any
from uuid import uuid4


def create_role(iam: Any, *, service: str, statements: list[dict[str, Any]]) -> str:
    """Create a role that an AWS service may assume; return its ARN."""
    name = f"role-{uuid4().hex[:8]}"
    trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=_policy([trust]))
    if statements:
        iam.put_role_policy(RoleName=name, PolicyName="work", PolicyDocument=_policy(statements))
    return str(role["Role"]["Arn"])


def allow(*actions: str, on: str) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": list(actions), "Resource": on}


def _policy(statements: list[dict[str, Any]]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})
