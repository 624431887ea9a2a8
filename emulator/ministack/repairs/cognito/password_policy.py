"""A requirement that a pool's password policy leaves out is off.

AWS: `RequireSymbols` and its like are plain booleans, so leaving one out says false. SDKs that know only true and false
leave false out (aws-sdk-go-v2, and so Terraform's provider for `require_symbols = false`).
MiniStack: takes what is left out as required, so that a pool that asks for no symbols refuses passwords without one.
Source: Amazon Cognito API reference, PasswordPolicyType; aws-sdk-go-v2, cognitoidentityprovider/types.
"""

from collections.abc import Callable, Mapping
from typing import Any

from ministack.services import cognito

from emulator.ministack.repairs.patching import RepairContext, replace

REQUIREMENTS = ("RequireUppercase", "RequireLowercase", "RequireNumbers", "RequireSymbols")


def apply(_context: RepairContext) -> None:
    """Check passwords by the requirements of the pool's policy only."""

    def build(original: Callable[..., Any]) -> Callable[..., Any]:
        def errors(pool: Mapping[str, Any], password: str) -> Any:
            policies = pool.get("Policies") or {}
            asked = {**dict.fromkeys(REQUIREMENTS, False), **policies.get("PasswordPolicy", {})}
            return original({**pool, "Policies": {**policies, "PasswordPolicy": asked}}, password)

        return errors

    replace(cognito, "_password_policy_errors", build)
