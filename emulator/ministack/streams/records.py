"""The records of a table's stream, of which only the newest are kept.

AWS keeps a stream's records for 24 hours (DynamoDB Developer Guide, "Change data capture for
DynamoDB Streams"), on Amazon's disks. MiniStack does the same in memory: 10,000 orders take 300 MB.
Here the records that every mapping has read are deleted, except the newest.
"""

import threading
from typing import Any

from ministack.services import dynamodb, lambda_svc

KEPT = 2000
# Deleting shifts the remaining records, so it isn't done for each record.
AT_ONCE = 100
_shifting = threading.Lock()


def oldest_position(table: str) -> int:
    """Return the position of the oldest record that is kept."""
    with _shifting:
        return int(dynamodb.stream_start_position(table))


def records_since(table: str, position: int, limit: int) -> list[Any]:
    """Return at most `limit` records from that position on."""
    with _shifting:
        return list(dynamodb.stream_records_since(table, position, limit))


def forget_read(table: str) -> None:
    """Delete the oldest records that all of the table's mappings have read."""
    with _shifting:
        start, end = dynamodb.stream_start_position(table), dynamodb.stream_end_position(table)
        positions = [
            lambda_svc._dynamodb_stream_positions.get(id_, start)
            for id_, mapping in list(lambda_svc._esms.items())
            if f":table/{table}/stream/" in mapping.get("EventSourceArn", "")
        ]
        count = min([end - KEPT, *positions]) - start
        if count >= AT_ONCE:
            del dynamodb._stream_records[table][:count]
            dynamodb._stream_trimmed[table] = start + count
