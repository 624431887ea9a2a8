"""Orders that can be changed for a while, in a deployment without a change window."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from tests.e2e.support.administrator_access import AdministratorAccess, Row


def moment_in(seconds: int) -> str:
    """Return the time so many seconds from now, in the format of the rows."""
    moment = datetime.now(UTC) + timedelta(seconds=seconds)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def pretend_it_can_be_changed(account: AdministratorAccess, user_id: str, order_id: str, *, seconds: int) -> None:
    """Give a PENDING order a change window, which the tests' deployment doesn't have."""
    account.client("dynamodb").update_item(
        TableName=account.outputs["orders_table"],
        Key={"user_id": {"S": user_id}, "id": {"S": order_id}},
        UpdateExpression="SET changeable_until = :until",
        ConditionExpression="#status = :pending",
        ExpressionAttributeNames={"#status": "status"},
        ExpressionAttributeValues={":until": {"S": moment_in(seconds)}, ":pending": {"S": "PENDING"}},
    )


def place_one_that_can_be_changed(account: AdministratorAccess, like: Row, order_id: str, *, seconds: int) -> None:
    """Write the row that postOrder writes where there is a change window."""
    row = {**like, "id": {"S": order_id}, "changeable_until": {"S": moment_in(seconds)}}
    account.client("dynamodb").put_item(TableName=account.outputs["orders_table"], Item=row)


@contextmanager
def new_orders_announced(account: AdministratorAccess) -> Iterator[None]:
    """Deliver new rows to `announce`, as in a deployment with a change window."""
    mappings, name = account.client("lambda"), account.outputs["functions"]["announce"]
    (mapping,) = mappings.list_event_source_mappings(FunctionName=name)["EventSourceMappings"]
    pattern = json.dumps({"eventName": ["INSERT", "MODIFY"]})
    mappings.update_event_source_mapping(UUID=mapping["UUID"], FilterCriteria={"Filters": [{"Pattern": pattern}]})
    try:
        yield
    finally:
        mappings.update_event_source_mapping(UUID=mapping["UUID"], FilterCriteria=mapping["FilterCriteria"])
