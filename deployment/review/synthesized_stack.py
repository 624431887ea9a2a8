"""A synthesized stack, read from the JSON that Terraform will be given."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

# A whole `${type.id.attribute}`; `$${` is text to Terraform, not a reference.
REFERENCE = re.compile(r"(?<!\$)\$\{([a-z][a-z0-9]*_\w+)\.([\w-]+)\.([\w.]+)\}")
ADDRESS = re.compile(r"\b([a-z][a-z0-9]*_\w+)\.([\w-]+)")
NAMES = ("name", "function_name", "bucket", "alarm_name", "dashboard_name", "url")


@dataclass(frozen=True)
class Resource:
    """One resource: Terraform's address, its place among the constructs, and its attributes."""

    type: str
    id: str
    path: str
    attributes: Mapping[str, Any]

    @property
    def address(self) -> str:
        """Terraform's name of the resource."""
        return f"{self.type}.{self.id}"

    @property
    def name(self) -> str:
        """The resource's name on AWS, or what comes nearest to one; may hold references."""
        if self.type == "aws_appsync_resolver":
            return f"{self.attributes['type']}.{self.attributes['field']}"
        return next((str(self.attributes[key]) for key in NAMES if key in self.attributes), "")


@dataclass(frozen=True)
class SynthesizedStack:
    """The stack's name and its document."""

    name: str
    document: Mapping[str, Any]

    @classmethod
    def read(cls, folder: Path) -> "SynthesizedStack":
        """Read the stack that was synthesized into a folder of its name."""
        return cls(folder.name, json.loads((folder / "cdk.tf.json").read_text(encoding="utf-8")))

    @cached_property
    def resources(self) -> tuple[Resource, ...]:
        """All resources, by address."""
        found = [
            Resource(type_, id_, _path(body), {key: value for key, value in body.items() if key != "//"})
            for type_, bodies in self.document.get("resource", {}).items()
            for id_, body in bodies.items()
        ]
        return tuple(sorted(found, key=lambda resource: resource.address))

    @cached_property
    def by_address(self) -> dict[str, Resource]:
        """The resources by Terraform's name."""
        return {resource.address: resource for resource in self.resources}

    def name_of(self, resource: Resource) -> str:
        """The resource's name for people: a key goes by its alias, and references are paths in the stack."""
        aliases = (one for one in self.resources if one.type == "aws_kms_alias")
        named = next((one for one in aliases if self.referred(one.attributes["target_key_id"]) is resource), resource)
        return self.readable(named.name)

    def all(self, type_: str) -> list[Resource]:
        """The resources of a type, by name."""
        return sorted((one for one in self.resources if one.type == type_), key=lambda resource: resource.name)

    def referred(self, text: object) -> Resource | None:
        """The resource that a text, nothing but a reference, refers to."""
        match = REFERENCE.fullmatch(text) if isinstance(text, str) else None
        return self.by_address.get(f"{match[1]}.{match[2]}") if match else None

    def references(self, value: object) -> Iterator[Resource]:
        """Yield every resource that some text inside the value mentions, in order."""
        for text in texts(value):
            for expression in re.findall(r"(?<!\$)\$\{([^}]*)\}", text):
                for type_, id_ in ADDRESS.findall(expression):
                    if f"{type_}.{id_}" in self.by_address:
                        yield self.by_address[f"{type_}.{id_}"]

    def readable(self, text: str) -> str:
        """The text with each reference as `{<path in the stack>.<attribute>}`."""

        def replaced(match: re.Match[str]) -> str:
            resource = self.by_address.get(f"{match[1]}.{match[2]}")
            return f"{{{resource.path}.{match[3]}}}" if resource else match[0]

        return REFERENCE.sub(replaced, text)


def texts(value: object) -> Iterator[str]:
    """Yield every text inside lists and objects."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts(one)


def _path(body: Mapping[str, Any]) -> str:
    """The place in the stack, for example `announce/Role`."""
    path: str = body["//"]["metadata"]["path"]
    return path.partition("/")[2].removesuffix("/Resource")
