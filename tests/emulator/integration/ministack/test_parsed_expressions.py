"""JSONata expressions of state machines are parsed once, and evaluated as before."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from jsonata import Jsonata
from jsonata.parser import Parser
from ministack.services import stepfunctions

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
