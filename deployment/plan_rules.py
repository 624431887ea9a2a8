"""Rules of what a plan may not do, and of what only an administrator may deploy.

No plan destroys or replaces a resource that holds data, unless it is named. The right to write a table's backups is
also the right to end them. A policy of a key or a bucket can shut everybody out, or let somebody remove all that it
holds. A bucket's lifecycle rules can remove its objects, and a log group's retention its lines. What a bucket encrypts
with a foreign key is lost with that key, and a key without its tags can't be used. A bucket's logging says who asked
for what. So where removal is protected, the role that deploys from GitHub has none of these rights, nor may it remove
what holds data, nor make what it could only tell by tags that it gives.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from environments.settings import settings_of

STATEFUL = (
    "aws_cognito_user_pool",
    "aws_dynamodb_table",
    "aws_kms_key",
    "aws_s3_bucket",
    "aws_sqs_queue",
)
# Whoever makes one gives it tags, and could give them to another one of the account.
MADE_BY_ADMINISTRATOR = ("aws_cognito_user_pool",)
# Permissions to use one ask for its tags.
FOUND_BY_TAGS = ("aws_cognito_user_pool", "aws_kms_key")
# By type of resource, the attribute that guards data.
GUARDS = {
    "aws_cloudwatch_log_group": "retention_in_days",
    "aws_kms_key": "policy",
    "aws_s3_bucket_lifecycle_configuration": "rule",
    "aws_s3_bucket_logging": "target_bucket",
    "aws_s3_bucket_policy": "policy",
    "aws_s3_bucket_server_side_encryption_configuration": "rule",
    "aws_s3_bucket_versioning": "versioning_configuration",
}


def find_violations(plan: Mapping[str, Any], *, allowed: Iterable[str], prefix: str = "") -> list[str]:
    """A line for each stateful resource that the plan (`terraform show -json`) would destroy or replace.

    `allowed` are addresses, as the plan prints them; one that the plan doesn't touch is a line too, because it
    would silently permit a later plan. `prefix` stands before the addresses where they are typed.
    """
    wanted = set(allowed)
    lost = [change for change in plan.get("resource_changes", []) if _removes_data(change)]
    refused = [
        f"the plan would {_losing(change)}, which holds data; if that is meant, set"
        f" ALLOW_REPLACE={prefix}{change['address']}"
        for change in lost
        if change["address"] not in wanted
    ]
    idle = [
        f"ALLOW_REPLACE names {prefix}{address}, which the plan neither destroys nor replaces"
        for address in wanted - {change["address"] for change in lost}
    ]
    return sorted(refused) + sorted(idle)


def needs_administrator(change: Mapping[str, Any]) -> bool:
    """Return True if a resource's change in a plan is an administrator's where removal is protected."""
    made = change.get("type") in MADE_BY_ADMINISTRATOR and "create" in change["change"]["actions"]
    loses = _removes_data(change) or _changes_tags(change)
    return made or loses or _writes_protected_backups(change) or _writes_guard(change)


def administrator_notice(environment: str, addresses: Sequence[str]) -> list[str]:
    """A line that says so where a plan changes these in an environment that is protected; none without any."""
    if not addresses or not settings_of(environment).removal_protection:
        return []
    done = "it makes, changes or removes what holds or guards data, which GitHub's role may not"
    line = f"an administrator has to deploy this plan: {done}"
    return [f"{line}: {', '.join(addresses)}"]


def _removes_data(change: Mapping[str, Any]) -> bool:
    return change.get("type") in STATEFUL and "delete" in change["change"]["actions"]


def _losing(change: Mapping[str, Any]) -> str:
    doing = "replace" if "create" in change["change"]["actions"] else "destroy"
    return f"{doing} {change['address']}" + (f" (deposed {change['deposed']})" if "deposed" in change else "")


def _changes_tags(change: Mapping[str, Any]) -> bool:
    """Return True if what is found by its tags gets others.

    The provider sends the changed tags alone, so the request lacks those that the role's permission
    asks for.
    """
    before, after = ((change["change"].get(key) or {}).get("tags_all") or {} for key in ("before", "after"))
    return change.get("type") in FOUND_BY_TAGS and before != after


def _writes_protected_backups(change: Mapping[str, Any]) -> bool:
    before, after = (change["change"].get(key) or {} for key in ("before", "after"))
    protected = before.get("deletion_protection_enabled") or after.get("deletion_protection_enabled")
    made = "create" in change["change"]["actions"]
    backups = [one.get("point_in_time_recovery") for one in (before, after)]
    return bool(
        change.get("type") == "aws_dynamodb_table" and after and protected and (made or backups[0] != backups[1])
    )


def _writes_guard(change: Mapping[str, Any]) -> bool:
    guard = GUARDS.get(change.get("type", ""))
    if guard is None or change["change"]["actions"] in (["no-op"], ["read"]):
        return False
    before, after, unknown = (change["change"].get(key) or {} for key in ("before", "after", "after_unknown"))
    return bool(unknown.get(guard)) or before.get(guard) != after.get(guard)
