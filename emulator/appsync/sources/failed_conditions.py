"""AppSync's behaviour when DynamoDB rejects the condition of a write.

Source: AppSync developer guide, "Condition expressions", "Handling a condition check failure".
"""

from typing import Any

from emulator.appsync.errors import NotSupported
from emulator.appsync.sources.attribute_values import comparable, item_from_wire
from emulator.appsync.sources.data_source import SourceAnswer
from emulator.appsync.sources.dynamodb_client import DynamoDB, DynamoDBFailed

CONDITION_FIELDS = ("equalsIgnore", "consistentRead", "conditionalCheckFailedHandler")


def check_handler(condition: Any) -> None:
    """Raise NotSupported for a strategy other than to reject the write."""
    handler = condition.get("conditionalCheckFailedHandler") if isinstance(condition, dict) else None
    if handler and handler.get("strategy") != "Reject":
        raise NotSupported(f"the condition strategy {handler.get('strategy')}")


async def after_failed_condition(
    failure: DynamoDBFailed,
    *,
    dynamodb: DynamoDB,
    table: str,
    key: dict[str, Any],
    condition: dict[str, Any],
    wanted: dict[str, Any] | None,
    is_delete: bool = False,
    gives_row: bool = True,
) -> SourceAnswer:
    """Read the item and decide: an item that is already as wanted is a success, else an error.

    `wanted` is the item that a put would have written, or None where AppSync can't know it. The
    error has the item as data, or not without `gives_row` (aws_interpretations.py).
    """
    read = await dynamodb.call(
        "GetItem", {"TableName": table, "Key": key, "ConsistentRead": condition.get("consistentRead", True)}
    )
    current = read.get("Item")
    result = item_from_wire(current)
    if is_delete and current is None:
        return SourceAnswer()
    if wanted is not None and current is not None and _equal(current, wanted, condition.get("equalsIgnore") or []):
        return SourceAnswer(result=result)
    return SourceAnswer(result=result if gives_row else None, error=failure.as_error())


def _equal(one: dict[str, Any], other: dict[str, Any], ignored: list[str]) -> bool:
    kept = [{name: comparable(value) for name, value in item.items() if name not in ignored} for item in (one, other)]
    return kept[0] == kept[1]
