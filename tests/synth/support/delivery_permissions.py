"""The permissions of the delivery roles as a table, and a check of a policy against a call."""

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from tests.synth.support.permission_table import statements
from tests.synth.support.service_authorization import Action, actions
from tests.synth.support.stack_json import REFERENCE, Resource, StackJson, name_of

HEADER = """\
# Who delivers with {stack}: every role with the tokens that assume it, then every policy.
# Checked by tests/synth/test_delivery.py; ORDERS_REWRITE_PERMISSIONS=1 lets it write this file anew.
"""


def table(stack: StackJson) -> str:
    """Return the whole table of a delivery stack."""
    roles = [_role(stack, role) for role in sorted(stack.all("iam_role"), key=name_of)]
    policies = [_policy(policy) for policy in sorted(stack.all("iam_policy"), key=name_of)]
    return "\n".join([HEADER.format(stack=stack.name), *roles, *policies])


def trust(stack: StackJson, name: str) -> dict[str, Any]:
    """Return the values that a token's claims must have for the role, by claim."""
    (role,) = (one for one in stack.all("iam_role") if name_of(one) == name)
    (statement,) = statements(role["assume_role_policy"])
    assert statement["Action"] == ["sts:AssumeRoleWithWebIdentity"]
    assert statement["Condition"].keys() == {"StringEquals"}
    return {key.partition(":")[2]: value for key, value in statement["Condition"]["StringEquals"].items()}


def policy(stack: StackJson, name: str) -> list[dict[str, Any]]:
    """Return the statements of a managed policy."""
    (found,) = (one for one in stack.all("iam_policy") if name_of(one) == name)
    return statements(found["policy"])


def arn(stack: StackJson, name: str) -> str:
    """Return the ARN that the managed policy will have."""
    (found,) = (one for one in stack.all("iam_policy") if name_of(one) == name)
    return f"arn:aws:iam::{account(stack)}:policy{found['path']}{name}"


def account(stack: StackJson) -> str:
    """Return the only account that the stack can be applied to."""
    (found,) = stack.document["provider"]["aws"][0]["allowed_account_ids"]
    return str(found)


def covers(written: list[dict[str, Any]], action: str, resource: str) -> bool:
    """Return True if the statements allow the action on the resource, conditions aside."""
    effects = {one["Effect"] for one in written if _is_about(one, action, resource)}
    return effects == {"Allow"}


def _is_about(statement: dict[str, Any], action: str, resource: str) -> bool:
    return any(fnmatchcase(action, pattern) for pattern in statement["Action"]) and any(
        fnmatchcase(resource, pattern) for pattern in statement["Resource"]
    )


def permits(written: list[dict[str, Any]], action: Action, resource: str, context: Mapping[str, str]) -> bool:
    """Return True if the statements allow a call with its action, resource and condition keys.

    An action that doesn't accept the resource is checked on `*`.
    """
    asked = resource if action.accepts(resource) else "*"
    effects = {one["Effect"] for one in written if _is_about(one, action.name, asked) and _holds(one, context)}
    return effects == {"Allow"}


def _holds(statement: dict[str, Any], context: Mapping[str, str]) -> bool:
    return all(
        _compares(operator, [wanted] if isinstance(wanted, str) else wanted, context.get(key))
        for operator, keys in statement.get("Condition", {}).items()
        for key, wanted in keys.items()
    )


def _compares(operator: str, wanted: Sequence[str], value: str | None) -> bool:
    match operator:
        case "StringEquals" | "ForAnyValue:StringEquals" | "Bool":
            return value in wanted
        case "StringEqualsIfExists":
            return value is None or value in wanted
        case "ForAllValues:StringNotEquals":
            return value not in wanted
        case "ForAllValues:StringLike":
            return value is None or any(fnmatchcase(value, pattern) for pattern in wanted)
        case "Null":
            return (value is None) is (list(wanted) == ["true"])
        case "ArnLike" | "ArnEquals":
            return value is not None and any(fnmatchcase(value, pattern) for pattern in wanted)
    raise ValueError(f"{operator}: a condition that these tests can't read")


def granted(stack: StackJson) -> Iterator[tuple[str, str]]:
    """Yield each action and resource that the roles of a stack may use, with `*` for references."""
    for grant in stack.all("iam_role_policy"):
        for statement in statements(grant["policy"]):
            resources = [REFERENCE.sub(lambda match: _known(stack, match), one) for one in statement["Resource"]]
            for action in statement["Action"]:
                yield from ((one.name, resource) for one in actions(action) for resource in _taken(one, resources))


def beyond(allowed: list[dict[str, Any]], grants: Collection[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return each action and resource of the statements that no grant covers completely.

    Wildcards in actions are resolved.
    """
    return [
        (one.name, resource)
        for statement in allowed
        for pattern in statement["Action"]
        for one in actions(pattern)
        for resource in statement["Resource"]
        if not any(one.name == action and _within(resource, has) for action, has in grants)
    ]


def _within(resource: str, granted: str) -> bool:
    """Return True if a grant covers the resource completely.

    A key has no name, so a limit can only name all keys.
    """
    return fnmatchcase(resource, granted) or (":kms:" in granted and resource == granted.replace("key/abc", "key/*"))


def _taken(action: Action, resources: list[str]) -> list[str]:
    """Return the resources that the action accepts.

    If it accepts none of them the reference is wrong, and all are returned.
    """
    return [one for one in resources if action.accepts(one)] or resources


def _known(stack: StackJson, match: re.Match[str]) -> str:
    region = stack.document["provider"]["aws"][0]["region"]
    if match[1] == "kms_key":
        return f"arn:aws:kms:{region}:{account(stack)}:key/abc"
    if match[3] != "stream_arn":
        return "*"
    return f"arn:aws:dynamodb:{region}:{account(stack)}:table/{name_of(stack.referred(match[0]))}/stream/*"


def _role(stack: StackJson, role: Resource) -> str:
    claims = trust(stack, name_of(role))
    lines = [f"    is assumed with {claim} = {value}" for claim, value in claims.items()]
    attached = [one for one in stack.all("iam_role_policy_attachment") if stack.referred(one["role"]) is role]
    lines += sorted(f"    has {name_of(stack.referred(one['policy_arn']))}" for one in attached)
    if "permissions_boundary" in role:
        lines.append(f"    is limited by {name_of(stack.referred(role['permissions_boundary']))}")
    return "\n".join([f"role {role['path']}{name_of(role)}", *lines, ""])


def _policy(found: Resource) -> str:
    lines = [f"policy {found['path']}{name_of(found)}"]
    for statement in statements(found["policy"]):
        never = "never " if statement["Effect"] == "Deny" else ""
        condition = f" if {json.dumps(statement['Condition'])}" if "Condition" in statement else ""
        lines += [f"    {never}{', '.join(statement['Action'])}"]
        lines += [f"        on {resource}{condition}" for resource in statement["Resource"]]
    return "\n".join([*lines, ""])
