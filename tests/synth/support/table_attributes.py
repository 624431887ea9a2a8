"""Keys of the synthesized tables, and names of attributes in resolver code and rows."""

import re
from collections.abc import Mapping
from typing import Any

from tests.synth.support.stack_json import Resource

# A transaction names the table before the key, as a constant.
KEY_IN_CODE = re.compile(r"(?:\btable: (\w+), )?\bkey: util\.dynamodb\.toMapValues\(\{ ([^}]*) \}\)")


class AskedRow(dict[str, Any]):
    """A row that records which of its attributes were read."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        super().__init__(row)
        self.names: set[str] = set()

    def get(self, name: str, default: Any = None) -> Any:
        self.names.add(name)
        return super().get(name, default)


def names_in(literal: str) -> list[str]:
    """Return the names in the body of a JavaScript object literal."""
    return re.findall(r"(?:^|,)\s*(\w+)", literal)


def key_of(table: Resource) -> set[str]:
    return {table["hash_key"], table["range_key"]}


def index_of(table: Resource) -> set[str]:
    (index,) = table["global_secondary_index"]
    return {index["hash_key"], index["range_key"]}
