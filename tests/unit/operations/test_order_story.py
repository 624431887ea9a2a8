"""An order's story in words."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from deployment.colours import TonedText
from deployment.repository_paths import ROOT
from operations.dead_letters import DeadLetter
from operations.logs import LogLine
from operations.order_story import (
    CONDITION_FAILED,
    LEFT_ALONE_STATE,
    WORKFLOW_STARTED,
    StoryEvent,
    dead_letter_events,
    function_events,
    order_events,
    payment_events,
    story_rows,
    undelivered_events,
    unlogged_run_events,
    workflow_events,
)
from operations.order_summary import order_summary
from operations.undelivered_objects import UndeliveredObject

AT = 1_767_225_600_000  # 2026-01-01T00:00:00Z
ROW: dict[str, Any] = {
    "user_id": "u",
    "id": "o",
    "status": "FAILED",
    "failure_reason": "CARD_DECLINED",
    "version": 3,
    "quantity": 2,
    "name": "Margherita",
    "restaurant_id": "trattoria-roma",
    "unit_price": 950,
    "total": 1900,
    "currency": "EUR",
    "created_at": "2026-01-01T00:00:00.000Z",
    "updated_at": "2026-01-01T00:00:01.500Z",
}


def workflow(id_: int, type_: str, **details: str) -> LogLine:
    fields = {"id": str(id_), "type": type_, "details": details, "execution_arn": "arn:aws:states:::x:0c24a0ec-ce28"}
    return LogLine(at=AT, fields=fields)


def test_a_story_is_told_in_time_order() -> None:
    events = [
        StoryEvent(at=AT + 2, who="b", what="later"),
        StoryEvent(at=AT, rank=2, who="a", what="second"),
        StoryEvent(at=AT, rank=1, who="z", what="first"),
    ]

    assert story_rows(events) == [
        ("2026-01-01 00:00:00.000Z", "z", "first"),
        ("2026-01-01 00:00:00.000Z", "a", "second"),
        ("2026-01-01 00:00:00.002Z", "b", "later"),
    ]


def test_the_row_tells_of_its_beginning_and_its_last_change() -> None:
    assert [(event.at - AT, event.what) for event in order_events(ROW)] == [
        (0, "placed"),
        (1500, "last changed: FAILED (CARD_DECLINED), version 3"),
    ]


def test_the_workflow_is_told_by_its_states_and_troubles() -> None:
    cause = json.dumps({"errorMessage": "no answer", "errorType": "PaymentGatewayUnavailable"})
    lines = [
        workflow(1, "ExecutionStarted", input="{}"),
        workflow(2, "TaskStateEntered", name="ChargePayment"),
        workflow(3, "TaskScheduled"),
        workflow(4, "TaskFailed", error="PaymentGatewayUnavailable", cause=cause),
        workflow(5, "ChoiceStateEntered", name="PaymentDecision"),
        workflow(6, "ExecutionTimedOut"),
        workflow(7, "ExecutionFailed", error="UnknownPaymentResult", cause="not known"),
    ]

    events = list(workflow_events(lines))

    assert [event.what for event in events] == [
        "started",
        "ChargePayment",
        "trouble: PaymentGatewayUnavailable, no answer",
        "ran out of time",
        "failed: UnknownPaymentResult, not known",
    ]
    assert {event.who for event in events} == {"workflow 0c24a0ec"}


def unlogged(
    *, row: dict[str, Any] | None = None, started: Sequence[int] = (), logged: Sequence[int] = ()
) -> list[int]:
    return [event.at for event in unlogged_run_events(row, None, started, logged)]


def test_a_run_whose_log_was_not_delivered_has_no_log_of_it_and_did_run() -> None:
    events = list(unlogged_run_events(None, None, [AT], []))

    assert [(event.at, event.who, event.what) for event in events] == [(AT, "workflow", "no log of this run")]


def test_of_several_runs_the_one_without_a_log_is_told() -> None:
    starts = [AT, AT + 60_000, AT + 120_000]

    assert unlogged(started=starts, logged=[AT - 20, AT + 60_020, AT + 119_990]) == []
    assert unlogged(started=starts, logged=[AT + 120_020, AT - 20]) == [AT + 60_000]
    assert unlogged(started=starts, logged=[AT + 60_001]) == [AT, AT + 120_000]


def test_a_run_without_any_log_is_known_by_its_lease_or_its_charge() -> None:
    leased = {**ROW, "lease_owner": "arn:aws:states:::x:0c24a0ec"}
    charged = {"result": "declined", "created_at": ROW["created_at"]}

    assert unlogged(row=leased) == [AT + 1500]
    assert unlogged(row=leased, logged=[AT]) == []
    assert unlogged(row=ROW) == []
    assert [event.at for event in unlogged_run_events(ROW, charged, [], [])] == [AT]
    assert list(unlogged_run_events(ROW, {**charged, "result": "voided"}, [], [])) == []


def test_the_start_of_a_run_is_known_by_what_start_workflow_logs() -> None:
    handler = (ROOT / "lambda_src" / "orders" / "handlers" / "start_workflow.py").read_text(encoding="utf-8")

    assert f'logger.info("{WORKFLOW_STARTED}", ' in handler


def test_an_order_that_is_left_alone_is_no_trouble() -> None:
    lines = [
        workflow(1, "ExecutionStarted", input="{}"),
        workflow(2, "TaskStateEntered", name="BeginPayment"),
        workflow(3, "TaskFailed", error=CONDITION_FAILED, cause="The conditional request failed"),
        workflow(4, "SucceedStateEntered", name=LEFT_ALONE_STATE),
        workflow(5, "ExecutionSucceeded"),
    ]

    events = list(workflow_events(lines))

    assert [event.what for event in events] == [
        "started",
        "BeginPayment",
        "SomebodyElseHasIt: nothing to do, the order is final, gone or with another workflow",
        "ended",
    ]
    assert not [event for event in events if isinstance(event.what, TonedText)]


def test_every_write_of_the_workflow_may_find_the_order_gone_and_leaves_it_alone_then() -> None:
    states = json.loads((ROOT / "stacks" / "orders" / "workflows" / "order.asl.json").read_text("utf-8"))["States"]

    writes = {name: state for name, state in states.items() if "dynamodb" in state.get("Resource", "")}

    assert {*writes} == {"BeginPayment", "MarkPaid", "MarkFailed"}
    for state in writes.values():
        assert [(one["ErrorEquals"], one["Next"]) for one in state["Catch"]] == [([CONDITION_FAILED], LEFT_ALONE_STATE)]


def test_troubles_and_statuses_are_told_in_their_tones() -> None:
    letter = DeadLetter(message_id="m", body="", sent_at=AT, receives=4, came_from=None, attributes={}, handle="h")
    events = [
        *workflow_events(
            [workflow(1, "TaskFailed", error="x"), workflow(2, "ExecutionTimedOut"), workflow(3, "ExecutionSucceeded")]
        ),
        *function_events("sweep", [LogLine(at=AT, fields={"message": "could not", "level": "ERROR"})]),
        *function_events("sweep", [LogLine(at=AT, fields={"message": "hint sent again", "level": "INFO"})]),
        *dead_letter_events([letter], now=AT),
        *order_events(ROW),
    ]

    tones = [event.what.tone if isinstance(event.what, TonedText) else "" for event in events]

    assert tones == ["bad", "bad", "", "bad", "", "", "bad", "", "bad"]
    assert isinstance(dict(order_summary("u", "o", ROW, None, now=AT))["status"], TonedText)


def test_a_cause_that_is_no_error_is_told_as_it_is() -> None:
    causes = ["[" * 20_000, "[]", "not JSON", '"text"']

    told_ = [event.what for cause in causes for event in workflow_events([workflow(1, "TaskFailed", cause=cause)])]

    assert told_ == [f"trouble: {cause}" for cause in causes]


def test_a_function_is_told_by_what_it_logged() -> None:
    line = LogLine(at=AT, fields={"message": "announced", "status": "PAID", "version": 3, "order_id": "o"})

    assert [event.what for event in function_events("announce", [line])] == ["announced: PAID, version 3"]


def test_a_payment_is_told_with_its_money() -> None:
    payment = {
        "result": "approved",
        "amount": 1900,
        "currency": "EUR",
        "charge_id": "ch_1",
        "created_at": ROW["created_at"],
    }

    assert [event.what for event in payment_events(payment)] == ["approved: 19.00 EUR, ch_1"]


def test_only_the_orders_own_undelivered_announcements_are_told() -> None:
    def record(order_id: str) -> dict[str, Any]:
        keys = {"user_id": {"S": "u"}, "id": {"S": order_id}}
        images = {"OldImage": {"status": {"S": "PAYING"}}, "NewImage": {"status": {"S": "PAID"}, "version": {"N": "3"}}}
        return {"dynamodb": {"Keys": keys, "SequenceNumber": "1", **images}}

    batch = UndeliveredObject(
        key="a/b/kept-1", kept_at=AT, why="x", invocations=4, records=[record("o"), record("other")]
    )

    assert [event.what for event in undelivered_events([batch], "u", "o")] == [
        "PAID, version 3: not announced after 4 tries, kept as kept-1"
    ]


def test_the_summary_is_readable_and_complete() -> None:
    found = dict(order_summary("u", "o", {**ROW, "extra": 5, "due_at": AT + 5000, "lease_owner": "me"}, None, now=AT))

    assert found == {
        "order": "o",
        "customer": "u",
        "status": "FAILED, CARD_DECLINED, version 3",
        "content": "2 x Margherita from trattoria-roma",
        "total": "19.00 EUR (9.50 EUR each)",
        "paid with": "-",
        "due": "in 5 s, at 2026-01-01 00:00:05.000Z; 0 hints sent again",
        "lease": "me",
        "extra": "5",
        "payment": "none on record, but FAILED orders have one: see docs/runbooks/lost-rows.md",
    }


@pytest.mark.parametrize("missing", ["quantity", "currency", "created_at", "updated_at"])
def test_a_row_of_another_version_is_shown_as_far_as_it_is_known(missing: str) -> None:
    row = {name: value for name, value in ROW.items() if name != missing}

    found = dict(order_summary("u", "o", row, None, now=AT))

    assert found["status"].startswith("FAILED")
    assert {event.who for event in order_events(row)} == {"order"}


@pytest.mark.parametrize("held", ["yesterday", 7, "0001-01-01T00:00:00+23:59"])
def test_a_row_whose_times_cannot_be_read_is_shown_as_it_is(held: Any) -> None:
    row = {**ROW, "created_at": held, "updated_at": held}

    found = dict(order_summary("u", "o", row, None, now=AT))

    assert (found["created_at"], found["updated_at"]) == (str(held), str(held))
    assert list(order_events(row)) == []


def test_without_a_row_the_customer_is_named_and_nothing_is_said_of_a_charge() -> None:
    found = dict(order_summary("u", "o", None, None, now=AT))

    assert found["status"] == "no row of customer u: deleted, never accepted, or of another customer"
    assert found["payment"] == "none on record of customer u"


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("PENDING", "none on record: not charged"),
        ("CANCELLED", "none on record: not charged"),
        (
            "PAYING",
            "none on record: not charged, unless a charge was cut off before its record; the next try finds it",
        ),
        ("PAID", "none on record, but PAID orders have one: see docs/runbooks/lost-rows.md"),
        ("another", "none on record"),
    ],
)
def test_an_order_without_a_payment_is_said_to_be_not_charged_only_where_that_is_known(status: str, said: str) -> None:
    assert dict(order_summary("u", "o", {**ROW, "status": status}, None, now=AT))["payment"] == said


def test_of_a_row_without_a_status_nothing_is_said_of_a_charge() -> None:
    assert dict(order_summary("u", "o", {"extra": 1}, None, now=AT))["payment"] == "none on record"
