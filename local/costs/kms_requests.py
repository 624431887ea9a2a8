"""Requests to KMS, which services make for somebody who uses what is encrypted: by AWS's rules.

The local run makes none, and most depend on time, not on orders.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Document = dict[str, Any]
# SNS's and DynamoDB's period, and SQS's by default (`KmsDataKeyReusePeriodSeconds`, API reference of SQS).
PERIOD_SECONDS = 300
_GUIDE = "https://docs.aws.amazon.com"


@dataclass(frozen=True)
class KeyRequestRule:
    """The requests that each user causes in each period, by what AWS says; `source` is a title and a page."""

    users: str
    requests: int
    says: str
    source: tuple[str, str]


_SQS = (
    "Amazon SQS, key management",
    f"{_GUIDE}/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html",
)
RULES = {
    "read and write": KeyRequestRule(
        "a role and a table that it may use",
        1,
        "a table's key is cached for each connection (an older text says principal), and asked for again after five"
        " minutes",
        (
            "Amazon DynamoDB, encryption at rest",
            f"{_GUIDE}/amazondynamodb/latest/developerguide/encryption.usagenotes.html",
        ),
    ),
    "send": KeyRequestRule(
        "a role that sends to a queue", 2, "two for each producer: a new data key, and its check", _SQS
    ),
    "receive": KeyRequestRule(
        "a role that receives from a queue", 1, "one for each consumer: the data key's check", _SQS
    ),
    "publish": KeyRequestRule(
        "a role that publishes to a topic",
        2,
        "two for each publisher, and a data key is used for five minutes",
        ("Amazon SNS, key management", f"{_GUIDE}/sns/latest/dg/sns-key-management.html"),
    ),
    "log": KeyRequestRule(
        "a log group",
        2,
        "no rate, only that a change of the key takes up to five minutes; the same as for SNS is assumed",
        ("CloudWatch Logs, encrypt log data", f"{_GUIDE}/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html"),
    ),
}
# Who does it without orders too: what runs each minute, and what looks at the queue and at the stream all the time.
_WITHOUT_ORDERS = {
    ("sweep", "read and write"),
    ("sweep", "send"),
    ("sweep", "log"),
    ("announce", "read and write"),
    ("announce", "log"),
    ("start-workflow", "receive"),
}
_RULES_OF_ACTIONS = {"sqs:SendMessage": "send", "sqs:ReceiveMessage": "receive", "sns:Publish": "publish"}


@dataclass(frozen=True)
class KeyUse:
    """Somebody who uses something encrypted, and for how long a data key is used."""

    user: str
    rule: str
    of: str
    seconds: int = PERIOD_SECONDS

    @property
    def a_second(self) -> float:
        """The requests to KMS in a second."""
        return RULES[self.rule].requests / self.seconds

    @property
    def is_without_orders(self) -> bool:
        """Return True if the requests are made even when nobody orders."""
        return any(self.user.endswith(f"-{noun}") and self.rule == rule for noun, rule in _WITHOUT_ORDERS)


def key_uses(resources: Document) -> list[KeyUse]:
    """Return who uses what is encrypted with a key that is billed, of a stack's resources."""
    groups = [one["name"] for one in _resources_of(resources, "cloudwatch_log_group") if one.get("kms_key_id")]
    of_logs = [KeyUse(group.rpartition("/")[2], "log", group) for group in groups]
    return sorted({*_uses_of_roles(resources), *of_logs}, key=lambda use: (use.rule, use.user, use.of))


def has_encrypted_variables(resources: Document) -> bool:
    """Return True if Lambda has a key decrypt the functions' variables."""
    return any(one.get("kms_key_arn") for one in _resources_of(resources, "lambda_function"))


def _uses_of_roles(resources: Document) -> Iterator[KeyUse]:
    encrypted = _periods(resources)
    for grant in _resources_of(resources, "iam_role_policy"):
        role = resources["aws_iam_role"][grant["role"].split(".")[1]]["name"]
        for statement in json.loads(grant["policy"])["Statement"]:
            rules = {_rule_of_action(action) for action in statement["Action"]} - {None}
            for rule, of in ((rule, _name_of_arn(resources, arn)) for rule in rules for arn in statement["Resource"]):
                if of in encrypted:
                    yield KeyUse(role, str(rule), of, encrypted[of])


def _resources_of(resources: Document, kind: str) -> list[Document]:
    return list(resources.get(f"aws_{kind}", {}).values())


def _rule_of_action(action: str) -> str | None:
    return "read and write" if action.startswith("dynamodb:") else _RULES_OF_ACTIONS.get(action)


def _periods(resources: Document) -> dict[str, int]:
    """Return for how long a data key is used, by the names of what is encrypted with a key of KMS."""
    tables = [one for one in _resources_of(resources, "dynamodb_table") if one["server_side_encryption"]["enabled"]]
    topics = [one for one in _resources_of(resources, "sns_topic") if one.get("kms_master_key_id")]
    queues = [one for one in _resources_of(resources, "sqs_queue") if one.get("kms_master_key_id")]
    return {
        **{one["name"]: PERIOD_SECONDS for one in (*tables, *topics)},
        **{one["name"]: one.get("kms_data_key_reuse_period_seconds", PERIOD_SECONDS) for one in queues},
    }


def _name_of_arn(resources: Document, arn: str) -> str:
    """Return the name of the table, queue or topic of an ARN; a stream and an index are of their table."""
    stream = re.fullmatch(r"\$\{aws_dynamodb_table\.([\w-]+)\.stream_arn\}", arn)
    if stream:
        return str(resources["aws_dynamodb_table"][stream[1]]["name"])
    return arn.rpartition(":")[2].removeprefix("table/").split("/")[0]
