"""A call of AWS for each permission that a run uses, and for some that no role may ever have."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.e2e.iam.support.grants import PREFIX, name_of

KEYS = {
    "orders": ("user_id", "id"),
    "menu": ("restaurant_id", "name"),
    "payments": ("user_id", "order_id"),
    "delayed": ("order", "sequence_number"),
}
TRUST = '{"Version": "2012-10-17", "Statement": []}'
SHARD = "shardId-00000000000000000000-00000000"


@dataclass(frozen=True)
class Call:
    """A call of an AWS service as boto3 makes it, and the permission that it needs."""

    action: str
    resource: str
    client: str
    parameters: Mapping[str, Any]
    named: str | None = None

    @property
    def operation(self) -> str:
        """boto3's name of the operation, mostly the action's name."""
        return self.named or re.sub(r"(?<=[a-z])(?=[A-Z])", "_", self.action.partition(":")[2]).lower()

    def __str__(self) -> str:
        return f"{self.action} on {self.resource}"


def aws_calls(outputs: Mapping[str, Any], *, account_id: str, stream_arn: str) -> Iterator[Call]:
    """Yield the calls. If one is allowed by mistake, it can harm only the tests' own run."""
    yield from _of_tables(outputs, stream_arn)
    yield from _of_queues(outputs)
    yield from _of_functions(outputs)
    yield from _of_the_bucket(f"{PREFIX}undelivered-{account_id}")
    yield from _of_everybody(outputs, role_arn=f"arn:aws:iam::{account_id}:role/{PREFIX}order")


def _of_tables(outputs: Mapping[str, Any], stream_arn: str) -> Iterator[Call]:
    for name, (hash_key, range_key) in KEYS.items():
        table, resource = {"TableName": f"{PREFIX}{name}"}, f"table/{name}"
        key = {hash_key: {"S": "nobody"}, range_key: {"S": "nothing"}}
        all_of = {
            "KeyConditionExpression": "#key = :it",
            "ExpressionAttributeNames": {"#key": hash_key},
            "ExpressionAttributeValues": {":it": {"S": "nobody"}},
        }
        for action in ("GetItem", "UpdateItem", "DeleteItem"):
            yield Call(f"dynamodb:{action}", resource, "dynamodb", {**table, "Key": key})
        yield Call("dynamodb:PutItem", resource, "dynamodb", {**table, "Item": key})
        yield Call("dynamodb:Query", resource, "dynamodb", {**table, **all_of})
        yield Call("dynamodb:Scan", resource, "dynamodb", table)
    index = {
        "TableName": outputs["orders_table"],
        "IndexName": "open-orders",
        "KeyConditionExpression": "open_shard = :it",
        "ExpressionAttributeValues": {":it": {"N": "0"}},
    }
    yield Call("dynamodb:Query", "table/orders/index/open-orders", "dynamodb", index)
    shard = {"StreamArn": stream_arn, "ShardId": SHARD, "ShardIteratorType": "LATEST"}
    yield Call("dynamodb:DescribeStream", name_of(stream_arn), "dynamodbstreams", {"StreamArn": stream_arn})
    yield Call("dynamodb:GetShardIterator", name_of(stream_arn), "dynamodbstreams", shard)
    yield Call("dynamodb:GetRecords", name_of(stream_arn), "dynamodbstreams", {"ShardIterator": f"{stream_arn}|1|of"})


def _of_queues(outputs: Mapping[str, Any]) -> Iterator[Call]:
    for resource, name in (("placed", "queue_url"), ("placed-dead-letters", "dead_letter_queue_url")):
        queue = {"QueueUrl": outputs[name]}
        yield Call("sqs:SendMessage", resource, "sqs", {**queue, "MessageBody": "{}"})
        yield Call("sqs:DeleteMessage", resource, "sqs", {**queue, "ReceiptHandle": "none"})
        yield Call("sqs:GetQueueAttributes", resource, "sqs", {**queue, "AttributeNames": ["All"]})
        yield Call("sqs:ReceiveMessage", resource, "sqs", queue)
        yield Call("sqs:PurgeQueue", resource, "sqs", queue)


def _of_functions(outputs: Mapping[str, Any]) -> Iterator[Call]:
    for name in outputs["functions"].values():
        function, resource = {"FunctionName": name}, f"function:{name.removeprefix(PREFIX)}"
        yield Call("lambda:InvokeFunction", resource, "lambda", function, named="invoke")
        yield Call("lambda:UpdateFunctionCode", resource, "lambda", {**function, "ZipFile": b"none"})
        yield Call("lambda:GetFunction", resource, "lambda", function)


def _of_the_bucket(bucket: str) -> Iterator[Call]:
    for action in ("PutObject", "GetObject", "DeleteObject"):
        yield Call(f"s3:{action}", "undelivered/*", "s3", {"Bucket": bucket, "Key": "nothing"})
    yield Call("s3:ListBucket", "undelivered", "s3", {"Bucket": bucket}, named="list_objects_v2")


def _of_everybody(outputs: Mapping[str, Any], *, role_arn: str) -> Iterator[Call]:
    """Yield the calls about messages, workflows, customers, logs and permissions."""
    topic, pool = {"TopicArn": outputs["topic_arn"]}, {"UserPoolId": outputs["user_pool_id"]}
    machine, logs = {"stateMachineArn": outputs["state_machine_arn"]}, {"logGroupName": f"/aws/lambda/{PREFIX}sweep"}
    subscriber = {"Protocol": "email", "Endpoint": "somebody@example.com"}
    role = {"RoleName": f"{PREFIX}order"}
    yield Call("sns:Publish", "announcements", "sns", {**topic, "Message": "no news"})
    yield Call("sns:Subscribe", "announcements", "sns", {**topic, **subscriber})
    yield Call("states:StartExecution", "stateMachine:order-express", "stepfunctions", {**machine, "input": "{}"})
    yield Call("states:UpdateStateMachine", "stateMachine:order-express", "stepfunctions", machine)
    yield Call("cognito-idp:ListUsers", "userpool/*", "cognito-idp", pool)
    yield Call("logs:FilterLogEvents", "log-group:/aws/lambda/sweep", "logs", logs)
    yield Call("kms:Decrypt", "key/*", "kms", {"KeyId": f"alias/{PREFIX}ops", "CiphertextBlob": b"nothing"})
    yield Call("iam:CreateRole", "role/other", "iam", {"RoleName": "other", "AssumeRolePolicyDocument": TRUST})
    yield Call("iam:PutRolePolicy", "role/order", "iam", {**role, "PolicyName": "more", "PolicyDocument": TRUST})
    yield Call("iam:UpdateAssumeRolePolicy", "role/order", "iam", {**role, "PolicyDocument": TRUST})
    yield Call("sts:AssumeRole", "role/order", "sts", {"RoleArn": role_arn, "RoleSessionName": "other"})
