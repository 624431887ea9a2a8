"""A synthesized stack, read as Terraform reads it."""

import json
import re
from functools import cached_property
from pathlib import Path
from typing import Any

Resource = dict[str, Any]

# `$${` is text to Terraform, not a reference.
REFERENCE = re.compile(r"(?<!\$)\$\{aws_(\w+)\.([\w-]+)\.([\w.]+)\}")
NAMES = ("name", "function_name", "bucket", "alarm_name", "dashboard_name")


class StackJson:
    """The resources of one environment, found by Terraform type (without `aws_`) and AWS name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.name = folder.name
        self.environment = folder.name.partition("-")[2]
        self.document: dict[str, Any] = json.loads((folder / "cdk.tf.json").read_text(encoding="utf-8"))

    @cached_property
    def types(self) -> set[str]:
        """Return the types of all resources."""
        return {type_.removeprefix("aws_") for type_ in self.document["resource"]}

    def all(self, type_: str) -> list[Resource]:
        """Return the resources of a type."""
        return list(self.document["resource"].get(f"aws_{type_}", {}).values())

    def only(self, type_: str) -> Resource:
        """Return the one resource of a type."""
        (resource,) = self.all(type_)
        return resource

    def named(self, type_: str, noun: str) -> Resource:
        """Return the resource of a type with the name `<project>-<environment>-<noun>`."""
        (resource,) = (one for one in self.all(type_) if name_of(one) == f"{self.name}-{noun}")
        return resource

    def referred(self, text: str) -> Resource:
        """Return the resource that a text refers to. The text is nothing but a reference."""
        match = REFERENCE.fullmatch(text)
        assert match, f"{text!r} refers to no resource"
        return self._resource(match)

    def reference(self, resource: Resource, attribute: str) -> str:
        """Return the text that refers to an attribute of the resource."""
        for type_, resources in self.document["resource"].items():
            for id_, one in resources.items():
                if one is resource:
                    return f"${{{type_}.{id_}.{attribute}}}"
        raise LookupError("not a resource of this stack")

    def readable(self, text: str) -> str:
        """Return the text with each reference as `{<path in the stack>.<attribute>}`."""
        return REFERENCE.sub(lambda match: f"{{{path_of(self._resource(match))}.{match[3]}}}", text)

    def _resource(self, match: re.Match[str]) -> Resource:
        resource: Resource = self.document["resource"][f"aws_{match[1]}"][match[2]]
        return resource


def name_of(resource: Resource) -> str:
    """Return the resource's name on AWS, if it has one."""
    return next((str(resource[key]) for key in NAMES if key in resource), "")


def path_of(resource: Resource) -> str:
    """Return the resource's place in its stack, for example `announce/Role`."""
    path: str = resource["//"]["metadata"]["path"]
    return path.partition("/")[2].removesuffix("/Resource")


def unescaped(text: str) -> str:
    """Return a text as Terraform reads it: its escaped template marks become plain.

    The text has no references.
    """
    return text.replace("$${", "${").replace("%%{", "%{")
