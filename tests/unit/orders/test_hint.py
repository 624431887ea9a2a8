"""A queue message is a hint of version 1, or poison."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from orders.domain.hint import InvalidHint, hint_text, parse_hint
from orders.domain.order import OrderKey
from orders.use_cases.start_workflow import start_workflow

from tests.support.fakes import FakeWorkflows
from tests.support.order_rows import KEY

HINT: dict[str, Any] = {"version": 1, "user_id": KEY.user_id, "id": KEY.order_id}


def test_a_hint_starts_the_workflow_of_its_order() -> None:
    workflows = FakeWorkflows()

    start_workflow(json.dumps(HINT), workflows=workflows)

    assert workflows.started == [KEY]


@given(st.text(min_size=1, max_size=256), st.text(min_size=1, max_size=256))
def test_a_hint_is_read_as_it_was_written(user_id: str, order_id: str) -> None:
    key = OrderKey(user_id, order_id)

    text = hint_text(key)

    assert json.loads(text).keys() == {"version", "user_id", "id"}
    assert parse_hint(text) == key


@pytest.mark.parametrize(
    "message",
    [
        "",
        "not JSON",
        "null",
        "[]",
        '"1"',
        json.dumps({"version": 1, "user_id": "anna"}),
        json.dumps(HINT | {"status": "PAID"}),
        json.dumps(HINT | {"version": 2}),
        json.dumps(HINT | {"version": "1"}),
        json.dumps(HINT | {"version": True}),
        json.dumps(HINT | {"version": 1.0}),
        json.dumps(HINT | {"user_id": ""}),
        json.dumps(HINT | {"id": None}),
        json.dumps(HINT | {"id": 7}),
        json.dumps(HINT | {"user_id": ["anna"]}),
        json.dumps(HINT | {"user_id": "\ud800"}),
        json.dumps(HINT | {"user_id": "anna\udfff"}),
        json.dumps(HINT | {"id": "\ud83c"}),
        json.dumps("\ud800"),
        json.dumps(HINT | {"\ud800": 1}),
        json.dumps(HINT)[:-1] + ', "user_id": "ben"}',
        json.dumps(HINT | {"user_id": "a" * 2049}),
        json.dumps(HINT | {"id": "é" * 513}),
        json.dumps(HINT | {"version": float("nan")}),
        json.dumps(HINT | {"version": float("inf")}),
        '{"version": ' + "1" * 5000 + ', "user_id": "anna", "id": "01"}',
        "[" * 20_000,
        '{"version":' * 20_000,
        json.dumps(HINT | {"version": json.loads("[" * 400 + "]" * 400)}),
        json.dumps(HINT | {"user_id": json.loads("[" * 400 + "]" * 400)}),
        json.dumps(json.loads("[" * 400 + "]" * 400)),
        json.dumps(HINT | {"user_id": {"S": "anna"}}),
        "\ufeff" + json.dumps(HINT),
        "\x00",
        "\ud800",
    ],
)
def test_anything_else_is_poison_described_in_one_line(message: str) -> None:
    workflows = FakeWorkflows()

    with pytest.raises(InvalidHint) as poison:
        start_workflow(message, workflows=workflows)

    assert workflows.started == []
    said = str(poison.value)
    assert "\n" not in said
    assert "got" in said
    assert said.encode()
    assert len(said) < 400
