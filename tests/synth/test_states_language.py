"""Every state machine is valid States Language, and every expression in it has a value."""

import copy
import json
from typing import Any

import jsonata
import pytest

from deployment.repository_paths import ROOT
from tests.synth.support.stack_json import StackJson
from tests.synth.support.states_language import Expression, asked, definition_of, expressions

pytestmark = pytest.mark.contract
OF_NOW = ("$now()", "$millis()")


@pytest.fixture(scope="module")
def definitions(stacks: dict[str, StackJson]) -> dict[str, Any]:
    """The definitions of all environments, by their stacks' names."""
    return {stack.name: definition_of(stack.only("sfn_state_machine")) for stack in stacks.values()}


@pytest.fixture(scope="module")
def found(definitions: dict[str, Any]) -> list[Expression]:
    return [one for definition in definitions.values() for one in expressions(definition)]


@pytest.fixture(scope="module")
def answer(definitions: dict[str, Any], found: list[Expression]) -> dict[str, Any]:
    return asked(definitions | broken(definitions["orders-dev"]), found)


def broken(definition: dict[str, Any]) -> dict[str, Any]:
    """Return copies of the definition, each with one fault."""
    nowhere, unknown, incomplete = (copy.deepcopy(definition) for _ in range(3))
    nowhere["States"]["ChargePayment"]["Next"] = "Nowhere"
    unknown["States"]["MarkPaid"]["Parameters"] = {}
    unknown["States"]["MarkPaid"]["ResultPath"] = "$.x"
    del incomplete["States"]["PaymentDecision"]["Choices"]
    return {"broken nowhere": nowhere, "broken unknown": unknown, "broken incomplete": incomplete}


def test_expressions_are_evaluated_in_the_version_that_step_functions_has() -> None:
    # "Step Functions supports JSONata version 2.0.6" (guide, "Transforming data with JSONata").
    packages = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))

    assert packages["devDependencies"]["jsonata"] == "2.0.6"


def test_every_definition_is_valid(definitions: dict[str, Any], answer: dict[str, Any]) -> None:
    assert {name: answer["definitions"][name] for name in definitions} == {name: [] for name in definitions}


@pytest.mark.parametrize("way", ["nowhere", "unknown", "incomplete"])
def test_a_definition_that_is_not_valid_is_found(answer: dict[str, Any], way: str) -> None:
    assert answer["definitions"][f"broken {way}"] != []


def test_every_expression_comes_to_something(found: list[Expression], answer: dict[str, Any]) -> None:
    values = zip(found, answer["expressions"], strict=True)

    assert len(found) > 100
    assert {one.place: value["error"] for one, value in values if "error" in value} == {}


def test_the_engine_of_the_local_run_comes_to_the_same(found: list[Expression], answer: dict[str, Any]) -> None:
    for one, there in zip(found, answer["expressions"], strict=True):
        here = jsonata.Jsonata.jsonata(one.text).evaluate(None, {"states": one.states})

        if any(function in one.text for function in OF_NOW):
            assert type(here) is type(there["value"]), one.place
        else:
            assert here == there["value"], one.place
