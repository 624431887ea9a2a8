"""Queues and table streams that feed functions."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.server_process import Server

ARN = "arn:aws:{service}:us-east-1:000000000000:{name}"
READS_STREAM = ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"]
READS_QUEUE = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
NOTES = """
    import boto3
    client = boto3.client("dynamodb")
    def note(text):
        client.update_item(TableName="{notes}", Key={{"id": {{"S": "notes"}}}},
            UpdateExpression="SET seen = list_append(if_not_exists(seen, :none), :line)",
            ExpressionAttributeValues={{":none": {{"L": []}}, ":line": {{"L": [{{"S": text}}]}}}})
    def name(record):
        return record["dynamodb"]["Keys"]["id"]["S"]
"""
WHOLE = """
    def handler(event, context):
        note(" ".join(name(record) for record in event["Records"]))
        if any(name(record).startswith("poison") for record in event["Records"]):
            raise ValueError("poison")
"""
PARTIAL = """
    def handler(event, context):
        note(" ".join(name(record) for record in event["Records"]))
        for record in event["Records"]:
            if name(record).startswith("poison"):
                number = record["dynamodb"]["SequenceNumber"]
                return {{"batchItemFailures": [{{"itemIdentifier": number}}]}}
"""
FROM_QUEUE = """
    def handler(event, context):
        for record in event["Records"]:
            note(record["body"])
"""
WAITED = """
    def handler(event, context):
        for record in event["Records"]:
            times = record["attributes"]
            note(str(int(times["ApproximateFirstReceiveTimestamp"]) - int(times["SentTimestamp"])))
"""
AMOUNTS = """
    def handler(event, context):
        for record in event["Records"]:
            note(record["dynamodb"]["NewImage"]["amount"]["N"])
"""


def allow(*actions: str, resource: str = "*") -> dict[str, Any]:
    return {"Effect": "Allow", "Action": list(actions), "Resource": resource}


def eventually(read: Callable[[], Any], wanted: Callable[[Any], bool], seconds: float = 10) -> Any:
    """Read until the value is as wanted or the time is over; return the last value."""
    deadline = time.monotonic() + seconds
    while not wanted(value := read()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return value


class Scene:
    """A function that writes its events to a table, and the queue or stream that feeds it."""

    def __init__(self, emulator: Server, make_function: Callable[..., str], make_table: Callable[..., str]) -> None:
        self.emulator, self._make_function = emulator, make_function
        self.notes_table, self.source_table = make_table(), make_table(stream=True)
        description = emulator.client("dynamodb").describe_table(TableName=self.source_table)["Table"]
        self.stream_arn = description["LatestStreamArn"]

    def function(self, source: str, *statements: dict[str, Any]) -> str:
        code = (NOTES + source).format(notes=self.notes_table)
        return self._make_function(code, allow("dynamodb:UpdateItem"), *statements)

    def follow(self, function: str, **settings: Any) -> str:
        """Map the stream to the function; return the mapping's id."""
        answer = self.emulator.client("lambda").create_event_source_mapping(
            FunctionName=function, EventSourceArn=self.stream_arn, StartingPosition="TRIM_HORIZON", **settings
        )
        return str(answer["UUID"])

    def put(self, *names: str) -> None:
        for name in names:
            self.emulator.client("dynamodb").put_item(TableName=self.source_table, Item={"id": {"S": name}})

    def notes(self) -> list[str]:
        answer = self.emulator.client("dynamodb").get_item(TableName=self.notes_table, Key={"id": {"S": "notes"}})
        return [line["S"] for line in answer.get("Item", {}).get("seen", {}).get("L", [])]

    def bucket(self, name: str) -> list[dict[str, Any]]:
        client = self.emulator.client("s3")
        found = client.list_objects_v2(Bucket=name).get("Contents", [])
        return [
            {"key": item["Key"], **json.loads(client.get_object(Bucket=name, Key=item["Key"])["Body"].read())}
            for item in found
        ]


@pytest.fixture
def scene(emulator: Server, make_function: Callable[..., str], make_table: Callable[..., str]) -> Scene:
    return Scene(emulator, make_function, make_table)


@pytest.fixture
def bucket(emulator: Server, unique: Callable[[str], str]) -> str:
    name = unique("discarded")
    emulator.client("s3").create_bucket(Bucket=name)
    return name


def test_a_poisonous_record_is_given_up_after_its_retries_and_its_successors_arrive(scene: Scene, bucket: str) -> None:
    scene.put("a", "poison", "b")
    function = scene.function(WHOLE, allow(*READS_STREAM), allow("s3:PutObject", resource=f"arn:aws:s3:::{bucket}/*"))

    mapping = scene.follow(
        function,
        BatchSize=3,
        MaximumRetryAttempts=1,
        BisectBatchOnFunctionError=True,
        DestinationConfig={"OnFailure": {"Destination": f"arn:aws:s3:::{bucket}"}},
    )

    notes = eventually(scene.notes, lambda lines: lines[-1:] == ["b"])
    assert notes == ["a poison b", "a", "poison b", "poison", "poison", "b"]
    [discarded] = eventually(lambda: scene.bucket(bucket), bool)
    assert discarded["key"].startswith(f"aws/lambda/{mapping}/shardId-")
    assert discarded["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert discarded["requestContext"]["approximateInvokeCount"] == 2
    [record] = json.loads(discarded["payload"])["Records"]
    assert record["dynamodb"]["Keys"] == {"id": {"S": "poison"}}
    assert discarded["DDBStreamBatchInfo"]["startSequenceNumber"] == record["dynamodb"]["SequenceNumber"]


def test_after_a_partial_failure_the_batch_goes_on_from_the_first_failed_record(scene: Scene) -> None:
    scene.put("a", "poison", "b")
    function = scene.function(PARTIAL, allow(*READS_STREAM))

    scene.follow(
        function,
        MaximumRetryAttempts=0,
        BisectBatchOnFunctionError=True,
        FunctionResponseTypes=["ReportBatchItemFailures"],
    )

    notes = eventually(scene.notes, lambda lines: lines[-1:] == ["b"])
    assert notes == ["a poison b", "poison b", "poison", "b"]


def test_without_a_right_to_the_bucket_discarded_records_are_not_written(scene: Scene, bucket: str) -> None:
    scene.put("poison", "b")
    function = scene.function(WHOLE, allow(*READS_STREAM))

    scene.follow(
        function,
        BatchSize=1,
        MaximumRetryAttempts=0,
        DestinationConfig={"OnFailure": {"Destination": f"arn:aws:s3:::{bucket}"}},
    )

    assert eventually(scene.notes, lambda lines: lines[-1:] == ["b"]) == ["poison", "b"]
    assert scene.bucket(bucket) == []


def test_filtered_records_never_reach_the_function(scene: Scene) -> None:
    pattern = json.dumps({"eventName": ["REMOVE"]})
    function = scene.function(WHOLE, allow(*READS_STREAM))
    scene.follow(function, FilterCriteria={"Filters": [{"Pattern": pattern}]})

    scene.put("a", "b")
    scene.emulator.client("dynamodb").delete_item(TableName=scene.source_table, Key={"id": {"S": "b"}})

    assert eventually(scene.notes, bool) == ["b"]


def test_a_record_reaches_its_function_at_once(scene: Scene) -> None:
    function = scene.function(WHOLE, allow(*READS_STREAM))
    scene.follow(function)
    scene.put("warm")
    eventually(scene.notes, bool)

    def seconds_until_noted(record: str) -> float:
        start = time.monotonic()
        scene.put(record)
        eventually(scene.notes, lambda lines: record in lines)
        return time.monotonic() - start

    seconds = [seconds_until_noted(record) for record in ("first", "second", "third")]

    # A poller that isn't woken reads again a second after it found nothing.
    assert min(seconds) < 0.6


def test_an_image_is_what_was_written_then(scene: Scene) -> None:
    for amount in ("1", "2", "3"):
        scene.emulator.client("dynamodb").update_item(
            TableName=scene.source_table,
            Key={"id": {"S": "a"}},
            UpdateExpression="SET amount = :amount",
            ExpressionAttributeValues={":amount": {"N": amount}},
        )

    scene.follow(scene.function(AMOUNTS, allow(*READS_STREAM)))

    assert eventually(scene.notes, lambda lines: len(lines) == 3) == ["1", "2", "3"]


def test_a_slow_stream_consumer_does_not_hold_up_a_queue(
    scene: Scene, emulator: Server, unique: Callable[[str], str]
) -> None:
    slow = "\n    import time\n    def handler(event, context): time.sleep(8)\n"
    queue = unique("queue")
    url = emulator.client("sqs").create_queue(QueueName=queue)["QueueUrl"]
    arn = ARN.format(service="sqs", name=queue)
    consumer = scene.function(FROM_QUEUE, allow(*READS_QUEUE, resource=arn))
    emulator.client("lambda").create_event_source_mapping(FunctionName=consumer, EventSourceArn=arn)
    scene.follow(scene.function(slow, allow(*READS_STREAM)))
    scene.put("a")
    time.sleep(3)

    start = time.monotonic()
    emulator.client("sqs").send_message(QueueUrl=url, MessageBody="prompt")
    notes = eventually(scene.notes, bool)

    assert notes == ["prompt"]
    assert time.monotonic() - start < 1


def test_a_message_need_not_wait_because_another_queue_got_one(
    scene: Scene, emulator: Server, unique: Callable[[str], str]
) -> None:
    client, queue = emulator.client("sqs"), unique("queue")
    url, other_url = (client.create_queue(QueueName=name)["QueueUrl"] for name in (queue, unique("queue")))
    arn = ARN.format(service="sqs", name=queue)
    consumer = scene.function(WAITED, allow(*READS_QUEUE, resource=arn))
    emulator.client("lambda").create_event_source_mapping(FunctionName=consumer, EventSourceArn=arn)

    for number in range(1, 11):
        time.sleep(0.1)  # until the poller rests
        client.send_message(QueueUrl=other_url, MessageBody="for nobody")
        client.send_message(QueueUrl=url, MessageBody="for the function")
        eventually(lambda: len(scene.notes()), number.__le__)

    assert min(map(int, scene.notes())) < 25  # milliseconds; the others are the machine's


@pytest.mark.parametrize("missing", READS_STREAM)
def test_a_stream_is_mapped_only_to_a_function_whose_role_may_read_it(scene: Scene, missing: str) -> None:
    function = scene.function(WHOLE, allow(*(action for action in READS_STREAM if action != missing)))

    with pytest.raises(ClientError, match="Cannot access stream"):
        scene.follow(function)


def test_a_mapping_says_which_metrics_it_writes(scene: Scene, emulator: Server) -> None:
    client, event_count = emulator.client("lambda"), {"Metrics": ["EventCount"]}
    function = scene.function(WHOLE, allow(*READS_STREAM))
    mapping = scene.follow(function, MetricsConfig=event_count)
    made = client.get_event_source_mapping(UUID=mapping)

    changed = client.update_event_source_mapping(UUID=mapping, MetricsConfig={"Metrics": []})

    assert made["MetricsConfig"] == event_count
    assert changed["MetricsConfig"] == {"Metrics": []}
    assert client.get_event_source_mapping(UUID=mapping)["MetricsConfig"] == {"Metrics": []}


@pytest.mark.parametrize("missing", READS_QUEUE)
def test_a_queue_is_mapped_only_to_a_function_whose_role_may_read_it(
    scene: Scene, emulator: Server, unique: Callable[[str], str], missing: str
) -> None:
    queue = unique("queue")
    emulator.client("sqs").create_queue(QueueName=queue)
    function = scene.function(FROM_QUEUE, allow(*(action for action in READS_QUEUE if action != missing)))

    with pytest.raises(ClientError, match=f"permissions to call {missing.removeprefix('sqs:')} on SQS"):
        emulator.client("lambda").create_event_source_mapping(
            FunctionName=function, EventSourceArn=ARN.format(service="sqs", name=queue)
        )
