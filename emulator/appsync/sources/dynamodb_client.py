"""DynamoDB's API, called with typed values."""

import json
from typing import Any

from emulator.appsync.errors import FieldFailed
from emulator.appsync.sources.data_source import SourceError
from emulator.appsync.sources.http_connections import NoAnswer
from emulator.appsync.sources.service_requests import EmulatedServices
from emulator.principals import Credentials

_MODELED = frozenset(
    {
        "ConditionalCheckFailedException",
        "ItemCollectionSizeLimitExceededException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ResourceNotFoundException",
        "TransactionCanceledException",
        "TransactionConflictException",
    }
)


class DynamoDBFailed(Exception):
    """DynamoDB refused a call."""

    def __init__(self, code: str, message: str, *, status: int, request_id: str, body: dict[str, Any]) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.body = body
        self._text = f"{message} (Service: DynamoDb, Status Code: {status}, Request ID: {request_id})"

    def as_error(self) -> SourceError:
        """Return ctx.error; AppSync uses DynamoDbException for an error without its own class."""
        return SourceError(
            message=self._text, type=f"DynamoDB:{self.code if self.code in _MODELED else 'DynamoDbException'}"
        )


class DynamoDB:
    """DynamoDB's operations with one role, in one region."""

    def __init__(self, services: EmulatedServices, *, region: str, credentials: Credentials) -> None:
        self._services = services
        self._region = region
        self._credentials = credentials

    async def call(self, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        """Return the answer; raises DynamoDBFailed."""
        headers = {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": f"DynamoDB_20120810.{operation}"}
        try:
            response = await self._services.send(
                "POST",
                "/",
                service="dynamodb",
                region=self._region,
                credentials=self._credentials,
                headers=headers,
                body=json.dumps({name: value for name, value in request.items() if value is not None}).encode(),
            )
        except NoAnswer as error:
            raise FieldFailed(str(error), "InternalFailure") from error
        body: dict[str, Any] = json.loads(response.body)
        if response.is_success:
            return body
        raise DynamoDBFailed(
            str(body.get("__type", "")).rpartition("#")[2],
            str(body.get("message") or body.get("Message") or ""),
            status=response.status,
            request_id=response.headers.get("x-amzn-requestid", ""),
            body=body,
        )
