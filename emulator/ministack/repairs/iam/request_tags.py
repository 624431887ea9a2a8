"""The tags of a request are found whatever its operation calls them.

AWS: supplies `aws:RequestTag` and `aws:TagKeys` to each action for which the Service
Authorization Reference lists them, as to `cognito-idp:UpdateUserPool`, whose tags are
`UserPoolTags`.
MiniStack: reads the members `Tags`, `tags` and `TagKeys` alone.
Source: `request_tag_context` and `_tag_operations` of `ministack.core.iam_actions`.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from ministack.core import iam_actions

from emulator.ministack.repairs.patching import AnyCallable, RepairContext, replace

READ = ("Tags", "tags")


def apply(_context: RepairContext) -> None:
    """Give MiniStack the tags under the name that it reads."""
    replace(iam_actions, "_tag_operations", _with_other_names)
    replace(iam_actions, "request_tag_context", _by_the_model)


def _with_other_names(original: AnyCallable) -> AnyCallable:
    def tag_operations(service: str) -> frozenset[str]:
        return frozenset(original(service) | _members(service).keys())

    return tag_operations


def _by_the_model(original: AnyCallable) -> AnyCallable:
    def request_tag_context(service: str, iam_action: str, body: bytes, params: dict[str, Any]) -> Any:
        member = _members(service).get(iam_action.rpartition(":")[2])
        return original(service, iam_action, _renamed(body, member) if member else body, params)

    return request_tag_context


def _renamed(body: bytes, member: str) -> bytes:
    try:
        document = json.loads(body)
    except ValueError:
        return body
    if not isinstance(document, dict) or member not in document:
        return body
    return json.dumps({READ[0]: document[member]}).encode()


@cache
def _members(service: str) -> Mapping[str, str]:
    """Return the member with the tags, by operation, where it has a name of its own."""
    return dict(_named(service))


def _named(service: str) -> Iterator[tuple[str, str]]:
    for name in iam_actions._BOTOCORE_SERVICE_MAP.get(service) or [service]:
        model = iam_actions._load_botocore_model(name)
        shapes = model.get("shapes", {})
        for operation, described in model.get("operations", {}).items():
            members = shapes.get(described.get("input", {}).get("shape"), {}).get("members", {})
            for member, value in members.items():
                if member.endswith("Tags") and member not in READ and _are_tags(shapes, value["shape"]):
                    yield operation, member


def _are_tags(shapes: Mapping[str, Any], name: str) -> bool:
    """Return True if a shape is a map, or a list of structures that have a key and a value."""
    shape = shapes[name]
    if shape["type"] != "list":
        return bool(shape["type"] == "map")
    members = shapes[shape["member"]["shape"]].get("members", {})
    return {"key", "value"} <= {name.lower() for name in members}
