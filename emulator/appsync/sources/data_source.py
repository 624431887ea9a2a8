"""The interface of all data sources."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from emulator.appsync.errors import MappingFailed


@dataclass(frozen=True, kw_only=True)
class SourceError:
    """The value of ctx.error in a response handler."""

    message: str
    type: str


@dataclass(frozen=True, kw_only=True)
class SourceAnswer:
    """The values of ctx.result and ctx.error in a response handler."""

    result: Any = None
    error: SourceError | None = None


class Source(Protocol):
    """A data source, which executes a resolver's request."""

    async def invoke(self, request: Any) -> SourceAnswer:
        """Execute the request; raises FieldFailed if this kind of source doesn't accept it."""
        ...


def fields_of(
    request: Any, *, known: Collection[str], required: Collection[str] = (), at: str = "$"
) -> Mapping[str, Any]:
    """Return the request's fields; raises MappingFailed for a missing or unknown one."""
    if not isinstance(request, dict):
        raise MappingFailed(f"Expected an object at '{at}', got {type(request).__name__}.")
    for name in required:
        if request.get(name) is None:
            raise MappingFailed(f"Value for field '{at}[{name}]' not found.")
    for name in request:
        if name not in known:
            raise MappingFailed(f"Unsupported element '{at}[{name}]'.")
    return {name: value for name, value in request.items() if value is not None}
