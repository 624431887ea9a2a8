"""Expressions of a DynamoDB request, with their names and values."""

from typing import Any

from emulator.appsync.errors import MappingFailed
from emulator.appsync.sources.attribute_values import map_to_wire
from emulator.appsync.sources.data_source import fields_of

_KNOWN = ("expression", "expressionNames", "expressionValues")


class Expressions:
    """Collects the expressions of one call, which share their names and values."""

    def __init__(self) -> None:
        self.request: dict[str, Any] = {}
        self._names: dict[str, str] = {}
        self._values: dict[str, Any] = {}

    def add(self, parameter: str, expression: Any, *, at: str, more: tuple[str, ...] = ()) -> "Expressions":
        """Add an expression, or None, as the call's parameter; `more` are more allowed fields."""
        if expression is None:
            return self
        fields = fields_of(expression, known=(*_KNOWN, *more), required=("expression",), at=at)
        self.request[parameter] = fields["expression"]
        self._merge(self._names, fields.get("expressionNames", {}), at)
        self._merge(self._values, map_to_wire(fields.get("expressionValues", {}), at=f"{at}[expressionValues]"), at)
        if self._names:
            self.request["ExpressionAttributeNames"] = self._names
        if self._values:
            self.request["ExpressionAttributeValues"] = self._values
        return self

    def _merge(self, known: dict[str, Any], more: dict[str, Any], at: str) -> None:
        for name, value in more.items():
            if known.setdefault(name, value) != value:
                raise MappingFailed(f"'{at}' gives {name} another value than the expressions before it.")
