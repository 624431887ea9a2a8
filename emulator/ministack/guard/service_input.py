"""Checks a JSON body against its operation's input in botocore's service model."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from botocore.exceptions import UnknownServiceError
from botocore.model import OperationNotFoundError, ServiceModel
from botocore.session import get_session

from emulator.ministack.guard.java_patterns import matches

Broken = tuple[str, str]
"""An error of AWS: its name and its message."""

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
_UNBOUNDED = {"blob", "boolean", "structure", "timestamp"}  # a blob's bounds are those of its bytes


def own_members(service: str, operation: str, body: dict[str, Any]) -> dict[str, Any]:
    """Return the members of a body that its operation has; all if the model lacks the operation."""
    try:
        shape = _model(service).operation_model(operation).input_shape
    except OperationNotFoundError:
        return body
    return {name: body[name] for name in (shape.members if shape else ()) if name in body}


def broken_input(service: str, operation: str, body: dict[str, Any]) -> Broken | None:
    """Return the body's first wrong type, or else the first other constraint that it breaks."""
    try:
        shape = _model(service).operation_model(operation).input_shape
    except (OperationNotFoundError, UnknownServiceError):
        return None
    found = list(_broken(body, shape, "$", operation)) if shape else []
    return next((broken for broken in found if broken[0] == WRONG_TYPE), found[0] if found else None)


def has_pattern_of(service: str, shape: str, text: str) -> bool:
    """Return True for a text that the pattern of a shape of the service's model allows."""
    return matches(text, _model(service).shape_for(shape).metadata["pattern"])


@cache
def _model(service: str) -> ServiceModel:
    return get_session().get_service_model(service)


def _broken(value: Any, shape: Any, at: str, name: str) -> Iterator[Broken]:
    """Check a value and all values in it; null counts as missing, unknown members are ignored."""
    kind = shape.type_name
    if value is None:
        return
    if not isinstance(value, _TYPES[kind]) or (isinstance(value, bool) and kind != "boolean"):
        yield WRONG_TYPE, f"{at} must be a {kind}, got {type(value).__name__}"
        return
    if kind not in _UNBOUNDED:
        yield from _broken_bounds(value, shape, name)
    if kind == "structure":
        for member in shape.required_members:
            if value.get(member) is None:
                yield _rule("null ", member, "Member must not be null")
        for member, of in shape.members.items():
            yield from _broken(value.get(member), of, f"{at}.{member}", member)
    elif kind == "map":
        for key, part in value.items():
            yield from _broken(key, shape.key, f"{at} has a key that", name)
            yield from _broken(part, shape.value, f"{at}.{key}", name)
    elif kind == "list":
        if None in value:
            yield _rule("[null] ", name, "Member must not be null")
        for index, part in enumerate(value):
            yield from _broken(part, shape.member, f"{at}[{index}]", name)


def _broken_bounds(value: Any, shape: Any, name: str) -> Iterator[Broken]:
    bounds = shape.metadata
    is_number = isinstance(value, int | float)
    size, what = (value, "value") if is_number else (len(value), "length")
    if size < bounds.get("min", size):
        yield _rule("", name, f"Member must have {what} greater than or equal to {bounds['min']}")
    elif size > bounds.get("max", size):
        yield _rule("", name, f"Member must have {what} less than or equal to {bounds['max']}")
    elif "pattern" in bounds and not matches(value, bounds["pattern"]):
        yield _rule("", name, f"Member must satisfy regular expression pattern: {bounds['pattern']}")


def _rule(value: str, name: str, rule: str) -> Broken:
    member = name[0].lower() + name[1:]
    message = f"1 validation error detected: Value {value}at '{member}' failed to satisfy constraint: {rule}"
    return "InvalidParameterException", message
