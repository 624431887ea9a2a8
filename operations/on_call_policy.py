"""The permissions that the role of the person on call needs, and nothing more."""

from typing import Any

from environments.names import FUNCTIONS, OPEN_ORDERS, Names, bucket_arn, dashboard_arn
from operations.undelivered_objects import PREFIXES

Statement = dict[str, Any]


def on_call_policy(names: Names) -> dict[str, Any]:
    """An IAM policy with exact actions and resources for every command."""
    return {
        "Version": "2012-10-17",
        "Statement": [*_read_statements(names), *_change_statements(names), *_key_statements(names)],
    }


def restore_policy(names: Names) -> dict[str, Any]:
    """An IAM policy for restoring tables beside those in use, for `restore`, and for removing the restored ones."""
    in_use = [names.orders_table, names.payments_table]
    tables = [names.arn("dynamodb", f"table/{name}") for name in in_use]
    # A restored table is named after the one in use: `orders-dev-orders-restored`.
    restored = [f"{table}-*" for table in tables]
    backups = [f"{table}/backup/*" for table in tables]
    # DynamoDB writes the rows of a restored table with the rights of who asked for it (Developer Guide, "Using IAM with
    # DynamoDB backup and restore").
    filling = ["BatchWriteItem", "DeleteItem", "GetItem", "PutItem", "Query", "Scan", "UpdateItem"]
    describing = ["dynamodb:DescribeContinuousBackups", "dynamodb:DescribeTable"]
    return {
        "Version": "2012-10-17",
        "Statement": [
            _allow("RestoreTables", ["dynamodb:RestoreTableToPointInTime"], *tables, *restored),
            _allow("RestoreDeletedTables", ["dynamodb:RestoreTableFromBackup"], *backups, *restored),
            # AWS takes no narrower resource for it.
            _allow("FindBackups", ["dynamodb:ListBackups"], "*"),
            _allow("FillRestoredTables", [f"dynamodb:{action}" for action in filling], *restored),
            _allow("RemoveRestoredTables", ["dynamodb:DeleteTable"], *restored),
            _allow("LookAtTables", describing, *tables, *restored),
            _allow("ReadRows", ["dynamodb:BatchGetItem"], *tables, *restored),
            _allow("WriteMissingRows", ["dynamodb:PutItem"], *tables),
            *_table_key_statements(names),
        ],
    }


def _read_statements(names: Names) -> list[Statement]:
    orders = names.arn("dynamodb", f"table/{names.orders_table}")
    payments = names.arn("dynamodb", f"table/{names.payments_table}")
    queues = [names.arn("sqs", names.queue), names.arn("sqs", names.dead_letter_queue)]
    return [
        _allow("ReadRows", ["dynamodb:GetItem"], orders, payments),
        _allow("FindOpenOrders", ["dynamodb:Query"], f"{orders}/index/{OPEN_ORDERS}"),
        _allow("ListOrdersOfCustomer", ["dynamodb:Query"], orders),
        _allow("FindOrderWithScan", ["dynamodb:Scan"], orders),
        _allow("CountDelayed", ["dynamodb:Scan"], names.arn("dynamodb", f"table/{names.delayed_table}")),
        _allow("CountMessages", ["sqs:GetQueueAttributes", "sqs:GetQueueUrl"], *queues),
        _allow("LookAtDeadLetters", ["sqs:ChangeMessageVisibility", "sqs:ReceiveMessage"], queues[1]),
        _allow("ReadLogs", ["logs:FilterLogEvents"], *_log_groups(names)),
        _allow("ListUndelivered", ["s3:ListBucket"], bucket_arn(names.undelivered)),
        _allow("ReadUndelivered", ["s3:GetObject"], *_undelivered_objects(names)),
        _allow("OpenDashboard", ["cloudwatch:GetDashboard"], dashboard_arn(names.dashboard, names.account_id)),
        # On everything: AWS documents DescribeAlarms' full answer for `*` only, and metrics have no ARN.
        _allow("ReadAlarms", ["cloudwatch:DescribeAlarms"], "*"),
        _allow("ReadMetrics", ["cloudwatch:GetMetricData", "cloudwatch:ListMetrics"], "*"),
        _allow("ListSubscribers", ["sns:ListSubscriptionsByTopic"], *_topics(names)),
        _allow("ReadSettings", ["lambda:GetFunctionConfiguration"], _function(names, "sweep")),
    ]


def _change_statements(names: Names) -> list[Statement]:
    queue, dead_letters = names.arn("sqs", names.queue), names.arn("sqs", names.dead_letter_queue)
    moving = ["sqs:DeleteMessage", "sqs:ListMessageMoveTasks", "sqs:PurgeQueue", "sqs:StartMessageMoveTask"]
    return [
        _allow("MakeOrderDue", ["dynamodb:UpdateItem"], names.arn("dynamodb", f"table/{names.orders_table}")),
        _allow("TakeDeadLetters", moving, dead_letters),
        _allow("SendHints", ["sqs:SendMessage"], queue),
        _allow("RunFunctions", ["lambda:InvokeFunction"], _function(names, "announce"), _function(names, "sweep")),
        _allow("SubscribeAgain", ["sns:Subscribe"], *_topics(names)),
        _allow("RemoveAnnounced", ["s3:DeleteObject"], *_undelivered_objects(names)),
    ]


def _key_statements(names: Names) -> list[Statement]:
    """Have services decrypt and encrypt where the environment has keys of its own (`customer_keys`)."""
    uses = ["kms:Decrypt", "kms:GenerateDataKey"]
    return [_allow_with_keys("UseKeys", uses, names, "dynamodb", "lambda", "s3", "sqs")]


def _table_key_statements(names: Names) -> list[Statement]:
    """Have DynamoDB encrypt a restored table with the key of the one in use."""
    uses = [
        f"kms:{action}"
        for action in ("Decrypt", "DescribeKey", "Encrypt", "GenerateDataKey", "ReEncryptFrom", "ReEncryptTo")
    ]
    granting = _allow_with_keys("LetTablesUseKeys", ["kms:CreateGrant"], names, "dynamodb")
    granting["Condition"]["Bool"] = {"kms:GrantIsForAWSResource": "true"}
    return [_allow_with_keys("EncryptTables", uses, names, "dynamodb"), granting]


def _allow_with_keys(sid: str, actions: list[str], names: Names, *services: str) -> Statement:
    """A key has no name: the environment's are those with its tags, and only services use them for a person."""
    tags = {f"aws:ResourceTag/{key}": value for key, value in names.tags.items()}
    hosts = [f"{service}.{names.region}.amazonaws.com" for service in services]
    statement = _allow(sid, actions, names.arn("kms", "key/*"))
    return {**statement, "Condition": {"StringEquals": {**tags, "kms:ViaService": hosts}}}


def _topics(names: Names) -> list[str]:
    """Return the topics that mail people."""
    return [names.arn("sns", topic) for topic in (names.announcements, names.ops_topic)]


def _undelivered_objects(names: Names) -> list[str]:
    """Return what `announce` may have left; another function's own prefix is none of it."""
    return [f"{bucket_arn(names.undelivered)}/{prefix}*" for prefix in PREFIXES]


def _log_groups(names: Names) -> list[str]:
    groups = [names.workflow_log, *(names.function_log(use_case) for use_case in FUNCTIONS)]
    # CloudWatch Logs names a group in both ways; `:*` means its streams, not other groups.
    return [names.arn("logs", f"log-group:{group}{streams}") for group in groups for streams in ("", ":*")]


def _function(names: Names, use_case: str) -> str:
    return names.arn("lambda", f"function:{names.function(use_case)}")


def _allow(sid: str, actions: list[str], *resources: str) -> Statement:
    return {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": list(resources)}
