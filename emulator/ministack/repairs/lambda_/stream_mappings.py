"""Table streams reach functions as on AWS: limited retries, splits, partial failures, destinations.

AWS: see the modules of emulator/ministack/streams. Each mapping reads by itself.
MiniStack: one thread polls all queues and streams, so that a slow consumer of a stream holds up the queues; a poison
record blocks its stream for ever, because retry limit, splits, partial responses and S3 destinations are ignored.
The positions of the readers are kept over a stop; the readers themselves are started again.
"""

import functools
import json
import logging
import threading
import time
from collections.abc import Sequence
from typing import Any

from ministack.core.responses import request_scope
from ministack.services import dynamodb, lambda_svc

from emulator.ministack.account import ACCOUNT_ID
from emulator.ministack.repairs.lambda_.mapping_roles import missing_permission
from emulator.ministack.repairs.patching import AnyCallable, RepairContext, replace
from emulator.ministack.streams import discards
from emulator.ministack.streams.batches import BatchResult, Delivery, Record, RetryLimits, deliver, outcome_of
from emulator.ministack.streams.records import forget_read, oldest_position, records_since

IDLE_SECONDS = 1.0
_log = logging.getLogger(__name__)
_written = threading.Condition()


def apply(context: RepairContext) -> None:
    """Exclude streams from the shared poller, and give each mapping a reader of its own."""
    replace(lambda_svc, "_poll_dynamodb_streams", lambda _original: lambda: False)
    dynamodb.esm_wake = _Readers()

    def with_reader(create: AnyCallable) -> AnyCallable:
        @functools.wraps(create)
        def created(data: dict[str, Any]) -> Any:
            answer = create(data)
            if answer[0] == 202 and ":dynamodb:" in data.get("EventSourceArn", ""):
                _start_reader(context, json.loads(answer[2])["UUID"])
            return answer

        return created

    def with_readers(load: AnyCallable) -> AnyCallable:
        @functools.wraps(load)
        def loaded(state: dict[str, Any]) -> None:
            load(state)
            for mapping in list(lambda_svc._esms._data.values()):
                if ":dynamodb:" in mapping.get("EventSourceArn", ""):
                    _start_reader(context, mapping["UUID"])

        return loaded

    replace(lambda_svc, "_create_esm", with_reader)
    replace(lambda_svc, "load_persisted_state", with_readers)


def _start_reader(context: RepairContext, mapping_id: str) -> None:
    reader = Reader(context, mapping_id)
    threading.Thread(target=reader.read_for_ever, name="stream-reader", daemon=True).start()


class _Readers:
    """The readers of streams, whom DynamoDB tells of a new record instead of the shared poller."""

    def set(self) -> None:
        """Wake them."""
        with _written:
            _written.notify_all()


class Reader:
    """Reads one table's stream for one mapping, until the mapping is deleted."""

    def __init__(self, context: RepairContext, mapping_id: str) -> None:
        self._context = context
        self._id = mapping_id

    def read_for_ever(self) -> None:
        """Deliver batches; wait when there is none."""
        with request_scope(ACCOUNT_ID, self._context.region):
            while (mapping := lambda_svc._esms.get(self._id)) is not None:
                try:
                    found = mapping.get("Enabled", True) and self._read_once(mapping)
                except Exception:
                    _log.exception("stream mapping %s", self._id)
                    found = False
                if not found:
                    with _written:
                        _written.wait(IDLE_SECONDS)

    def _read_once(self, mapping: dict[str, Any]) -> bool:
        """Deliver the next batch; return False if there was none."""
        table = mapping["EventSourceArn"].split("/")[1]
        position = max(lambda_svc._dynamodb_stream_positions[self._id], oldest_position(table))
        records = records_since(table, position, mapping.get("BatchSize", 100))
        _, config = self._function(mapping)
        if not records or config is None:
            return False
        missing = missing_permission(self._context, config["Role"], mapping["EventSourceArn"])
        if missing is not None:
            mapping["LastProcessingResult"] = f"PROBLEM: {missing}"
            return False
        wanted = lambda_svc._apply_filter_criteria(records, mapping)
        if wanted:
            deliver(wanted, _limits(mapping), self._delivery(mapping, config))
        lambda_svc._dynamodb_stream_positions[self._id] = position + len(records)
        forget_read(table)
        return True

    def _function(self, mapping: dict[str, Any]) -> Any:
        return lambda_svc._get_func_record_for_qualifier(mapping["FunctionName"], mapping.get("Qualifier"))

    def _delivery(self, mapping: dict[str, Any], config: dict[str, Any]) -> Delivery:
        partial = "ReportBatchItemFailures" in (mapping.get("FunctionResponseTypes") or [])

        def invoke(records: Sequence[Record]) -> BatchResult:
            function, _ = self._function(mapping)
            if function is None or self._id not in lambda_svc._esms:
                return BatchResult(first_failed=None)
            result = lambda_svc._execute_function(function, {"Records": list(records)})
            outcome = outcome_of(records, result, partial=partial)
            mapping["LastProcessingResult"] = "OK" if outcome.first_failed is None else "PROBLEM: Function call failed"
            return outcome

        return Delivery(
            invoke=invoke,
            discard=lambda discard: discards.send(self._context, mapping, config, discard),
            now=time.time,
            pause=time.sleep,
        )


def _limits(mapping: dict[str, Any]) -> RetryLimits:
    retries, age = mapping.get("MaximumRetryAttempts", -1), mapping.get("MaximumRecordAgeInSeconds", -1)
    return RetryLimits(
        retries=None if retries in (None, -1) else retries,
        age_seconds=None if age in (None, -1) else age,
        split=bool(mapping.get("BisectBatchOnFunctionError")),
    )
