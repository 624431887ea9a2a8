"""Delivers a batch of stream records to a function that may fail, as Lambda does.

AWS Lambda Developer Guide, "Process DynamoDB records with Lambda": records keep their order. A
failed batch is retried until its retries or its records' age run out; the rest is then discarded. A
failed batch may be split in two, which costs no retry. With ReportBatchItemFailures, the next try
begins at the lowest reported sequence number.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

Record = dict[str, Any]
FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 10.0


@dataclass(frozen=True, kw_only=True)
class RetryLimits:
    """A mapping's settings for failures; None means no limit."""

    retries: int | None
    age_seconds: int | None
    split: bool


@dataclass(frozen=True, kw_only=True)
class BatchResult:
    """The result of one invocation: the position of the first failed record, or None."""

    first_failed: int | None
    function_error: str | None = None


@dataclass(frozen=True, kw_only=True)
class Discard:
    """The records that Lambda gives up, with the reason and the number of invocations."""

    records: Sequence[Record]
    condition: str
    invocations: int
    function_error: str | None


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """The effects of a delivery, which a test replaces: invoke, discard, clock and pause."""

    invoke: Callable[[Sequence[Record]], BatchResult]
    discard: Callable[[Discard], None]
    now: Callable[[], float]
    pause: Callable[[float], None]


def deliver(records: Sequence[Record], limits: RetryLimits, delivery: Delivery) -> None:
    """Process or discard every record, in order."""
    waiting = deque([list(records)])
    while waiting:
        halves = _deliver_one(waiting.popleft(), limits, delivery)
        waiting.extendleft(reversed(halves))


def _deliver_one(batch: list[Record], limits: RetryLimits, delivery: Delivery) -> list[list[Record]]:
    """Try one batch until it succeeds, is discarded, or is split; return the halves of a split."""
    tries, error = 0, None
    while batch := _without_expired(batch, limits, delivery, tries, error):
        outcome = delivery.invoke(batch)
        if outcome.first_failed is None:
            return []
        if outcome.first_failed > 0:
            batch, tries = batch[outcome.first_failed :], 0
            continue
        if limits.split and len(batch) > 1:
            middle = len(batch) // 2
            return [batch[:middle], batch[middle:]]
        tries, error = tries + 1, outcome.function_error
        if limits.retries is not None and tries > limits.retries:
            delivery.discard(
                Discard(records=batch, condition="RetryAttemptsExhausted", invocations=tries, function_error=error)
            )
            return []
        delivery.pause(min(FIRST_PAUSE_SECONDS * 2 ** (tries - 1), LONGEST_PAUSE_SECONDS))
    return []


def _without_expired(
    batch: list[Record], limits: RetryLimits, delivery: Delivery, tries: int, error: str | None
) -> list[Record]:
    if limits.age_seconds is None:
        return batch
    oldest_allowed = delivery.now() - limits.age_seconds
    kept = [record for record in batch if record["dynamodb"]["ApproximateCreationDateTime"] >= oldest_allowed]
    if len(kept) < len(batch):
        expired = [record for record in batch if record not in kept]
        delivery.discard(
            Discard(records=expired, condition="RecordAgeExceeded", invocations=tries, function_error=error)
        )
    return kept


def outcome_of(records: Sequence[Record], result: dict[str, Any], *, partial: bool) -> BatchResult:
    """Read an invocation's result; an answer that names an unknown record fails the whole batch."""
    if result.get("error"):
        return BatchResult(first_failed=0, function_error="Unhandled")
    body = result.get("body")
    failures = (body.get("batchItemFailures") if isinstance(body, dict) else None) or []
    if not partial or not failures:
        return BatchResult(first_failed=None)
    positions = {record["dynamodb"]["SequenceNumber"]: index for index, record in enumerate(records)}
    named = [positions.get((failure or {}).get("itemIdentifier"), 0) for failure in failures]
    return BatchResult(first_failed=min(named))
