"""Each hint of a batch starts a workflow, and only failed ones come again."""

import json
from types import SimpleNamespace
from typing import Any

import pytest
from orders import bootstrap
from orders.domain.hint import hint_text
from orders.domain.order import OrderKey
from orders.handlers import start_workflow

from tests.support.fakes import FakeWorkflows

GOOD = OrderKey("anna", "01")
UNLUCKY = OrderKey("ben", "02")


class Workflows(FakeWorkflows):
    def start(self, key: OrderKey) -> None:
        if key == UNLUCKY:
            raise TimeoutError("Step Functions didn't answer")
        super().start(key)


@pytest.fixture
def workflows(monkeypatch: pytest.MonkeyPatch) -> Workflows:
    workflows = Workflows()
    monkeypatch.setattr(bootstrap, "start_workflow", lambda: SimpleNamespace(workflows=workflows))
    return workflows


def batch(*bodies: str) -> dict[str, Any]:
    """Make an SQS event whose message ids are the positions in the batch."""
    return {
        "Records": [
            {"messageId": str(number), "body": body, "eventSource": "aws:sqs"} for number, body in enumerate(bodies)
        ]
    }


def test_only_the_records_that_failed_come_again(workflows: Workflows, context: Any) -> None:
    event = batch(hint_text(UNLUCKY), hint_text(GOOD), "poison", hint_text(GOOD))

    answer = start_workflow.handler(event, context)

    assert answer == {"batchItemFailures": [{"itemIdentifier": "0"}, {"itemIdentifier": "2"}]}
    assert workflows.started == [GOOD, GOOD]


def test_a_batch_of_poison_is_reported_record_by_record(workflows: Workflows, context: Any) -> None:
    answer = start_workflow.handler(batch("poison"), context)

    assert answer == {"batchItemFailures": [{"itemIdentifier": "0"}]}


def test_poison_is_one_clear_line_in_the_log(workflows: Workflows, context: Any, logged: Any) -> None:
    lines = logged(start_workflow)

    start_workflow.handler(batch(json.dumps({"version": 2, "user_id": "anna", "id": "01"})), context)

    assert [(line["level"], line["message"], line["message_id"]) for line in lines()] == [
        ("ERROR", "poison message: a hint's version must be 1, got 2", "0")
    ]
    assert "exception" not in lines()[0]


@pytest.mark.parametrize(
    "body",
    [r'{"version": 1, "user_id": "\ud800", "id": "01"}', "[" * 20_000, r'{"\ud800": 1}', r'"\udfff"'],
    ids=["half a character", "brackets", "a key", "a text"],
)
def test_poison_that_no_service_takes_is_one_clear_line_too(
    workflows: Workflows, context: Any, logged: Any, body: str
) -> None:
    lines = logged(start_workflow)

    answer = start_workflow.handler(batch(body), context)

    (line,) = lines()
    assert answer == {"batchItemFailures": [{"itemIdentifier": "0"}]}
    assert workflows.started == []
    assert line["message"].startswith("poison message: a hint")
    assert line["message"].encode()
    assert "exception" not in line


def test_a_started_workflow_is_logged_with_its_order(workflows: Workflows, context: Any, logged: Any) -> None:
    lines = logged(start_workflow)

    start_workflow.handler(batch(hint_text(GOOD)), context)

    assert [(line["message"], line["order_id"]) for line in lines()] == [("workflow started", "01")]


def test_each_line_of_a_batch_names_its_own_order_and_the_trace_of_its_hint(
    workflows: Workflows, context: Any, logged: Any
) -> None:
    lines = logged(start_workflow)
    event = batch(hint_text(UNLUCKY), "poison", hint_text(GOOD))
    root = "1-5759e988-bd862e3fe1be46a994272793"
    event["Records"][0]["attributes"] = {"AWSTraceHeader": f"Parent=53995c3f42cd8ad8;Root={root};Sampled=1"}

    start_workflow.handler(event, context)

    named = [[line.get(name) for name in ("message_id", "user_id", "order_id", "hint_trace_id")] for line in lines()]
    assert named == [["0", "ben", "02", root], ["1", None, None, None], ["2", "anna", "01", None]]
