"""A call that needs no signature is refused when it isn't what the service model describes.

AWS: checks types, required members and lengths before anything else.
MiniStack: takes any JSON. A body that is no object, or a user name that is a list, is answered 500.
Source: botocore's service model of cognito-idp, operations with `authtype: none`.
"""

import json
from collections.abc import Callable
from typing import Any

import ministack.app
from ministack.core.iam_actions import _load_botocore_model, unsigned_operations
from ministack.core.responses import error_response_json
from ministack.services import cognito

from local.emulator.repairs.cognito_refusals import Refused
from local.emulator.repairs.patching import Run, replace

Shape = dict[str, Any]
TYPES: dict[str, tuple[type, ...]] = {
    "boolean": (bool,),
    "integer": (int,),
    "list": (list,),
    "map": (dict,),
    "string": (str,),
    "structure": (dict,),
}
TARGET = "AWSCognitoIdentityProviderService."
NO_OBJECT = "The body must be a JSON object."


class Inputs:
    """What the service model says of the input of operations."""

    def __init__(self, operations: frozenset[str]) -> None:
        model = _load_botocore_model("cognito-idp")
        self._shapes: dict[str, Shape] = model["shapes"]
        self._inputs = {name: model["operations"][name]["input"]["shape"] for name in operations}

    def require(self, operation: str, data: object) -> None:
        """Check what was sent for an operation; raises Refused."""
        if operation in self._inputs:
            self._check(self._shapes[self._inputs[operation]], data, "input")

    def _check(self, shape: Shape, value: Any, name: str) -> None:
        expected = TYPES.get(shape["type"])
        if expected and (not isinstance(value, expected) or (isinstance(value, bool) and bool not in expected)):
            raise Refused("SerializationException", f"{name} must be a {shape['type']}, not {type(value).__name__}.")
        if shape["type"] == "string":
            _check_length(shape, value, name)
        elif shape["type"] == "structure":
            self._check_members(shape, value)
        elif shape["type"] == "list":
            for item in value:
                self._check(self._shapes[shape["member"]["shape"]], item, name)
        elif shape["type"] == "map":
            for item in value.values():
                self._check(self._shapes[shape["value"]["shape"]], item, name)

    def _check_members(self, shape: Shape, value: dict[str, Any]) -> None:
        for name in shape.get("required", []):
            if value.get(name) is None:
                raise Refused("InvalidParameterException", _broken("null ", name, "Member must not be null"))
        for name, member in shape["members"].items():
            if value.get(name) is not None:
                self._check(self._shapes[member["shape"]], value[name], name)


def _is_object(body: bytes) -> bool:
    """Return True for a JSON object that can be worked with: not nested without end, in whole characters."""
    try:
        value = json.loads(body or b"{}")
        json.dumps(value, ensure_ascii=False).encode()
    except (RecursionError, ValueError):
        return False
    return isinstance(value, dict)


def _check_length(shape: Shape, value: str, name: str) -> None:
    for bound, broken, words in (
        ("min", len(value) < shape.get("min", 0), "greater than or equal to"),
        ("max", len(value) > shape.get("max", len(value)), "less than or equal to"),
    ):
        if broken:
            rule = f"Member must have length {words} {shape[bound]}"
            raise Refused("InvalidParameterException", _broken("", name, rule))


def _broken(value: str, name: str, rule: str) -> str:
    member = name[0].lower() + name[1:]
    return f"1 validation error detected: Value {value}at '{member}' failed to satisfy constraint: {rule}"


def apply(_run: Run) -> None:
    """Check the body of a call before it is looked at."""
    inputs = Inputs(unsigned_operations("cognito-idp"))

    def build_reading(original: Callable[..., Any]) -> Callable[..., Any]:
        async def dispatch(method: str, path: str, headers: Any, body: bytes, *more: Any) -> Any:
            if headers.get("x-amz-target", "").startswith(TARGET) and not _is_object(body):
                return error_response_json("SerializationException", NO_OBJECT, 400)
            return await original(method, path, headers, body, *more)

        return dispatch

    def build_running(original: Callable[..., Any]) -> Callable[..., Any]:
        def run(handler: Callable[..., Any], action: str, data: dict[str, Any]) -> Any:
            inputs.require(action, data)
            return original(handler, action, data)

        return run

    replace(ministack.app, "_dispatch_service_request", build_reading)
    replace(cognito, "_run_idp_handler", build_running)
