"""The bucket of undelivered changes, which could not be announced."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class S3Undelivered:
    """Changes as objects, in the form in which Lambda keeps a batch that it gave up.

    So both kinds of objects are listed and announced again in the same way.
    """

    def __init__(self, client: Callable[[], S3Client], *, bucket: str, prefix: str) -> None:
        """Take a function that makes the client; it is called when the client is first needed.

        `prefix` is the prefix of the objects' keys, one for each function.
        """
        self._make_client = client
        self._bucket = bucket
        self._prefix = prefix

    @cached_property
    def _client(self) -> S3Client:
        return self._make_client()

    def keep(self, record: Mapping[str, Any], *, why: str) -> None:
        """Store a record of the table's stream; the same record again is stored in the same place."""
        change = record["dynamodb"]
        happened = datetime.fromtimestamp(float(change["ApproximateCreationDateTime"]), UTC)
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        document = {
            "requestContext": {"condition": why, "approximateInvokeCount": 1},
            "timestamp": now.replace("+00:00", "Z"),
            "payload": json.dumps({"Records": [record]}),
        }
        self._client.put_object(
            Bucket=self._bucket,
            Key=f"{self._prefix}/{happened:%Y/%m/%d}/{happened:%Y-%m-%dT%H.%M.%S}-{change['SequenceNumber']}",
            Body=json.dumps(document).encode(),
        )
