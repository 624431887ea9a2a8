"""Validation of the workflow's definitions and expressions by States Language and JSONata tools."""

import json
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deployment.repository_paths import ROOT
from tests.synth.support.stack_json import REFERENCE, unescaped

_SCRIPT = Path(__file__).with_suffix(".mjs")
INPUT = {
    "version": 1,
    "user_id": "5f3c7d1e-0000-4000-8000-000000000001",
    "id": "01K9ZZZZZZZZZZZZZZZZZZZZZZ",
    "amount": 1900,
    "currency": "EUR",
    "payment_method": "pm_card_visa",
    "payment": {"result": "declined", "charge_id": "ch_1", "reason": "CARD_DECLINED"},
}
ROW = {"total": {"N": "1900"}, "currency": {"S": "EUR"}, "payment_method": {"S": "pm_card_visa"}}
# The answer to a task's state, by the service that it calls.
RESULTS: dict[str, Any] = {"dynamodb": {"Attributes": ROW}, "lambda": {"Payload": INPUT["payment"]}}
CONTEXT = {"Execution": {"Id": "arn:aws:states:eu-central-1:111111111111:express:o:1:2"}, "State": {"RetryCount": 1}}
ERROR = {"Error": "States.Timeout", "Cause": "it took too long"}


@dataclass(frozen=True)
class Expression:
    """A JSONata expression, its place, and the value of `$states` there."""

    place: str
    text: str
    states: Mapping[str, Any]


def definition_of(machine: Mapping[str, Any]) -> dict[str, Any]:
    """Return a machine's definition as Step Functions gets it, with a name for each reference."""

    def sample(reference: Any) -> str:
        of_function = "arn:aws:lambda:eu-central-1:111111111111:function:sample"
        return of_function if reference[3].endswith("arn") else "sample"

    definition: dict[str, Any] = json.loads(unescaped(REFERENCE.sub(sample, machine["definition"])))
    return definition


def expressions(definition: Mapping[str, Any]) -> list[Expression]:
    """Return all expressions.

    Raise LookupError for a place that Step Functions isn't known to evaluate.
    """
    return [found for name, state in definition["States"].items() for found in _of_state(name, state)]


def _of_state(name: str, state: Mapping[str, Any]) -> Iterator[Expression]:
    """Yield a state's expressions with `$states`.

    Source: Step Functions guide, "Transforming data with JSONata".
    """
    before: dict[str, Any] = {"input": INPUT, "context": CONTEXT}
    service = str(state.get("Resource", "")).removeprefix("arn:aws:states:::").partition(":")[0]
    for field, value in state.items():
        if field == "Arguments":
            yield from _below(f"{name}.{field}", value, before)
        elif field in ("Output", "Assign"):
            yield from _below(f"{name}.{field}", value, before | {"result": RESULTS.get(service)})
        elif field == "Catch":
            for number, catcher in enumerate(value):
                yield from _below(f"{name}.Catch[{number}]", catcher, before | {"errorOutput": ERROR})
        elif field == "Choices":
            for number, choice in enumerate(value):
                yield from _below(f"{name}.Choices[{number}]", choice, before)
        elif list(_below(f"{name}.{field}", value, {})):
            raise LookupError(f"{name}.{field} has an expression: say what $states has there")


def _below(place: str, value: Any, states: Mapping[str, Any]) -> Iterator[Expression]:
    if isinstance(value, str) and value.startswith("{%") and value.endswith("%}"):
        yield Expression(place, value[2:-2].strip(), states)
    elif isinstance(value, dict | list):
        for key, one in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _below(f"{place}.{key}", one, states)


def asked(definitions: Mapping[str, Any], found: list[Expression]) -> dict[str, Any]:
    """Return asl-validator's results for the definitions, and JSONata's for the expressions."""
    question = {
        "definitions": definitions,
        "expressions": [{"text": one.text, "states": one.states} for one in found],
    }
    done = subprocess.run(
        [ROOT / "node_modules" / ".bin" / "node", _SCRIPT],
        input=json.dumps(question),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer
