"""What a plan may not do: destroy or replace a resource that holds data, unless it is named."""

from collections.abc import Iterable, Mapping
from typing import Any

STATEFUL = (
    "aws_cognito_user_pool",
    "aws_dynamodb_table",
    "aws_kms_key",
    "aws_s3_bucket",
    "aws_sqs_queue",
)


def violations(plan: Mapping[str, Any], *, allowed: Iterable[str], prefix: str = "") -> list[str]:
    """A line for each stateful resource that the plan (`terraform show -json`) would destroy or replace.

    `allowed` are addresses, as the plan prints them; one that the plan doesn't touch is a line too, because it
    would silently permit a later plan. `prefix` stands before the addresses where they are typed.
    """
    wanted = set(allowed)
    lost = {
        change["address"]: "replace" if "create" in change["change"]["actions"] else "destroy"
        for change in plan.get("resource_changes", [])
        if change["type"] in STATEFUL and "delete" in change["change"]["actions"]
    }
    refused = [
        f"the plan would {action} {address}, which holds data; if that is meant, set ALLOW_REPLACE={prefix}{address}"
        for address, action in lost.items()
        if address not in wanted
    ]
    idle = [
        f"ALLOW_REPLACE names {prefix}{address}, which the plan neither destroys nor replaces"
        for address in wanted - lost.keys()
    ]
    return sorted(refused) + sorted(idle)
