"""Resources of every kind, made before a server stops and compared after its restart."""

import io
import json
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from local.server_process import Server

ACCOUNT = "000000000000"
# Passes on what it got, unless its process ends before.
RELAY = """
import json, os, time
import boto3
from botocore.config import Config
sqs = boto3.client("sqs", config=Config(retries={"total_max_attempts": 1}))
def handler(event, context):
    time.sleep(float(os.environ["SECONDS"]))
    for record in event["Records"]:
        text = record["body"] if "body" in record else record["dynamodb"]["Keys"]["id"]["S"]
        sqs.send_message(QueueUrl=os.environ["QUEUE_URL"], MessageBody=text)
"""
ITEM = {
    "id": {"S": "whole"},
    "kind": {"S": "a"},
    "number": {"N": "12345678901234567890.5"},
    "flag": {"BOOL": True},
    "nothing": {"NULL": True},
    "bytes": {"B": b"\x00\xff"},
    "names": {"SS": ["a", "b"]},
    "nested": {"M": {"list": {"L": [{"N": "1"}, {"M": {}}]}}},
}
WAITS = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 60, "End": True}}}
PASSES = {"StartAt": "Pass", "States": {"Pass": {"Type": "Pass", "End": True}}}


def eventually(read: Callable[[], Any], wanted: Callable[[Any], object], seconds: float = 15) -> Any:
    """Read until the value is as wanted or the time is over; return the last value."""
    deadline = time.monotonic() + seconds
    while not wanted(value := read()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return value


@dataclass
class SampleResources:
    """Makes resources on a server, and reads them from whichever server runs."""

    server: Server

    def __getattr__(self, service: str) -> Any:
        return self.server.client(service.replace("_", "-"))

    @cached_property
    def role(self) -> str:
        """A role that every service may assume and that may do anything."""
        principal = {"Service": [f"{name}.amazonaws.com" for name in ("lambda", "scheduler", "states")], "AWS": "*"}
        trust = {"Statement": [{"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}]}
        made = self.iam.create_role(RoleName="any", AssumeRolePolicyDocument=json.dumps(trust))
        document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
        self.iam.put_role_policy(RoleName="any", PolicyName="all", PolicyDocument=json.dumps(document))
        return str(made["Role"]["Arn"])

    def queue(self, name: str, **attributes: str) -> str:
        """Make a queue; return its URL."""
        return str(self.sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"])

    def bodies(self, url: str) -> list[str]:
        """Receive and delete the messages of a queue; return their bodies."""
        found = self.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        for message in found:
            self.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return [message["Body"] for message in found]

    def table(self, name: str) -> str:
        """Make a table with an index and a stream; return the stream's ARN."""
        made = self.dynamodb.create_table(
            TableName=name,
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in ("id", "kind")],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": "kinds",
                    "KeySchema": [{"AttributeName": "kind", "KeyType": "HASH"}],
                    "Projection": {"ProjectionType": "ALL"},
                }
            ],
            BillingMode="PAY_PER_REQUEST",
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        )
        return str(made["TableDescription"]["LatestStreamArn"])

    def relay(self, name: str, source_arn: str, target_url: str, *, seconds: float = 0, **mapping: Any) -> str:
        """Deploy a function that passes on what it gets from the source; return the mapping's id."""
        package = io.BytesIO()
        with zipfile.ZipFile(package, "w") as archive:
            archive.writestr("relay.py", RELAY)
        functions = self.server.client("lambda")
        functions.create_function(
            FunctionName=name,
            Runtime="python3.13",
            Handler="relay.handler",
            Role=self.role,
            Code={"ZipFile": package.getvalue()},
            Environment={"Variables": {"QUEUE_URL": target_url, "SECONDS": str(seconds)}},
            Timeout=5,
        )
        # Its description changes by itself until it is active.
        functions.get_waiter("function_active_v2").wait(
            FunctionName=name, WaiterConfig={"Delay": 0.1, "MaxAttempts": 100}
        )
        made = functions.create_event_source_mapping(FunctionName=name, EventSourceArn=source_arn, **mapping)
        return str(made["UUID"])

    def machine(self, kind: str, definition: dict[str, Any]) -> str:
        """Make a state machine; return its ARN."""
        name = f"machine-{kind.lower()}-{len(self.stepfunctions.list_state_machines()['stateMachines'])}"
        made = self.stepfunctions.create_state_machine(
            name=name, type=kind, definition=json.dumps(definition), roleArn=self.role
        )
        return str(made["stateMachineArn"])

    def schedule(self, name: str, url: str, *, in_seconds: int) -> None:
        """Schedule one message to the queue, so many seconds from now."""
        moment = datetime.now(UTC) + timedelta(seconds=in_seconds)
        self.scheduler.create_schedule(
            Name=name,
            ScheduleExpression=f"at({moment:%Y-%m-%dT%H:%M:%S})",
            FlexibleTimeWindow={"Mode": "OFF"},
            Target={"Arn": queue_arn(url), "RoleArn": self.role, "Input": "due"},
        )

    def sign_up(self, pool: str, client: str) -> dict[str, str]:
        """Make a user and sign it in; return its tokens."""
        user = {"UserPoolId": pool, "Username": "somebody"}
        self.cognito_idp.admin_create_user(**user, MessageAction="SUPPRESS")
        self.cognito_idp.admin_set_user_password(**user, Password="Aa1-somebody", Permanent=True)
        return self.sign_in(pool, client)

    def sign_in(self, pool: str, client: str) -> dict[str, str]:
        """Sign the user in; return its tokens."""
        answer = self.cognito_idp.admin_initiate_auth(
            UserPoolId=pool,
            ClientId=client,
            AuthFlow="ADMIN_USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": "somebody", "PASSWORD": "Aa1-somebody"},
        )
        return dict(answer["AuthenticationResult"])


def queue_arn(url: str) -> str:
    """Return the ARN of the queue with that URL."""
    return f"arn:aws:sqs:us-east-1:{ACCOUNT}:{url.rpartition('/')[2]}"
