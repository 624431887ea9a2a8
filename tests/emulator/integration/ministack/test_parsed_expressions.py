"""Expressions of state machines and of DynamoDB, in this process: read once, evaluated as before."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from jsonata import Jsonata
from jsonata.parser import Parser
from ministack.services import dynamodb, stepfunctions

from emulator.ministack.repairs.dynamodb import parsed_expressions as of_dynamodb
from emulator.ministack.repairs.stepfunctions import parsed_expressions

ORDERS = [{"id": number, "price": number * 10} for number in range(6)]
CHEAP = "$map($states.input.orders[price < $states.input.limit], function($order) { $string($order.id) & $now()[0] })"


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that were parsed, with the repair in place."""
    texts: list[str] = []
    parse: Callable[..., Any] = Parser.parse

    def noted(parser: Parser, text: str, engine: Any) -> Any:
        texts.append(text)
        return parse(parser, text, engine)

    monkeypatch.setattr(Parser, "parse", noted)
    monkeypatch.setattr(Jsonata, "get_parser", staticmethod(Jsonata.get_parser))
    monkeypatch.setattr(stepfunctions, "_evaluate_jsonata", stepfunctions._evaluate_jsonata)
    parsed_expressions.apply(None)  # type: ignore[arg-type]  # this repair needs to know nothing of the run
    return texts


def cheaper_than(limit: int) -> Any:
    return stepfunctions._evaluate_jsonata(CHEAP, {"orders": ORDERS, "limit": limit})


def test_an_expression_is_parsed_once_for_all_threads(parsed: list[str]) -> None:
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(cheaper_than, [50] * 20))

    # Two threads that come first at the same moment may each parse it.
    assert 1 <= len(parsed) <= 4


def test_each_evaluation_has_its_own_input(parsed: list[str]) -> None:
    limits = [number % 5 * 10 + 20 for number in range(60)]

    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(cheaper_than, limits))

    assert [len(orders) for orders in found] == [limit // 10 for limit in limits]


def test_what_cannot_be_parsed_fails_each_time(parsed: list[str]) -> None:
    for _ in range(2):
        with pytest.raises(stepfunctions._ExecutionError, match="S0"):
            stepfunctions._evaluate_jsonata("$states.input.(", {})

    assert len(parsed) == 2


def outcome(evaluate: Callable[..., Any], expression: str, given: Any) -> Any:
    context = {"Execution": {"Id": "arn:1"}, "State": {"RetryCount": 0}, "variables": {"known": 1}}
    try:
        result, error_output = {"Payload": {"result": "approved"}, "Error": "of it"}, {"Error": "Refused"}
        return repr(evaluate(expression, given, context, result, error_output))
    except stepfunctions._ExecutionError as failure:
        return f"{failure.error}: {failure.cause}"


@pytest.mark.parametrize(
    "path",
    [
        *(f"$states.input.{name}" for name in ("text", "number", "true_one", "nothing", "missing", "list", "real")),
        *(f"$states.input.{name}" for name in ("object.text", "object", "list.id", "text.more", "nothing.more")),
        *(f"$states.input.{name}" for name in ("and", "in", "or", "true", "false", "null")),
        *("$states.input", "$states", "$known", "$states.context.Execution.Id", "$states.context.State.RetryCount"),
        *("$states.result.Payload.result", "$states.errorOutput.Error", "$states.unknown", "$states.input.`text`"),
    ],
)
def test_a_plain_path_is_what_the_library_finds(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given = {
        "text": "a",
        "number": 3,
        "true_one": True,
        "nothing": None,
        "real": 2.0,
        **dict.fromkeys(("and", "in", "or", "true", "false", "null"), "b"),
        "object": {"text": "c"},
        "list": [{"id": 1}, {"id": 2}],
    }
    expected = outcome(stepfunctions._evaluate_jsonata, path, given)
    monkeypatch.setattr(stepfunctions, "_evaluate_jsonata", stepfunctions._evaluate_jsonata)
    monkeypatch.setattr(Jsonata, "get_parser", staticmethod(Jsonata.get_parser))
    parsed_expressions.apply(None)  # type: ignore[arg-type]  # as above

    found = outcome(stepfunctions._evaluate_jsonata, path, given)

    assert found == expected


def test_a_plain_path_is_not_parsed(parsed: list[str]) -> None:
    stepfunctions._evaluate_jsonata("$states.input.id", {"id": "a"})

    assert parsed == []


@pytest.fixture
def of_each_call(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The expressions of DynamoDB that were taken apart, with the repair in place."""
    texts: list[str] = []
    for name in ("_tokenize", "_condition_syntax_error"):
        read: Callable[..., Any] = getattr(dynamodb, name)

        def noted(text: str, *slot: str, read: Callable[..., Any] = read) -> Any:
            texts.append(text)
            return read(text, *slot)

        monkeypatch.setattr(dynamodb, name, noted)
    of_dynamodb.apply(None)  # type: ignore[arg-type]  # as above
    return texts


def test_an_expression_of_dynamodb_is_read_once(of_each_call: list[str]) -> None:
    items = [{"status": {"S": status}} for status in ("PENDING", "PAID", "PENDING")]

    met = [dynamodb._evaluate_condition("#s = :s", item, {":s": {"S": "PENDING"}}, {"#s": "status"}) for item in items]

    assert met == [True, False, True]
    assert of_each_call == ["#s = :s", "#s = :s"]  # its tokens, and its faults


def test_no_call_changes_what_is_kept_of_an_expression(of_each_call: list[str]) -> None:
    dynamodb._tokenize("a = :a").clear()

    assert dynamodb._tokenize("a = :a") != []


def test_an_expression_longer_than_dynamodb_takes_is_not_kept(of_each_call: list[str]) -> None:
    for _ in range(2):
        dynamodb._tokenize(f"{'a' * 4096} = :a")

    assert len(of_each_call) == 2


def test_a_wrong_expression_of_dynamodb_is_refused_each_time(of_each_call: list[str]) -> None:
    for slot in ("ConditionExpression", "FilterExpression", "ConditionExpression"):
        with pytest.raises(ValueError, match=f"Invalid {slot}: Syntax error"):
            dynamodb._evaluate_condition("a = = :s", {}, {":s": {"S": ""}}, {}, slot=slot)
