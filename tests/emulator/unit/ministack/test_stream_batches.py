"""Delivery of a batch of stream records to a function that may fail."""

from collections.abc import Sequence
from typing import Any

import pytest

from emulator.ministack.streams.batches import BatchResult, Delivery, Discard, Record, RetryLimits, deliver, outcome_of

NO_LIMITS = RetryLimits(retries=None, age_seconds=None, split=False)


def records(*names: str, created: float = 0.0) -> list[Record]:
    return [{"dynamodb": {"SequenceNumber": name, "ApproximateCreationDateTime": created}} for name in names]


def names(batch: Sequence[Record]) -> str:
    return "".join(record["dynamodb"]["SequenceNumber"] for record in batch)


class Function:
    """Fails on the poison records, and notes every batch that it got."""

    def __init__(self, poison: str = "", *, reports: bool = False, heals_after: int | None = None) -> None:
        self.calls: list[str] = []
        self.discards: list[Discard] = []
        self.clock = 0.0
        self._poison, self._reports, self._heals_after = poison, reports, heals_after

    def invoke(self, batch: Sequence[Record]) -> BatchResult:
        self.calls.append(names(batch))
        self.clock += 1
        healed = self._heals_after is not None and len(self.calls) > self._heals_after
        bad = [] if healed else [index for index, name in enumerate(names(batch)) if name in self._poison]
        if not bad:
            return BatchResult(first_failed=None)
        return BatchResult(
            first_failed=min(bad) if self._reports else 0, function_error=None if self._reports else "Unhandled"
        )

    def deliver(self, batch: list[Record], limits: RetryLimits) -> None:
        pauses: list[float] = []
        deliver(
            batch,
            limits,
            Delivery(invoke=self.invoke, discard=self.discards.append, now=lambda: self.clock, pause=pauses.append),
        )


def test_a_batch_that_works_is_delivered_once() -> None:
    function = Function()

    function.deliver(records("a", "b"), NO_LIMITS)

    assert (function.calls, function.discards) == (["ab"], [])


def test_a_batch_without_limits_is_tried_until_it_works() -> None:
    function = Function("a", heals_after=7)

    function.deliver(records("a", "b"), NO_LIMITS)

    assert (function.calls, function.discards) == (["ab"] * 8, [])


def test_a_batch_is_given_up_after_its_retries_and_the_next_one_isnt() -> None:
    function = Function("a")

    function.deliver(records("a", "b"), RetryLimits(retries=2, age_seconds=None, split=False))

    assert function.calls == ["ab"] * 3
    assert [(names(d.records), d.condition, d.invocations, d.function_error) for d in function.discards] == [
        ("ab", "RetryAttemptsExhausted", 3, "Unhandled")
    ]


def test_a_split_isolates_the_poisonous_record_and_delivers_the_rest_in_order() -> None:
    function = Function("c")

    function.deliver(records("a", "b", "c", "d"), RetryLimits(retries=1, age_seconds=None, split=True))

    assert function.calls == ["abcd", "ab", "cd", "c", "c", "d"]
    assert [names(discard.records) for discard in function.discards] == ["c"]


def test_after_a_partial_failure_everything_from_the_first_failed_record_comes_again() -> None:
    function = Function("c", reports=True, heals_after=2)

    function.deliver(records("a", "b", "c", "d"), RetryLimits(retries=1, age_seconds=None, split=False))

    assert function.calls == ["abcd", "cd", "cd"]
    assert function.discards == []


def test_a_reported_poisonous_record_is_the_only_one_given_up_when_batches_may_split() -> None:
    function = Function("b", reports=True)

    function.deliver(records("a", "b", "c"), RetryLimits(retries=0, age_seconds=None, split=True))

    assert function.calls == ["abc", "bc", "b", "c"]
    assert [names(discard.records) for discard in function.discards] == ["b"]


def test_a_record_that_grew_too_old_is_given_up_without_its_successors() -> None:
    function = Function("a")
    batch = records("a", created=0.0) + records("b", created=100.0)

    function.deliver(batch, RetryLimits(retries=None, age_seconds=3, split=False))

    assert [(names(d.records), d.condition) for d in function.discards] == [("a", "RecordAgeExceeded")]
    assert function.calls[-1] == "b"


@pytest.mark.parametrize(
    ("body", "first_failed"),
    [
        (None, None),
        ({"batchItemFailures": []}, None),
        ({"batchItemFailures": [{"itemIdentifier": "c"}, {"itemIdentifier": "b"}]}, 1),
        ({"batchItemFailures": [{"itemIdentifier": "nobody"}]}, 0),
        ({"batchItemFailures": [{"itemIdentifier": ""}]}, 0),
        ({"batchItemFailures": [None]}, 0),
    ],
)
def test_the_lowest_reported_record_is_where_the_next_try_begins(body: Any, first_failed: int | None) -> None:
    outcome = outcome_of(records("a", "b", "c"), {"body": body}, partial=True)

    assert outcome.first_failed == first_failed


def test_reports_count_only_when_the_mapping_asks_for_them() -> None:
    result = {"body": {"batchItemFailures": [{"itemIdentifier": "a"}]}}

    outcome = outcome_of(records("a"), result, partial=False)

    assert outcome.first_failed is None


def test_an_exception_fails_the_whole_batch() -> None:
    outcome = outcome_of(records("a", "b"), {"error": True, "body": {"errorType": "X"}}, partial=True)

    assert outcome == BatchResult(first_failed=0, function_error="Unhandled")
