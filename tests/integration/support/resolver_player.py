"""Runs a field's resolver as AppSync does, in the embedded engine, with a test's data sources."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from deployment.repository_paths import ROOT
from emulator.appsync.javascript import Engine, Evaluation, RaisedError
from environments.order_rules import DEFAULT_PAYMENT_METHOD, GRACE_SECONDS, OPEN_ORDERS_SHARDS
from stacks.orders.resolver_pipelines import pipeline
from stacks.synth.rendering import Values, render_code

RESOLVERS = ROOT / "stacks" / "orders" / "resolvers"
WIRING: dict[str, dict[str, Any]] = json.loads((RESOLVERS / "wiring.json").read_text(encoding="utf-8"))
QUEUE_URL = "https://sqs.us-east-1.amazonaws.com/000000000000/orders-local-placed"
VALUES: Values = {
    "orders_table": "orders-local-orders",
    "payments_table": "orders-local-payments",
    "queue_url": QUEUE_URL,
    "default_payment_method": DEFAULT_PAYMENT_METHOD,
    "grace_milliseconds": GRACE_SECONDS * 1000,
    "open_orders_shards": OPEN_ORDERS_SHARDS,
    "restaurants_key": "#restaurants",
    "change_window_seconds": 0,
    "open_orders_limit": 0,
}
CONDITION_FAILED = "DynamoDB:ConditionalCheckFailedException"
ENGINE = Engine()


@dataclass(frozen=True)
class Failure:
    """A data source's error (ctx.error), with ctx.result where AppSync gives the current item."""

    type: str
    message: str = "the service said no"
    result: Any = None


@dataclass(frozen=True)
class Outcome:
    """The caller's result, the requests to the data sources by function, and a subscription's filter."""

    value: Any
    error: RaisedError | None
    requests: dict[str, Any]
    logs: list[str]
    subscription_filter: Any

    @property
    def error_type(self) -> str | None:
        return self.error.error_type if self.error else None

    @property
    def message(self) -> str:
        return self.error.message if self.error else ""


def code_of(file: str, **settings: str | int) -> str:
    """Return a resolver's code as AppSync gets it.

    It is rendered with these settings, then read by Terraform.
    """
    text = (RESOLVERS / file).read_text(encoding="utf-8")
    rendered = render_code(text, {**VALUES, **settings})
    return rendered.replace("$${", "${").replace("%%{", "%{")


def play(
    name: str,
    args: Mapping[str, Any] | None = None,
    answers: Mapping[str, Any] | None = None,
    *,
    sub: str = "alice",
    headers: Mapping[str, str] | None = None,
    **settings: int,
) -> Outcome:
    """Resolve a field such as `Query.order`, with results or failures by function.

    A missing one fails the test. A list has one answer for each call of the function. Settings are
    the environment's, for example `change_window_seconds`.
    """
    stage = _Stage(args or {}, answers or {}, sub, headers or {}, {**VALUES, **settings})
    try:
        value = stage.resolve(name, WIRING["resolvers"][name])
    except _CallError as ended:
        return Outcome(None, ended.error, stage.requests, stage.logs, stage.subscription_filter)
    return Outcome(value, None, stage.requests, stage.logs, stage.subscription_filter)


class _CallError(Exception):
    def __init__(self, error: RaisedError) -> None:
        self.error = error


@dataclass
class _Stage:
    args: Mapping[str, Any]
    answers: Mapping[str, Any]
    sub: str
    headers: Mapping[str, str]
    values: Values
    stash: dict[str, Any] = field(default_factory=dict)
    requests: dict[str, Any] = field(default_factory=dict)
    logs: list[str] = field(default_factory=list)
    subscription_filter: Any = None

    def resolve(self, name: str, resolver: Mapping[str, Any]) -> Any:
        if "data_source" in resolver:
            return self._step(name, resolver, None)
        result = self._call(resolver, "request", {}).result
        for function in pipeline(WIRING, name, self.values):
            result = self._step(function, WIRING["functions"][function], result)
        return self._call(resolver, "response", {"prev": {"result": result}}).result

    def _step(self, name: str, entry: Mapping[str, Any], previous: Any) -> Any:
        before = {"prev": {"result": previous}}
        request = self._call(entry, "request", before)
        if request.early_return:
            assert request.skip_to in (None, "NEXT")
            return request.result
        return self._call(entry, "response", {**before, **self._answer(name, entry, request.result)}).result

    def _answer(self, name: str, entry: Mapping[str, Any], request: Any) -> dict[str, Any]:
        if entry["data_source"] == "nothing":
            return {"result": request["payload"]}
        self.requests[name] = request
        assert name in self.answers, f"{name} asked its data source: {request}"
        answer = self.answers[name]
        if isinstance(answer, list):
            answer = answer.pop(0)
        if isinstance(answer, Failure):
            return {"error": {"type": answer.type, "message": answer.message}, "result": answer.result}
        return {"result": answer}

    def _call(self, entry: Mapping[str, Any], handler: Any, context: Mapping[str, Any]) -> Evaluation:
        code = code_of(entry["file"], **self.values)
        identity = {"sub": self.sub, "username": "someone@example.com"}
        request = {"headers": self.headers}
        evaluation = ENGINE.evaluate(
            code,
            handler,
            {"args": self.args, "identity": identity, "request": request, "stash": self.stash, **context},
        )
        self.stash = evaluation.stash
        self.logs += evaluation.logs
        self.subscription_filter = evaluation.subscription_filter or self.subscription_filter
        if evaluation.error:
            assert evaluation.error_type not in ("Code", "NotSupported"), evaluation.detail
            raise _CallError(evaluation.error)
        return evaluation


def both(payment: Any, order: Any) -> dict[str, Any]:
    """Return the result of readPayment's transaction for an id."""
    return {"items": [payment, order], "cancellationReasons": None}


def plain(typed: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return DynamoDB's typed values as plain ones; numbers may come as text."""
    return {name: _plain(value) for name, value in typed.items()}


def _plain(value: Mapping[str, Any]) -> Any:
    ((type_, content),) = value.items()
    match type_:
        case "N":
            return int(content)
        case "M":
            return plain(content)
        case "S" | "BOOL":
            return content
        case "NULL":
            return None
        case _:
            raise AssertionError(f"unexpected type {type_}")
