"""Check a JSON body against its operation's input, by the service model that botocore has."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from botocore.model import OperationNotFoundError, ServiceModel
from botocore.session import get_session

Broken = tuple[str, str]
"""The name of AWS's error, and its message."""

WRONG_TYPE = "SerializationException"
_TYPES: dict[str, Any] = {
    "structure": dict,
    "map": dict,
    "list": list,
    "string": str,
    "blob": str,
    "boolean": bool,
    "integer": int,
    "long": int,
    "float": (int, float),
    "double": (int, float),
    "timestamp": (int, float, str),
}


def broken_input(service: str, operation: str, body: dict[str, Any]) -> Broken | None:
    """Return the first wrong type that the body has, else the first required member or length that it breaks."""
    try:
        shape = _model(service).operation_model(operation).input_shape
    except OperationNotFoundError:
        return None
    found = list(_broken(body, shape, "$", operation)) if shape else []
    return next((broken for broken in found if broken[0] == WRONG_TYPE), found[0] if found else None)


@cache
def _model(service: str) -> ServiceModel:
    return get_session().get_service_model(service)


def _broken(value: Any, shape: Any, at: str, name: str) -> Iterator[Broken]:
    """Look at a value and at what is in it; null is as good as left out, and what isn't in the model is passed over."""
    kind = shape.type_name
    if value is None:
        return
    if not isinstance(value, _TYPES[kind]) or (isinstance(value, bool) and kind != "boolean"):
        yield WRONG_TYPE, f"{at} must be a {kind}, got {type(value).__name__}"
    elif kind == "string":
        yield from _broken_lengths(value, shape.metadata, name)
    elif kind == "structure":
        for member in shape.required_members:
            if value.get(member) is None:
                yield _rule("null ", member, "Member must not be null")
        for member, of in shape.members.items():
            yield from _broken(value.get(member), of, f"{at}.{member}", member)
    elif kind == "map":
        for key, part in value.items():
            yield from _broken(part, shape.value, f"{at}.{key}", name)
    elif kind == "list":
        if None in value:
            yield _rule("[null] ", name, "Member must not be null")
        for index, part in enumerate(value):
            yield from _broken(part, shape.member, f"{at}[{index}]", name)


def _broken_lengths(value: str, bounds: dict[str, Any], name: str) -> Iterator[Broken]:
    if len(value) < bounds.get("min", 0):
        yield _rule("", name, f"Member must have length greater than or equal to {bounds['min']}")
    if len(value) > bounds.get("max", len(value)):
        yield _rule("", name, f"Member must have length less than or equal to {bounds['max']}")


def _rule(value: str, name: str, rule: str) -> Broken:
    member = name[0].lower() + name[1:]
    message = f"1 validation error detected: Value {value}at '{member}' failed to satisfy constraint: {rule}"
    return "InvalidParameterException", message
