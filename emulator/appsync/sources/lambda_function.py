"""The AWS_LAMBDA data source."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from emulator.appsync.errors import NotSupported
from emulator.appsync.sources.data_source import SourceAnswer, SourceError, fields_of
from emulator.appsync.sources.http_connections import NoAnswer, Reply
from emulator.appsync.sources.service_requests import EmulatedServices
from emulator.principals import Credentials


class FunctionSource:
    """A Lambda function, invoked with a role."""

    def __init__(
        self, services: EmulatedServices, *, function_arn: str, credentials: Callable[[], Credentials]
    ) -> None:
        self._services = services
        self._function_arn = function_arn
        self._credentials = credentials

    async def invoke(self, request: Any) -> SourceAnswer:
        """Invoke the function with the payload; an error of the function becomes ctx.error."""
        fields = fields_of(
            request, known=("operation", "payload", "invocationType", "version"), required=("operation",)
        )
        if fields["operation"] != "Invoke":
            raise NotSupported(f"the Lambda operation {fields['operation']}")
        kind = fields.get("invocationType", "RequestResponse")
        try:
            response = await self._services.send(
                "POST",
                f"/2015-03-31/functions/{quote(self._function_arn, safe='')}/invocations",
                service="lambda",
                region=self._function_arn.split(":")[3],
                credentials=self._credentials(),
                headers={"X-Amz-Invocation-Type": kind, "Content-Type": "application/json"},
                body=json.dumps(fields.get("payload")).encode(),
            )
        except NoAnswer as error:
            return SourceAnswer(error=SourceError(message=str(error), type="InternalFailure"))
        return _answer(response)


def _answer(response: Reply) -> SourceAnswer:
    body = json.loads(response.body) if response.body else None
    if not response.is_success:
        name = str(response.headers.get("x-amzn-errortype") or (body or {}).get("__type") or "AWSLambdaException")
        message = (body or {}).get("message") or (body or {}).get("Message") or response.text
        return SourceAnswer(
            error=SourceError(message=message, type=f"Lambda:{name.partition(':')[0].rpartition('#')[2]}")
        )
    if function_error := response.headers.get("x-amz-function-error"):
        message = str(body.get("errorMessage", "")) if isinstance(body, dict) else response.text
        return SourceAnswer(error=SourceError(message=message, type=f"Lambda:{function_error}"))
    return SourceAnswer(result=body)
