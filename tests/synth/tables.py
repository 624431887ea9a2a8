"""Keys of the synthesized tables, and names of attributes in resolver code."""

import re

from tests.synth.stack import Resource

KEY_IN_CODE = re.compile(r"\bkey: util\.dynamodb\.toMapValues\(\{ ([^}]*) \}\)")


def names_in(literal: str) -> list[str]:
    """The names in the body of a JavaScript object literal."""
    return re.findall(r"(?:^|,)\s*(\w+)", literal)


def key_of(table: Resource) -> set[str]:
    return {table["hash_key"], table["range_key"]}


def index_of(table: Resource) -> set[str]:
    (index,) = table["global_secondary_index"]
    return {index["hash_key"], index["range_key"]}
