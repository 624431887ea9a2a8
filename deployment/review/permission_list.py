"""Lists who may do what on which resource: every role with who assumes it, then every policy of a resource."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from deployment.review.markdown import code, table
from deployment.review.synthesized_stack import Resource, SynthesizedStack

# What a policy of a resource is called after, and the attribute that refers to the resource.
KINDS = {
    "aws_sqs_queue": ("queue", ""),
    "aws_sqs_queue_policy": ("queue", "queue_url"),
    "aws_sns_topic_policy": ("topic", "arn"),
    "aws_s3_bucket_policy": ("bucket", "bucket"),
    "aws_kms_key": ("key", ""),
}


@dataclass(frozen=True)
class Permission:
    """One line of the table; `subject` is empty where the holder itself is meant."""

    holder: str
    subject: str
    verb: str
    action: str
    resource: str
    condition: str

    def __str__(self) -> str:
        subject = f"{self.subject} " if self.subject else ""
        where = f" on {self.resource}" if self.resource else ""
        condition = f" if {self.condition}" if self.condition else ""
        return f"{subject}{self.verb} {self.action}{where}{condition}"


def list_permissions(stack: SynthesizedStack) -> list[Permission]:
    """Every permission of the stack: roles by name, then policies by kind and name."""
    roles = [line for role in stack.all("aws_iam_role") for line in _of_role(stack, role)]
    holders = [
        *(("policy", one, one.name) for one in stack.all("aws_iam_policy")),
        *_with_policies(stack),
    ]
    return [*roles, *(line for kind, one, name in holders for line in _of_policy(stack, one, f"{kind} {name}"))]


def permission_text(stack: SynthesizedStack) -> str:
    """The permissions as text for people, one line each; what a golden file holds."""
    parts = groupby(list_permissions(stack), key=lambda line: line.holder)
    return "\n".join("\n".join([holder, *(f"    {line}" for line in lines), ""]) for holder, lines in parts)


def permission_page(stack: SynthesizedStack) -> Iterator[str]:
    """Yield the lines of the permission table in Markdown."""
    for holder, lines in groupby(list_permissions(stack), key=lambda line: line.holder):
        kind, _, name = holder.partition(" ")
        yield from (f"### {name} ({kind})", "")
        rows: dict[tuple[str, ...], list[str]] = {}
        for line in lines:
            rows.setdefault((f"{line.subject} {line.verb}".strip(), line.resource, line.condition), []).append(
                line.action
            )
        yield from table(
            ["", "what", "on", "if"],
            [
                [who, "<br>".join(map(code, actions)), code(on), code(condition)]
                for (who, on, condition), actions in rows.items()
            ],
        )
        yield ""


def statements(document: str) -> list[dict[str, Any]]:
    """The statements of a policy's JSON text; none of a text that isn't one."""
    try:
        found = json.loads(document).get("Statement", [])
    except (ValueError, AttributeError):
        return []
    return found if isinstance(found, list) else [found]


def _of_role(stack: SynthesizedStack, role: Resource) -> Iterator[Permission]:
    holder = f"role {role.name}"
    for statement in statements(role.attributes.get("assume_role_policy", "")):
        means = [action for action in as_list(statement.get("Action", [])) if action != "sts:AssumeRole"]
        who = _principal(statement.get("Principal")) + (f" through {', '.join(means)}" if means else "")
        yield Permission(holder, "", "is assumed by", stack.readable(who), "", stack.readable(_conditions(statement)))
    boundary = role.attributes.get("permissions_boundary")
    if boundary:
        yield Permission(holder, "", "is bounded by", stack.readable(boundary), "", "")
    attached = [
        one for one in stack.all("aws_iam_role_policy_attachment") if stack.referred(one.attributes["role"]) is role
    ]
    for arn in [*role.attributes.get("managed_policy_arns", []), *(one.attributes["policy_arn"] for one in attached)]:
        yield Permission(holder, "", "has the policy", stack.readable(arn), "", "")
    grants = [one for one in stack.all("aws_iam_role_policy") if stack.referred(one.attributes["role"]) is role]
    yield from sorted((line for grant in grants for line in _of_policy(stack, grant, holder)), key=str)


def _of_policy(stack: SynthesizedStack, resource: Resource, holder: str) -> Iterator[Permission]:
    for statement in statements(resource.attributes["policy"]):
        subject = stack.readable(_principal(statement["Principal"])) if "Principal" in statement else ""
        verb = {"Allow": "may", "Deny": "must not"}[statement["Effect"]]
        condition = stack.readable(_conditions(statement))
        for action in _named(statement, "Action"):
            for on in _named(statement, "Resource"):
                yield Permission(holder, subject, verb, action, stack.readable(on), condition)


def _with_policies(stack: SynthesizedStack) -> Iterator[tuple[str, Resource, str]]:
    for type_, (kind, attribute) in KINDS.items():
        for one in stack.all(type_):
            if "policy" in one.attributes:
                target = stack.referred(one.attributes[attribute]) if attribute else one
                yield kind, one, stack.name_of(target or one)


def as_list(value: Any) -> list[str]:
    """IAM takes one text in place of a list."""
    return [value] if isinstance(value, str) else list(value)


def _named(statement: Mapping[str, Any], key: str) -> list[str]:
    if f"Not{key}" in statement:
        return [f"all but {', '.join(as_list(statement[f'Not{key}']))}"]
    return as_list(statement.get(key, [""]))


def _principal(principal: Any) -> str:
    if not isinstance(principal, dict):
        return "anybody" if principal == "*" else f"{principal}"
    return ", ".join("anybody" if name == "*" else name for names in principal.values() for name in as_list(names))


def _conditions(statement: Mapping[str, Any]) -> str:
    return " and ".join(
        f"{key} {operator} {' or '.join(as_list(value))}"
        for operator, compared in statement.get("Condition", {}).items()
        for key, value in compared.items()
    )
