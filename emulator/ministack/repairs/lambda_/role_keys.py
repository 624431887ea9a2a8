"""The keys of a function's role can't be guessed, and the role must admit Lambda.

AWS: Lambda takes the function's role, whose trust policy must name lambda.amazonaws.com, and gives the function keys
of a session.
MiniStack: derives key, secret and token from the function's ARN by SHA-256, so that whoever knows the name has them,
and asks no trust policy.
"""

import threading
from typing import Any

from ministack.core import lambda_runtime

from emulator.ministack.repairs.patching import RepairContext, replace


def apply(context: RepairContext) -> None:
    """Give out random keys, one set for each function and role."""
    sessions: dict[tuple[str, str], dict[str, str]] = {}
    lock = threading.Lock()

    def execution_credentials(config: dict[str, Any]) -> dict[str, str]:
        name, role_arn = config["FunctionName"], config["Role"]
        context.identity.require_trust(role_arn, service="lambda.amazonaws.com")
        with lock:
            if (name, role_arn) not in sessions:
                # A warm process keeps its environment as long as the server runs, so its keys don't
                # expire.
                taken = context.identity.start_session(role_arn, name=name, seconds=None)
                sessions[name, role_arn] = {
                    "AWS_ACCESS_KEY_ID": taken.access_key_id,
                    "AWS_SECRET_ACCESS_KEY": taken.secret_access_key,
                    "AWS_SESSION_TOKEN": taken.session_token or "",
                }
            return sessions[name, role_arn]

    replace(lambda_runtime, "execution_credentials", lambda _original: execution_credentials)
