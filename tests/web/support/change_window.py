"""Orders that can be changed for a while, in a deployment that gives customers no time for it."""

from datetime import UTC, datetime, timedelta

from tests.e2e.support.account import Account
from tests.web.support.people import Customer


def pretend_it_can_be_changed(account: Account, customer: Customer, order_id: str, *, seconds: int) -> None:
    """Give a PENDING order a change window: the tests' deployment has none, as `make up` has none."""
    until = datetime.now(UTC) + timedelta(seconds=seconds)
    account.client("dynamodb").update_item(
        TableName=account.outputs["orders_table"],
        Key={"user_id": {"S": customer.user_id}, "id": {"S": order_id}},
        UpdateExpression="SET changeable_until = :until",
        ConditionExpression="#status = :pending",
        ExpressionAttributeNames={"#status": "status"},
        ExpressionAttributeValues={
            ":until": {"S": until.isoformat(timespec="milliseconds").replace("+00:00", "Z")},
            ":pending": {"S": "PENDING"},
        },
    )
