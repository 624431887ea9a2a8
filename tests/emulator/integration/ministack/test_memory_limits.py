"""Data that AWS stores for a day or longer must not fill a laptop's memory."""

import time
from collections.abc import Callable, Iterator

import pytest

from local.server_process import Server
from tests.emulator.integration.ministack.conftest import statement
from tests.emulator.integration.ministack.test_event_sources import READS_STREAM, eventually

STREAM_RECORDS, LOG_EVENTS = 2_000, 20_000
LINES_A_CALL = 5_000
DOES_NOTHING = """
    def handler(event, context):
        return {}
"""


@pytest.fixture
def group(emulator: Server, unique: Callable[[str], str]) -> Iterator[str]:
    logs, name = emulator.client("logs"), unique("group")
    logs.create_log_group(logGroupName=name)
    yield name
    logs.delete_log_group(logGroupName=name)


def write_items(emulator: Server, table: str, count: int) -> None:
    for start in range(0, count, 25):
        items = [{"PutRequest": {"Item": {"id": {"S": str(number)}}}} for number in range(start, start + 25)]
        emulator.client("dynamodb").batch_write_item(RequestItems={table: items})


def oldest_record(emulator: Server, stream_arn: str) -> str:
    streams = emulator.client("dynamodbstreams")
    shard = streams.describe_stream(StreamArn=stream_arn)["StreamDescription"]["Shards"][0]["ShardId"]
    iterator = streams.get_shard_iterator(StreamArn=stream_arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON")
    records = streams.get_records(ShardIterator=iterator["ShardIterator"], Limit=1)["Records"]
    return str(records[0]["dynamodb"]["Keys"]["id"]["S"])


def test_a_stream_forgets_what_was_read_long_ago_and_nothing_else(
    emulator: Server, make_function: Callable[..., str], make_table: Callable[..., str]
) -> None:
    table = make_table(stream=True)
    arn = emulator.client("dynamodb").describe_table(TableName=table)["Table"]["LatestStreamArn"]
    mappings = emulator.client("lambda")
    mapping = mappings.create_event_source_mapping(
        FunctionName=make_function(DOES_NOTHING, statement(*READS_STREAM)),
        EventSourceArn=arn,
        StartingPosition="TRIM_HORIZON",
        BatchSize=1000,
        Enabled=False,
    )
    write_items(emulator, table, STREAM_RECORDS + 500)
    unread = oldest_record(emulator, arn)

    mappings.update_event_source_mapping(UUID=mapping["UUID"], Enabled=True)

    def oldest_once_read() -> str | None:
        try:
            return oldest_record(emulator, arn)
        except emulator.client("dynamodbstreams").exceptions.TrimmedDataAccessException:
            return None  # the iterator's records were dropped before they were read

    read = eventually(oldest_once_read, lambda name: name == "500", 30)
    assert (unread, read) == ("0", "500")


@pytest.mark.parametrize("page", [10_000, 999])
def test_all_of_a_log_group_is_told_page_by_page(emulator: Server, group: str, page: int) -> None:
    logs, moment = emulator.client("logs"), int(time.time() * 1000) - 60_000
    logs.create_log_stream(logGroupName=group, logStreamName="s")
    for start in range(0, 12_000, 4_000):
        # Ten events a millisecond, so that a page can end between two of the same time.
        lines = [{"timestamp": moment + number // 10, "message": str(number)} for number in range(start, start + 4_000)]
        logs.put_log_events(logGroupName=group, logStreamName="s", logEvents=lines)

    pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group, limit=page)

    told = [int(event["message"]) for one in pages for event in one["events"]]
    assert told == list(range(12_000))


def test_a_log_group_keeps_its_newest_events(emulator: Server, group: str) -> None:
    logs, moment = emulator.client("logs"), int(time.time() * 1000)
    for stream in ("old", "new"):
        logs.create_log_stream(logGroupName=group, logStreamName=stream)

    for start in range(0, LOG_EVENTS + 2 * LINES_A_CALL, LINES_A_CALL):
        lines = [{"timestamp": moment, "message": str(start + number)} for number in range(LINES_A_CALL)]
        stream = "old" if start < LINES_A_CALL else "new"
        logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=lines)

    oldest = logs.filter_log_events(logGroupName=group, limit=1)["events"]
    newest = logs.get_log_events(logGroupName=group, logStreamName="new", limit=1)["events"]
    assert [int(event["message"]) for event in oldest + newest] == [2 * LINES_A_CALL, LOG_EVENTS + 2 * LINES_A_CALL - 1]
