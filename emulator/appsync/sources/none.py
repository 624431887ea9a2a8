"""The NONE data source."""

from typing import Any

from emulator.appsync.sources.data_source import SourceAnswer, fields_of


class NoneSource:
    """Passes the request's payload to the response handler."""

    async def invoke(self, request: Any) -> SourceAnswer:
        """Return the payload."""
        return SourceAnswer(result=fields_of(request, known=("payload", "version")).get("payload"))
