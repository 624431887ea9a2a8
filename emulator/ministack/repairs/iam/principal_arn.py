"""A policy that names a role also applies to the role's sessions.

AWS: for a role's session `aws:PrincipalArn` is the role's ARN, not the session's (IAM User Guide, "AWS global condition
context keys").
MiniStack: takes the session's, so that a topic that only one role may publish to refuses that role.
"""

import re
from collections.abc import Callable
from typing import Any

from ministack.core import iam_evaluator
from ministack.services import iam

from emulator.ministack.repairs.patching import RepairContext, replace

SESSION = re.compile(r"arn:aws:sts::(\d{12}):assumed-role/([^/]+)/.+")


def apply(_context: RepairContext) -> None:
    """Answer `aws:PrincipalArn` with the ARN of a session's role."""

    def build(original: Callable[..., Any]) -> Callable[..., Any]:
        def resolve(key: str, context: Any) -> Any:
            value = original(key, context)
            return _role_of(str(value)) or value if key.lower() == "aws:principalarn" else value

        return resolve

    replace(iam_evaluator, "_resolve_condition_key", build)


def _role_of(arn: str) -> str | None:
    session = SESSION.fullmatch(arn)
    role = iam._roles.get_scoped(session[1], None, session[2]) if session else None
    return str(role["Arn"]) if role else None
