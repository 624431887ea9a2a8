"""The calls that Terraform's AWS provider makes for a resource, as IAM sees them."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.synth.support.delivery_permissions import account
from tests.synth.support.permission_table import statements
from tests.synth.support.service_authorization import Action, actions
from tests.synth.support.stack_json import REFERENCE, Resource, StackJson, name_of

FILE = Path(__file__).with_suffix(".toml")
VERBS = ("read", "create", "update", "tag", "delete")
# The region in which AWS places global services.
NOWHERE = "us-east-1"


@dataclass(frozen=True)
class Call:
    """An action on a resource for a Terraform verb, with its condition keys."""

    verb: str
    action: Action
    resource: str
    keys: Mapping[str, str]

    def __str__(self) -> str:
        return f"{self.action.name} on {self.resource} in {self.keys['aws:RequestedRegion']} to {self.verb} it"


@cache
def table() -> dict[str, dict[str, Any]]:
    """Return the calls by type of resource."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def calls(stack: StackJson, type_: str, resource: Resource) -> Iterator[Call]:
    """Yield each call that the resource needs."""
    needs = table()[type_]
    values = _values(stack, resource)
    arns = [one.format_map(values) for one in needs["arns"]]
    keys = {key: value.format_map(values) for key, value in needs.get("keys", {}).items()}
    for verb in VERBS:
        for name in needs.get(verb, []):
            (action,) = actions(name)
            for arn in [one for one in arns if action.accepts(one)] or ["*"]:
                for region in _regions(arn, values["region"]):
                    for tags in _tags(stack, verb, action, made="tag" in needs):
                        here = {"aws:RequestedRegion": region, **keys, **tags}
                        supplied = {key: value for key, value in here.items() if action.supplies(key, arn)}
                        yield Call(verb, action, arn, supplied)


def handed_over(stack: StackJson, resource: Resource) -> Iterator[Call]:
    """Yield the call with which AWS checks that a role may be passed to the service using it."""
    (action,) = actions("iam:PassRole")
    for reference in _texts(resource):
        match = REFERENCE.fullmatch(reference)
        if match and match[1] == "iam_role" and match[3] == "arn":
            role = stack.referred(reference)
            (trust,) = statements(role["assume_role_policy"])
            keys = {"aws:RequestedRegion": NOWHERE, "iam:PassedToService": trust["Principal"]["Service"]}
            yield Call("make", action, f"arn:aws:iam::{account(stack)}:role/{name_of(role)}", keys)


def _values(stack: StackJson, resource: Resource) -> dict[str, str]:
    """Return the values for the names in the table: attributes and facts of the stack."""
    _, _, alias = resource.get("provider", "").partition(".")
    (provider,) = (one for one in stack.document["provider"]["aws"] if one.get("alias", "") == alias)
    attributes = {key: _plain(stack, value) for key, value in resource.items() if isinstance(value, str)}
    if "scope" in attributes:
        attributes["scope"] = {"REGIONAL": "regional", "CLOUDFRONT": "global"}[attributes["scope"]]
    return {
        **attributes,
        "account": account(stack),
        "region": provider["region"],
        "stack": f"orders-{stack.environment}",
    }


def _plain(stack: StackJson, value: str) -> str:
    match = REFERENCE.fullmatch(value)
    return name_of(stack.referred(value)) if match else stack.readable(value)


def _regions(arn: str, home: str) -> set[str]:
    """Return the regions in which a call may run.

    An S3 bucket's ARN names no region, but the bucket's region is known.
    """
    _, _, service, region, *_ = [*arn.split(":"), "", "", "", ""]
    return {home, NOWHERE} if arn != "*" and not region and service != "s3" else {home}


def _tags(stack: StackJson, verb: str, action: Action, *, made: bool) -> list[dict[str, str]]:
    """Return the tags that come with the call: requested ones, present ones, or both.

    A resource that is created with tags has none before. Part of another resource has that one's.
    """
    (tags,) = (one["tags"] for one in stack.document["provider"]["aws"][0]["default_tags"])
    asked = {f"aws:RequestTag/{key}": value for key, value in tags.items()}
    there = {f"aws:ResourceTag/{key}": value for key, value in tags.items()}
    if verb == "create" and made:
        # A grant is created on an existing key.
        return [asked if ":Create" in action.name and action.name != "kms:CreateGrant" else there]
    if verb == "tag":
        return [{**asked, **there}] if ":Untag" in action.name else [asked, {**asked, **there}]
    return [there]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
