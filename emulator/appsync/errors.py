"""What can go wrong, and how AppSync words it in an answer."""

from collections.abc import Sequence
from typing import Any

from graphql import SourceLocation

from emulator.appsync.javascript import RaisedError


class RequestRefused(Exception):
    """The request isn't executed at all; the answer has no data."""

    def __init__(self, status: int, error_type: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.error_type = error_type
        self.message = message

    def body(self) -> dict[str, Any]:
        """Return the answer's body."""
        return {"errors": [{"errorType": self.error_type, "message": self.message}]}


def internal_failure() -> RequestRefused:
    """Return the refusal for what went wrong here and is in the log; it tells nothing else."""
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
        """Return the failure for an error that a handler raised."""
        return cls(raised.message, raised.error_type, data=raised.data, error_info=raised.error_info)


class NotSupported(FieldFailed):
    """AppSync may do this, its local stand-in doesn't; the message names it."""

    def __init__(self, what: str) -> None:
        super().__init__(f"the local AppSync doesn't support {what}", "NotSupported")


class MappingFailed(FieldFailed):
    """A handler's request isn't one that its data source takes."""

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
    """Return one element of `errors` with all the keys that AppSync gives it."""
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
    """Return the error of a field that the caller may not see."""
    return FieldFailed(f"Not Authorized to access {field_name} on type {type_name}", "Unauthorized")
