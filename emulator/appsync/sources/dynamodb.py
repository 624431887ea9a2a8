"""The AMAZON_DYNAMODB data source: operations on one item and queries. Others are in transactions.py."""

import base64
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from emulator.appsync.aws_interpretations import Interpretations
from emulator.appsync.errors import MappingFailed, NotSupported
from emulator.appsync.sources import transactions
from emulator.appsync.sources.attribute_values import item_from_wire, map_to_wire
from emulator.appsync.sources.data_source import SourceAnswer, fields_of
from emulator.appsync.sources.dynamodb_client import DynamoDB, DynamoDBFailed
from emulator.appsync.sources.expressions import Expressions
from emulator.appsync.sources.failed_conditions import CONDITION_FIELDS, after_failed_condition, check_handler
from emulator.untrusted_json import parse_object

_READ_FIELDS = ("index", "nextToken", "limit", "consistentRead", "select", "filter", "projection")


class DynamoDBSource:
    """A table, with a role."""

    def __init__(self, connect: Callable[[], DynamoDB], *, table: str, interpretations: Interpretations) -> None:
        self._connect = connect
        self._table = table
        self._gives_row = interpretations.failed_condition_gives_row
        self._operations: Mapping[str, Callable[[Any, DynamoDB], Awaitable[SourceAnswer]]] = {
            "GetItem": self._get,
            "PutItem": self._put,
            "UpdateItem": self._update,
            "DeleteItem": self._delete,
            "Query": self._query,
            "Scan": self._scan,
            "BatchGetItem": transactions.batch_get,
            "TransactGetItems": transactions.transact_get,
            "TransactWriteItems": transactions.transact_write,
        }

    async def invoke(self, request: Any) -> SourceAnswer:
        """Execute one of DynamoDB's operations; an error of DynamoDB becomes ctx.error."""
        operation = request.get("operation") if isinstance(request, dict) else None
        if operation is None:
            raise MappingFailed("Value for field '$[operation]' not found.")
        if operation not in self._operations:
            raise NotSupported(f"the DynamoDB operation {operation}")
        fields = {name: value for name, value in request.items() if name not in ("operation", "version")}
        try:
            return await self._operations[operation](fields, self._connect())
        except DynamoDBFailed as failure:
            return SourceAnswer(error=failure.as_error())

    async def _get(self, request: Any, dynamodb: DynamoDB) -> SourceAnswer:
        fields = fields_of(request, known=("key", "consistentRead", "projection"), required=("key",))
        call = {"TableName": self._table, "Key": _key(fields), "ConsistentRead": fields.get("consistentRead", False)}
        call |= Expressions().add("ProjectionExpression", fields.get("projection"), at="$[projection]").request
        return SourceAnswer(result=item_from_wire((await dynamodb.call("GetItem", call)).get("Item")))

    async def _put(self, request: Any, dynamodb: DynamoDB) -> SourceAnswer:
        fields = fields_of(request, known=("key", "attributeValues", "condition"), required=("key",))
        key = _key(fields)
        item = map_to_wire(fields.get("attributeValues", {}), at="$[attributeValues]") | key
        call = {"TableName": self._table, "Item": item}
        answer = await self._write("PutItem", call, Expressions(), fields, key, dynamodb, wanted=item)
        return answer if isinstance(answer, SourceAnswer) else SourceAnswer(result=item_from_wire(item))

    async def _update(self, request: Any, dynamodb: DynamoDB) -> SourceAnswer:
        fields = fields_of(request, known=("key", "update", "condition"), required=("key", "update"))
        key = _key(fields)
        expressions = Expressions().add("UpdateExpression", fields["update"], at="$[update]")
        call = {"TableName": self._table, "Key": key, "ReturnValues": "ALL_NEW"}
        answer = await self._write("UpdateItem", call, expressions, fields, key, dynamodb)
        return (
            answer
            if isinstance(answer, SourceAnswer)
            else SourceAnswer(result=item_from_wire(answer.get("Attributes")))
        )

    async def _delete(self, request: Any, dynamodb: DynamoDB) -> SourceAnswer:
        fields = fields_of(request, known=("key", "condition"), required=("key",))
        key = _key(fields)
        call = {"TableName": self._table, "Key": key, "ReturnValues": "ALL_OLD"}
        answer = await self._write("DeleteItem", call, Expressions(), fields, key, dynamodb)
        return (
            answer
            if isinstance(answer, SourceAnswer)
            else SourceAnswer(result=item_from_wire(answer.get("Attributes")))
        )

    async def _write(
        self,
        operation: str,
        call: dict[str, Any],
        expressions: Expressions,
        fields: Mapping[str, Any],
        key: dict[str, Any],
        dynamodb: DynamoDB,
        *,
        wanted: dict[str, Any] | None = None,
    ) -> dict[str, Any] | SourceAnswer:
        """Return DynamoDB's answer, or AppSync's own when the condition fails."""
        condition = fields.get("condition")
        check_handler(condition)
        expressions.add("ConditionExpression", condition, at="$[condition]", more=CONDITION_FIELDS)
        try:
            return await dynamodb.call(operation, call | expressions.request)
        except DynamoDBFailed as failure:
            if failure.code != "ConditionalCheckFailedException" or condition is None:
                raise
            return await after_failed_condition(
                failure,
                dynamodb=dynamodb,
                table=self._table,
                key=key,
                condition=condition,
                wanted=wanted,
                is_delete=operation == "DeleteItem",
                gives_row=self._gives_row,
            )

    async def _query(self, request: Any, dynamodb: DynamoDB) -> SourceAnswer:
        fields = fields_of(request, known=("query", "scanIndexForward", *_READ_FIELDS), required=("query",))
        expressions = Expressions().add("KeyConditionExpression", fields["query"], at="$[query]")
        return await self._read(
            "Query", fields, expressions, dynamodb, {"ScanIndexForward": fields.get("scanIndexForward")}
        )

    async def _scan(self, request: Any, dynamodb: DynamoDB) -> SourceAnswer:
        fields = fields_of(request, known=("segment", "totalSegments", *_READ_FIELDS))
        more = {"Segment": fields.get("segment"), "TotalSegments": fields.get("totalSegments")}
        return await self._read("Scan", fields, Expressions(), dynamodb, more)

    async def _read(
        self,
        operation: str,
        fields: Mapping[str, Any],
        expressions: Expressions,
        dynamodb: DynamoDB,
        more: dict[str, Any],
    ) -> SourceAnswer:
        expressions.add("FilterExpression", fields.get("filter"), at="$[filter]")
        expressions.add("ProjectionExpression", fields.get("projection"), at="$[projection]")
        call = {
            "TableName": self._table,
            "IndexName": fields.get("index"),
            "Limit": fields.get("limit"),
            "ConsistentRead": fields.get("consistentRead"),
            "Select": fields.get("select"),
            "ExclusiveStartKey": _start_key(fields.get("nextToken")),
        }
        answer = await dynamodb.call(operation, call | more | expressions.request)
        items = [item_from_wire(item) for item in answer.get("Items", [])]
        token = _next_token(answer.get("LastEvaluatedKey"))
        return SourceAnswer(result={"items": items, "nextToken": token, "scannedCount": answer.get("ScannedCount", 0)})


def _key(fields: Mapping[str, Any]) -> dict[str, Any]:
    return map_to_wire(fields["key"], at="$[key]")


def _next_token(last_key: dict[str, Any] | None) -> str | None:
    """Return the token with which a query continues; clients can't read it, as on AWS."""
    return base64.urlsafe_b64encode(json.dumps(last_key).encode()).decode() if last_key else None


def _start_key(token: str | None) -> dict[str, Any] | None:
    if token is None:
        return None
    try:
        return parse_object(base64.urlsafe_b64decode(token))
    except ValueError as error:
        raise MappingFailed("Invalid pagination token given.") from error
