"""Who may do what on which resource, as text for people."""

import json
from collections.abc import Iterator
from typing import Any

from tests.synth.stack import Resource, Stack, name_of

Statement = dict[str, Any]
HEADER = """\
# Who may do what in {stack}: every role with who assumes it, then every policy of a resource.
# {{announce/Role.arn}} is an attribute that is known once the resource at that place in the stack exists.
# Checked by tests/synth/test_permissions.py; ORDERS_REWRITE_PERMISSIONS=1 lets it write this file anew.
"""


def table(stack: Stack) -> str:
    """Return the whole permission table of a stack."""
    return "\n".join([HEADER.format(stack=stack.name), *roles(stack), *resource_policies(stack)])


def roles(stack: Stack) -> list[str]:
    """Return a paragraph a role, by name."""
    return [_role(stack, role) for role in sorted(stack.all("iam_role"), key=name_of)]


def resource_policies(stack: Stack) -> list[str]:
    """Return a paragraph a resource with a policy of its own, by type and name."""
    return ["\n".join([f"{kind} {name}", *_lines(stack, document), ""]) for kind, name, document in policies_of(stack)]


def policies_of(stack: Stack) -> Iterator[tuple[str, str, str]]:
    """Yield kind and name of each resource with a policy, and the policy's text."""
    for queue in sorted(stack.all("sqs_queue"), key=name_of):
        if "policy" in queue:
            yield "queue", name_of(queue), queue["policy"]
    for policy in stack.all("sns_topic_policy"):
        yield "topic", name_of(stack.referred(policy["arn"])), policy["policy"]
    for policy in stack.all("s3_bucket_policy"):
        yield "bucket", name_of(stack.referred(policy["bucket"])), policy["policy"]


def documents(stack: Stack) -> dict[str, str]:
    """Return the text of every policy document in the stack, by where it stands."""
    trust = {f"trust of {name_of(role)}": role["assume_role_policy"] for role in stack.all("iam_role")}
    grants = {
        f"{name_of(policy)} of {name_of(stack.referred(policy['role']))}": policy["policy"]
        for policy in stack.all("iam_role_policy")
    }
    return {**trust, **grants, **{f"{kind} {name}": text for kind, name, text in policies_of(stack)}}


def statements(document: str) -> list[Statement]:
    """Return a document's statements."""
    found: list[Statement] = json.loads(document)["Statement"]
    return found


def _role(stack: Stack, role: Resource) -> str:
    grants = [policy for policy in stack.all("iam_role_policy") if stack.referred(policy["role"]) is role]
    lines = sorted(line for policy in grants for line in _lines(stack, policy["policy"]))
    trust = [
        f"    is assumed by {_principal(statement['Principal'])}{_conditions(statement)}"
        for statement in statements(role["assume_role_policy"])
    ]
    return "\n".join([f"role {name_of(role)}", *trust, *lines, ""])


def _lines(stack: Stack, document: str) -> Iterator[str]:
    for statement in statements(document):
        subject = f"{_principal(statement['Principal'])} " if "Principal" in statement else ""
        verb = {"Allow": "may", "Deny": "must not"}[statement["Effect"]]
        for action in statement["Action"]:
            for resource in statement["Resource"]:
                yield stack.readable(f"    {subject}{verb} {action} on {resource}{_conditions(statement)}")


def _principal(principal: Any) -> str:
    return "anybody" if principal == "*" else ", ".join(f"{name}" for name in principal.values())


def _conditions(statement: Statement) -> str:
    found = [
        f"{key} {operator} {value}"
        for operator, compared in statement.get("Condition", {}).items()
        for key, value in compared.items()
    ]
    return f" if {' and '.join(found)}" if found else ""
