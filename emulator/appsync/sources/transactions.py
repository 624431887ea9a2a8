"""DynamoDB operations on several items, with results in AppSync's form."""

from typing import Any

from emulator.appsync.errors import MappingFailed
from emulator.appsync.sources.attribute_values import comparable, item_from_wire, map_to_wire
from emulator.appsync.sources.data_source import SourceAnswer, fields_of
from emulator.appsync.sources.dynamodb_client import DynamoDB, DynamoDBFailed
from emulator.appsync.sources.expressions import Expressions

_ACTIONS = {"PutItem": "Put", "UpdateItem": "Update", "DeleteItem": "Delete", "ConditionCheck": "ConditionCheck"}


async def batch_get(request: Any, dynamodb: DynamoDB) -> SourceAnswer:
    """Return each table's items in the order of the keys, null for a missing one."""
    tables = fields_of(request, known=("tables",), required=("tables",))["tables"]
    call: dict[str, Any] = {}
    for table, wanted in tables.items():
        at = f"$[tables][{table}]"
        fields = fields_of(wanted, known=("keys", "consistentRead", "projection"), required=("keys",), at=at)
        keys = [map_to_wire(key, at=f"{at}[keys]") for key in fields["keys"]]
        projection = Expressions().add("ProjectionExpression", fields.get("projection"), at=f"{at}[projection]")
        call[table] = {"Keys": keys, "ConsistentRead": fields.get("consistentRead", False)} | projection.request
    answer = await dynamodb.call("BatchGetItem", {"RequestItems": call})
    data = {table: _in_order(call[table]["Keys"], answer["Responses"].get(table, [])) for table in call}
    left = {
        table: [item_from_wire(key) for key in keys["Keys"]]
        for table, keys in answer.get("UnprocessedKeys", {}).items()
    }
    return SourceAnswer(result={"data": data, "unprocessedKeys": {table: left.get(table, []) for table in call}})


async def transact_get(request: Any, dynamodb: DynamoDB) -> SourceAnswer:
    """Return the items in the order of the request, null for a missing one."""
    items = []
    for index, item in enumerate(_items(request)):
        at = f"$[transactItems][{index}]"
        fields = fields_of(item, known=("table", "key", "projection"), required=("table", "key"), at=at)
        get = {"TableName": fields["table"], "Key": map_to_wire(fields["key"], at=f"{at}[key]")}
        get |= Expressions().add("ProjectionExpression", fields.get("projection"), at=f"{at}[projection]").request
        items.append({"Get": get})
    try:
        answer = await dynamodb.call("TransactGetItems", {"TransactItems": items})
    except DynamoDBFailed as failure:
        return _cancelled(failure, "items")
    found = [item_from_wire(response.get("Item")) for response in answer["Responses"]]
    return SourceAnswer(result={"items": found, "cancellationReasons": None})


async def transact_write(request: Any, dynamodb: DynamoDB) -> SourceAnswer:
    """Return the keys of the written items; a transaction writes all of them or none."""
    actions = [_action(item, f"$[transactItems][{index}]") for index, item in enumerate(_items(request))]
    try:
        await dynamodb.call("TransactWriteItems", {"TransactItems": [{name: action} for name, action, _ in actions]})
    except DynamoDBFailed as failure:
        return _cancelled(failure, "keys")
    return SourceAnswer(result={"keys": [item_from_wire(key) for _, _, key in actions], "cancellationReasons": None})


def _items(request: Any) -> list[Any]:
    items = fields_of(request, known=("transactItems",), required=("transactItems",))["transactItems"]
    if not isinstance(items, list):
        raise MappingFailed("Expected a list at '$[transactItems]'.")
    return items


def _action(item: Any, at: str) -> tuple[str, dict[str, Any], dict[str, Any]]:
    known = ("table", "operation", "key", "attributeValues", "update", "condition")
    fields = fields_of(item, known=known, required=("table", "operation", "key"), at=at)
    operation, condition = fields["operation"], fields.get("condition")
    if operation not in _ACTIONS:
        raise MappingFailed(f"Unsupported operation '{operation}' at '{at}'.")
    key = map_to_wire(fields["key"], at=f"{at}[key]")
    action: dict[str, Any] = {"TableName": fields["table"]}
    expressions = Expressions()
    if operation == "PutItem":
        action["Item"] = map_to_wire(fields.get("attributeValues", {}), at=f"{at}[attributeValues]") | key
    else:
        action["Key"] = key
    if operation == "UpdateItem":
        expressions.add("UpdateExpression", fields.get("update"), at=f"{at}[update]")
    expressions.add(
        "ConditionExpression", condition, at=f"{at}[condition]", more=("returnValuesOnConditionCheckFailure",)
    )
    if condition and condition.get("returnValuesOnConditionCheckFailure", True):
        action["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
    return _ACTIONS[operation], action | expressions.request, key


def _cancelled(failure: DynamoDBFailed, name: str) -> SourceAnswer:
    if failure.code != "TransactionCanceledException":
        raise failure
    reasons = [
        {"type": reason.get("Code"), "message": reason.get("Message"), "item": item_from_wire(reason.get("Item"))}
        for reason in failure.body.get("CancellationReasons", [])
    ]
    return SourceAnswer(result={name: None, "cancellationReasons": reasons}, error=failure.as_error())


def _in_order(keys: list[dict[str, Any]], items: list[dict[str, Any]]) -> list[dict[str, Any] | None]:
    def found(key: dict[str, Any]) -> dict[str, Any] | None:
        wanted = {name: comparable(value) for name, value in key.items()}
        for item in items:
            if all(name in item and comparable(item[name]) == value for name, value in wanted.items()):
                return item_from_wire(item)
        return None

    return [found(key) for key in keys]
