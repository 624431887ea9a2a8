"""Errors, and their form and wording in AppSync's answers."""

from collections.abc import Sequence
from typing import Any

from graphql import SourceLocation

from emulator.appsync.javascript import RaisedError


class RequestRefused(Exception):
    """The request isn't executed; its answer has no data."""

    def __init__(self, status: int, error_type: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.error_type = error_type
        self.message = message

    def body(self) -> dict[str, Any]:
        """Return the answer's body."""
        return {"errors": [{"errorType": self.error_type, "message": self.message}]}


def internal_failure() -> RequestRefused:
    """Return the refusal after a failure in this program, whose cause is only in the log."""
    return RequestRefused(500, "InternalFailure", "Internal failure of the local AppSync, see its log.")


class FieldFailed(Exception):
    """A field has no value because of this error."""

    def __init__(
        self, message: str, error_type: str | None = None, *, data: Any = None, error_info: Any = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.error_type = error_type
        self.data = data
        self.error_info = error_info

    @classmethod
    def of(cls, raised: RaisedError) -> "FieldFailed":
        """Build the failure for an error that a handler raised."""
        return cls(raised.message, raised.error_type, data=raised.data, error_info=raised.error_info)


class NotSupported(FieldFailed):
    """AppSync may support this, but the emulator doesn't; the message names it."""

    def __init__(self, what: str) -> None:
        super().__init__(f"the local AppSync doesn't support {what}", "NotSupported")


class MappingFailed(FieldFailed):
    """A handler's request is not valid for its data source."""

    def __init__(self, message: str) -> None:
        super().__init__(message, "MappingTemplate")


def error_entry(
    message: str,
    *,
    path: list[str | int] | None,
    locations: Sequence[SourceLocation] | None,
    error_type: str | None = None,
    data: Any = None,
    error_info: Any = None,
) -> dict[str, Any]:
    """Return one entry of `errors`, with all keys that AppSync sets."""
    places = [{"line": place.line, "column": place.column, "sourceName": None} for place in locations or []]
    return {
        "path": path,
        "data": data,
        "errorType": error_type,
        "errorInfo": error_info,
        "locations": places or None,
        "message": message,
    }


def not_authorized(type_name: str, field_name: str) -> FieldFailed:
    """Return the error of a field that the caller may not read."""
    return FieldFailed(f"Not Authorized to access {field_name} on type {type_name}", "Unauthorized")
