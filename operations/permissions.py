"""What the role of the person on call needs, and nothing more."""

from typing import Any

from operations.places import FUNCTIONS, OPEN_ORDERS, Places
from operations.undelivered_objects import PREFIXES

Statement = dict[str, Any]


def policy(places: Places) -> dict[str, Any]:
    """An IAM policy with exact actions and resources for every command."""
    return {"Version": "2012-10-17", "Statement": [*_reading(places), *_changing(places)]}


def _reading(places: Places) -> list[Statement]:
    orders = places.arn("dynamodb", f"table/{places.orders_table}")
    payments = places.arn("dynamodb", f"table/{places.payments_table}")
    queues = [places.arn("sqs", places.queue), places.arn("sqs", places.dead_letter_queue)]
    return [
        _allow("ReadRows", ["dynamodb:GetItem"], orders, payments),
        _allow("FindOpenOrders", ["dynamodb:Query"], f"{orders}/index/{OPEN_ORDERS}"),
        _allow("FindOrderWithScan", ["dynamodb:Scan"], orders),
        _allow("CountMessages", ["sqs:GetQueueAttributes", "sqs:GetQueueUrl"], *queues),
        _allow("LookAtDeadLetters", ["sqs:ChangeMessageVisibility", "sqs:ReceiveMessage"], queues[1]),
        _allow("ReadLogs", ["logs:FilterLogEvents"], *_log_groups(places)),
        _allow("ListUndelivered", ["s3:ListBucket"], f"arn:aws:s3:::{places.undelivered}"),
        _allow("ReadUndelivered", ["s3:GetObject"], *_undelivered(places)),
        # The one permission on everything: AWS documents DescribeAlarms' full answer for `*` only.
        _allow("ReadAlarms", ["cloudwatch:DescribeAlarms"], "*"),
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
        _allow("RemoveAnnounced", ["s3:DeleteObject"], *_undelivered(places)),
    ]


def _undelivered(places: Places) -> list[str]:
    """What `announce` may have left; another function's own prefix is none of it."""
    return [f"arn:aws:s3:::{places.undelivered}/{prefix}*" for prefix in PREFIXES]


def _log_groups(places: Places) -> list[str]:
    groups = [places.workflow_log, *(places.function_log(use_case) for use_case in FUNCTIONS)]
    # CloudWatch Logs names a group in both ways; `:*` means its streams, not other groups.
    return [places.arn("logs", f"log-group:{group}{streams}") for group in groups for streams in ("", ":*")]


def _function(places: Places, use_case: str) -> str:
    return places.arn("lambda", f"function:{places.function(use_case)}")


def _allow(sid: str, actions: list[str], *resources: str) -> Statement:
    return {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": list(resources)}
