"""Policies of roles are parsed once for each text."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from ministack.core import iam_evaluator

from emulator.ministack.repairs.iam import parsed_policies


def policy(action: str) -> str:
    return json.dumps({"Statement": {"Effect": "Allow", "Action": action, "Resource": "*"}})


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The documents that were parsed, with the repair in place."""
    documents: list[Any] = []
    parse: Callable[[Any], Any] = iam_evaluator.parse_policy_document

    def noted(document: Any) -> Any:
        documents.append(document)
        return parse(document)

    monkeypatch.setattr(iam_evaluator, "parse_policy_document", noted)
    parsed_policies.apply(None)  # type: ignore[arg-type]  # this repair needs to know nothing of the run
    return documents


def test_a_text_is_parsed_once(parsed: list[Any]) -> None:
    found = [iam_evaluator.parse_policy_document(policy("sqs:SendMessage")) for _ in range(3)]

    assert parsed == [policy("sqs:SendMessage")]
    assert [statements[0].actions for statements in found] == [["sqs:SendMessage"]] * 3


def test_a_changed_policy_is_another_text(parsed: list[Any]) -> None:
    actions = [iam_evaluator.parse_policy_document(policy(f"sqs:{name}"))[0].actions for name in ("Send", "Receive")]

    assert actions == [["sqs:Send"], ["sqs:Receive"]]


def test_a_document_that_is_no_text_is_not_kept(parsed: list[Any]) -> None:
    document = json.loads(policy("sqs:SendMessage"))
    iam_evaluator.parse_policy_document(document)
    document["Statement"]["Action"] = "sqs:DeleteMessage"

    (statement,) = iam_evaluator.parse_policy_document(document)

    assert statement.actions == ["sqs:DeleteMessage"]
