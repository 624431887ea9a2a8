"""The golden table of permissions, and the policy documents that it is read from."""

from deployment.review import permission_list as review
from deployment.review.permission_list import statements
from deployment.review.synthesized_stack import SynthesizedStack
from tests.synth.support.stack_json import StackJson, name_of

__all__ = ["documents", "lines", "statements", "table"]

HEADER = """\
# Who may do what in {stack}: every role with who assumes it, then every policy of a resource.
# {{announce/Role.arn}} is an attribute that is known once the resource at that place in the stack exists.
# Checked by tests/synth/test_permissions.py; ORDERS_REWRITE_PERMISSIONS=1 lets it write this file anew.
"""


def table(stack: StackJson) -> str:
    """Return the whole permission table of a stack, as `make review` reads it."""
    return "\n".join([HEADER.format(stack=stack.name), review.permission_text(SynthesizedStack.read(stack.folder))])


def lines(stack: StackJson) -> list[str]:
    """Return every permission with the roles that have it."""
    found = review.list_permissions(SynthesizedStack.read(stack.folder))
    return [f"{permission.holder}: {permission}" for permission in found]


def documents(stack: StackJson) -> dict[str, str]:
    """Return the text of every policy document in the stack, by its place."""
    trust = {f"trust of {name_of(role)}": role["assume_role_policy"] for role in stack.all("iam_role")}
    grants = {
        f"{name_of(policy)} of {name_of(stack.referred(policy['role']))}": policy["policy"]
        for policy in stack.all("iam_role_policy")
    }
    queues = {f"queue {name_of(queue)}": queue["policy"] for queue in stack.all("sqs_queue") if "policy" in queue}
    others = {
        f"{kind} {name_of(stack.referred(policy[attribute]))}": policy["policy"]
        for kind, type_, attribute in (("topic", "sns_topic_policy", "arn"), ("bucket", "s3_bucket_policy", "bucket"))
        for policy in stack.all(type_)
    }
    return {**trust, **grants, **queues, **others}
