"""DynamoDB's typed values: in a resolver's request, in DynamoDB's API, and as plain JSON."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from emulator.appsync.errors import MappingFailed

_SCALARS = frozenset({"S", "N", "B", "BOOL", "NULL", "SS", "NS", "BS"})


def to_wire(value: Any, *, at: str) -> dict[str, Any]:
    """Return a value of a resolver in DynamoDB's form; resolvers write numbers and null as such."""
    if not isinstance(value, dict) or len(value) != 1:
        raise MappingFailed(f'Expected a DynamoDB attribute value at \'{at}\', such as {{"S": "text"}}, got {value!r}.')
    ((kind, content),) = value.items()
    if kind == "M" and isinstance(content, dict):
        return {"M": map_to_wire(content, at=at)}
    if kind == "L" and isinstance(content, list):
        return {"L": [to_wire(item, at=at) for item in content]}
    if kind not in _SCALARS:
        raise MappingFailed(f"Unsupported DynamoDB attribute value at '{at}': {kind}.")
    if kind == "N":
        return {"N": _number_text(content)}
    if kind == "NS":
        return {"NS": [_number_text(item) for item in content]}
    return {kind: True if kind == "NULL" else content}


def map_to_wire(values: Any, *, at: str) -> dict[str, Any]:
    """Return a map of a resolver's values in DynamoDB's form."""
    if not isinstance(values, dict):
        raise MappingFailed(f"Expected a map of DynamoDB attribute values at '{at}', got {values!r}.")
    return {name: to_wire(value, at=f"{at}[{name}]") for name, value in values.items()}


def from_wire(value: Mapping[str, Any]) -> Any:
    """Return the plain value; a set becomes a list, a number a number."""
    ((kind, content),) = value.items()
    match kind:
        case "M":
            return item_from_wire(content)
        case "L":
            return [from_wire(item) for item in content]
        case "N":
            return _number(content)
        case "NS":
            return [_number(item) for item in content]
        case "NULL":
            return None
        case _:
            return content


def item_from_wire(item: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return the plain item; None for no item."""
    return None if item is None else {name: from_wire(value) for name, value in item.items()}


def comparable(value: Mapping[str, Any]) -> Any:
    """Return a value that is equal for equal attributes: 1.0 equals 1, and a set has no order."""
    ((kind, content),) = value.items()
    match kind:
        case "M":
            return kind, {name: comparable(item) for name, item in content.items()}
        case "L":
            return kind, [comparable(item) for item in content]
        case "N":
            return kind, Decimal(content)
        case "NS":
            return kind, {Decimal(item) for item in content}
        case "SS" | "BS":
            return kind, set(content)
        case _:
            return kind, content


def _number_text(number: Any) -> str:
    return number if isinstance(number, str) else repr(number)


def _number(text: str) -> int | float:
    value = Decimal(text)
    return int(value) if value == value.to_integral_value() else float(value)
