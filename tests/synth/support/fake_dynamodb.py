"""A stand-in for the DynamoDB client that the adapters call."""

from typing import Any


class Client:
    """A DynamoDB client that accepts and records every call."""

    def __init__(self) -> None:
        self.calls: list[dict[str, Any]] = []

    def __getattr__(self, _operation: str) -> Any:
        return self.call

    def call(self, **arguments: Any) -> dict[str, Any]:
        self.calls.append(arguments)
        return {"Attributes": {"hints": {"N": "1"}}}

    def get_paginator(self, _operation: str) -> Any:
        return self

    def paginate(self, **arguments: Any) -> list[dict[str, Any]]:
        self.calls.append(arguments)
        return []
