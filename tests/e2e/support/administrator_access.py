"""The deployed system, used with an administrator's keys: its data, and ways to break it."""

import json
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from functools import cache
from typing import Any

from local.deploy import client
from verify.polling import eventually

Row = dict[str, Any]


class AdministratorAccess:
    """Reads tables, queues and logs, and takes parts away for a while. Each part is put back."""

    def __init__(self, outputs: Mapping[str, Any]) -> None:
        self.outputs = outputs
        self.client = cache(lambda service: client(service, outputs))

    def rows(self, table: str, user_id: str) -> list[Row]:
        """Read a customer's rows in `orders` or `payments`."""
        pages = (
            self.client("dynamodb")
            .get_paginator("query")
            .paginate(
                TableName=self.outputs[f"{table}_table"],
                KeyConditionExpression="user_id = :user_id",
                ExpressionAttributeValues={":user_id": {"S": user_id}},
                ConsistentRead=True,
            )
        )
        return [row for page in pages for row in page["Items"]]

    def messages(self, queue: str, *, remove: bool = False) -> list[dict[str, Any]]:
        """Read all visible messages of a queue; then remove them, or make them visible again."""
        sqs, url = self.client("sqs"), self.outputs[queue]
        found: list[dict[str, Any]] = []
        while batch := sqs.receive_message(
            QueueUrl=url,
            MaxNumberOfMessages=10,
            WaitTimeSeconds=0,
            MessageAttributeNames=["All"],
            MessageSystemAttributeNames=["All"],
        ).get("Messages"):
            found += batch
        for start in range(0, len(found), 10):
            entries = [
                {"Id": message["MessageId"], "ReceiptHandle": message["ReceiptHandle"]}
                for message in found[start : start + 10]
            ]
            if remove:
                sqs.delete_message_batch(QueueUrl=url, Entries=entries)
            else:
                entries = [{**entry, "VisibilityTimeout": 0} for entry in entries]
                sqs.change_message_visibility_batch(QueueUrl=url, Entries=entries)
        return found

    def send(self, queue: str, body: str) -> str:
        """Send a message to a queue; return its id."""
        answer = self.client("sqs").send_message(QueueUrl=self.outputs[queue], MessageBody=body)
        return str(answer["MessageId"])

    def waiting(self, queue: str) -> int:
        """Count the messages of a queue: visible, delayed and received ones."""
        names = ["", "Delayed", "NotVisible"]
        answer = self.client("sqs").get_queue_attributes(
            QueueUrl=self.outputs[queue],
            AttributeNames=[f"ApproximateNumberOfMessages{name}" for name in names],
        )
        return sum(int(number) for number in answer["Attributes"].values())

    def hints_left(self, *, within_seconds: float = 15) -> int:
        """Wait for the queue to be empty, and return how many messages are left."""
        return eventually(lambda: self.waiting("queue_url"), lambda left: left == 0, within_seconds=within_seconds)

    def send_hint(self, user_id: str, order_id: str) -> str:
        """Send a hint for an order."""
        return self.send("queue_url", json.dumps({"version": 1, "user_id": user_id, "id": order_id}))

    def invoke(self, function: str) -> dict[str, Any]:
        """Run a function with an empty event; return its answer, or its error."""
        answer = self.client("lambda").invoke(FunctionName=self.outputs["functions"][function], Payload=b"{}")
        return dict(json.loads(answer["Payload"].read()))

    def invoking(self, function: str, event: Mapping[str, Any]) -> Future[Any]:
        """Invoke a function in the background.

        The result is its answer, or its error in Lambda's format.
        """
        self.client("lambda")  # the thread must not be the first to need it
        result: Future[Any] = Future()

        def invoke() -> None:
            name = self.outputs["functions"][function]
            try:
                answer = self.client("lambda").invoke(FunctionName=name, Payload=json.dumps(event).encode())
                result.set_result(json.loads(answer["Payload"].read()))
            except Exception as error:
                result.set_exception(error)

        threading.Thread(target=invoke, name=f"invoke-{function}", daemon=True).start()
        return result

    def log_lines(self, function: str, *words: str) -> list[str]:
        """Read a function's log lines that have all of the words."""
        group = f"/aws/lambda/{self.outputs['functions'][function]}"
        pages = self.client("logs").get_paginator("filter_log_events").paginate(logGroupName=group)
        lines = (event["message"] for page in pages for event in page["events"])
        return [line for line in lines if all(word in line for word in words)]

    def policies(self, role: str) -> dict[str, str]:
        """Read a role's policies by name, as JSON text."""
        iam = self.client("iam")
        return {
            name: json.dumps(iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"])
            for name in iam.list_role_policies(RoleName=role)["PolicyNames"]
        }

    def roles_that_may(self, action: str) -> list[str]:
        """List the account's roles with a policy that allows the action by name."""
        pages = self.client("iam").get_paginator("list_roles").paginate()
        names = (role["RoleName"] for page in pages for role in page["Roles"])
        return sorted(
            name for name in names if any(f'"{action}"' in document for document in self.policies(name).values())
        )

    @contextmanager
    def hints_held(self) -> Iterator[None]:
        """Keep messages on the queue, so that new orders stay PENDING."""
        mappings = self.client("lambda")
        name = self.outputs["functions"]["start_workflow"]
        (mapping,) = mappings.list_event_source_mappings(FunctionName=name)["EventSourceMappings"]
        mappings.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
        try:
            yield
        finally:
            mappings.update_event_source_mapping(UUID=mapping["UUID"], Enabled=True)

    @contextmanager
    def redelivery_after(self, seconds: int) -> Iterator[None]:
        """Make failed messages come back sooner."""
        sqs, url = self.client("sqs"), self.outputs["queue_url"]
        before = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])["Attributes"]
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": str(seconds)})
        try:
            yield
        finally:
            sqs.set_queue_attributes(QueueUrl=url, Attributes=before)

    @contextmanager
    def without(self, action: str, *, role: str) -> Iterator[None]:
        """Remove the policies of a role that allow the action, while the block runs."""
        iam, policies = self.client("iam"), self.policies(role)
        taken = {name: document for name, document in policies.items() if f'"{action}"' in document}
        assert taken, f"no policy of {role} allows {action}; it has {sorted(policies)}"
        for name in taken:
            iam.delete_role_policy(RoleName=role, PolicyName=name)
        try:
            yield
        finally:
            for name, document in taken.items():
                iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=document)

    @contextmanager
    def throttled(self, function: str) -> Iterator[None]:
        """Throttle every invocation of a function."""
        functions, name = self.client("lambda"), self.outputs["functions"][function]
        functions.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
        try:
            yield
        finally:
            functions.delete_function_concurrency(FunctionName=name)
