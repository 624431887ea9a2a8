"""Handlers in this process, over fakes: real Powertools, no network."""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import pytest


@dataclass
class Context:
    """The part of Lambda's context that the handlers use."""

    function_name: str = "orders-test"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = "arn:aws:lambda:us-east-1:000000000000:function:orders-test"
    aws_request_id: str = "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"
    remaining_milliseconds: int = 60_000

    def get_remaining_time_in_millis(self) -> int:
        return self.remaining_milliseconds


@pytest.fixture
def context() -> Context:
    return Context()


@pytest.fixture(autouse=True)
def measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set the environment's name, which every metric has as a dimension."""
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "orders-test")
    monkeypatch.setenv("ENVIRONMENT", "test")


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> Callable[[ModuleType], Callable[[], list[dict[str, Any]]]]:
    """Return a function that, for a handler's module, returns its log lines from then on."""

    def listen(module: ModuleType) -> Callable[[], list[dict[str, Any]]]:
        stream = io.StringIO()
        monkeypatch.setattr(module.logger.registered_handler, "stream", stream)
        return lambda: [json.loads(line) for line in stream.getvalue().splitlines()]

    return listen
