"""The NONE data source."""

from typing import Any

from emulator.appsync.sources.source import Answer, fields_of


class NoneSource:
    """Passes the request's payload to the response handler."""

    async def invoke(self, request: Any) -> Answer:
        """Return the payload."""
        return Answer(result=fields_of(request, known=("payload", "version")).get("payload"))
