"""What the role of the person on call needs, and nothing more."""

from typing import Any

from operations.places import FUNCTIONS, OPEN_ORDERS, Places

Statement = dict[str, Any]


def policy(places: Places) -> dict[str, Any]:
    """An IAM policy with exact actions and resources for every command."""
    return {"Version": "2012-10-17", "Statement": [*_reading(places), *_changing(places)]}


def _reading(places: Places) -> list[Statement]:
    orders = places.arn("dynamodb", f"table/{places.orders_table}")
    payments = places.arn("dynamodb", f"table/{places.payments_table}")
    queues = [places.arn("sqs", places.queue), places.arn("sqs", places.dead_letter_queue)]
    logs = [places.workflow_log, *(places.function_log(use_case) for use_case in FUNCTIONS)]
    bucket = f"arn:aws:s3:::{places.undelivered}"
    return [
        _allow("ReadRows", ["dynamodb:GetItem"], orders, payments),
        _allow("FindOpenOrders", ["dynamodb:Query"], f"{orders}/index/{OPEN_ORDERS}"),
        _allow("FindOrderWithScan", ["dynamodb:Scan"], orders),
        _allow("CountMessages", ["sqs:GetQueueAttributes", "sqs:GetQueueUrl"], *queues),
        _allow("LookAtDeadLetters", ["sqs:ChangeMessageVisibility", "sqs:ReceiveMessage"], queues[1]),
        # CloudWatch Logs writes a log group's ARN with `:*`: it means the group's streams, not other groups.
        _allow("ReadLogs", ["logs:FilterLogEvents"], *(places.arn("logs", f"log-group:{group}:*") for group in logs)),
        _allow("ListUndelivered", ["s3:ListBucket"], bucket),
        _allow("ReadUndelivered", ["s3:GetObject"], f"{bucket}/*"),
        _allow(
            "ReadAlarms",
            ["cloudwatch:DescribeAlarms"],
            *(places.arn("cloudwatch", f"alarm:{name}") for name in places.alarms),
        ),
        _allow("ReadSettings", ["lambda:GetFunctionConfiguration"], _function(places, "sweep")),
    ]


def _changing(places: Places) -> list[Statement]:
    queue, dead_letters = places.arn("sqs", places.queue), places.arn("sqs", places.dead_letter_queue)
    moving = ["sqs:DeleteMessage", "sqs:ListMessageMoveTasks", "sqs:PurgeQueue", "sqs:StartMessageMoveTask"]
    return [
        _allow("MakeOrderDue", ["dynamodb:UpdateItem"], places.arn("dynamodb", f"table/{places.orders_table}")),
        _allow("TakeDeadLetters", moving, dead_letters),
        _allow("SendHints", ["sqs:SendMessage"], queue),
        _allow("RunFunctions", ["lambda:InvokeFunction"], _function(places, "announce"), _function(places, "sweep")),
        _allow("RemoveAnnounced", ["s3:DeleteObject"], f"arn:aws:s3:::{places.undelivered}/*"),
    ]


def _function(places: Places, use_case: str) -> str:
    return places.arn("lambda", f"function:{places.function(use_case)}")


def _allow(sid: str, actions: list[str], *resources: str) -> Statement:
    return {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": list(resources)}
