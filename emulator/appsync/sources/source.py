"""What every data source has in common."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from emulator.appsync.errors import MappingFailed


@dataclass(frozen=True, kw_only=True)
class SourceError:
    """What a response handler sees as ctx.error."""

    message: str
    type: str


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a response handler sees as ctx.result and ctx.error."""

    result: Any = None
    error: SourceError | None = None


class Source(Protocol):
    """Somewhere to send a resolver's request."""

    async def invoke(self, request: Any) -> Answer:
        """Carry the request out; raises FieldFailed when it isn't a request for this kind of source."""
        ...


def fields_of(
    request: Any, *, known: Collection[str], required: Collection[str] = (), at: str = "$"
) -> Mapping[str, Any]:
    """Return the request's fields; raises MappingFailed for a field that is missing or unknown, as AppSync does."""
    if not isinstance(request, dict):
        raise MappingFailed(f"Expected an object at '{at}', got {type(request).__name__}.")
    for name in required:
        if request.get(name) is None:
            raise MappingFailed(f"Value for field '{at}[{name}]' not found.")
    for name in request:
        if name not in known:
            raise MappingFailed(f"Unsupported element '{at}[{name}]'.")
    return {name: value for name, value in request.items() if value is not None}
