"""Whether a JSON body has the types of its operation's input, by the service model that botocore has."""

from functools import cache
from typing import Any

from botocore.model import OperationNotFoundError, ServiceModel
from botocore.session import get_session

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


def wrong_type(service: str, operation: str, body: dict[str, Any]) -> str | None:
    """Return which value of the body has another type than the operation takes, None for none."""
    try:
        shape = _model(service).operation_model(operation).input_shape
    except OperationNotFoundError:
        return None
    return None if shape is None else _wrong(body, shape, "$")


@cache
def _model(service: str) -> ServiceModel:
    return get_session().get_service_model(service)


def _wrong(value: Any, shape: Any, at: str) -> str | None:
    """Look at a value and at what is in it; null is as good as left out, and what isn't in the model is passed over."""
    if value is None:
        return None
    kind = shape.type_name
    if not isinstance(value, _TYPES[kind]) or (isinstance(value, bool) and kind != "boolean"):
        return f"{at} must be a {kind}, got {type(value).__name__}"
    parts: list[tuple[Any, Any, str]] = []
    if kind == "structure":
        parts = [(value.get(name), member, f"{at}.{name}") for name, member in shape.members.items()]
    elif kind == "map":
        parts = [(part, shape.value, f"{at}.{name}") for name, part in value.items()]
    elif kind == "list":
        parts = [(part, shape.member, f"{at}[{index}]") for index, part in enumerate(value)]
    return next((found for part in parts if (found := _wrong(*part))), None)
