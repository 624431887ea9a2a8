"""Executes a query in steps and within limits.

graphql-core alone does at once whatever needs no waiting.
"""

from collections.abc import Awaitable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any

from graphql import (
    ExecutionContext,
    ExecutionResult,
    FieldNode,
    GraphQLError,
    GraphQLObjectType,
    GraphQLOutputType,
    is_non_null_type,
)
from graphql.pyutils import AwaitableOrValue, Path, Undefined

from emulator.appsync.event_loop_turns import Turns
from emulator.appsync.request_limits import AnswerLimits

_Fields = dict[str, list[FieldNode]]


@dataclass(frozen=True)
class ExecutionBudget:
    """The limits and the turns of an execution: graphql-core's context value."""

    limits: AnswerLimits
    turns: Turns


class StepwiseExecution(ExecutionContext):
    """Completes objects one after another, and none beyond the limits."""

    context_value: ExecutionBudget

    def execute_fields(
        self, parent_type: GraphQLObjectType, source_value: Any, path: Path | None, fields: _Fields
    ) -> AwaitableOrValue[dict[str, Any]]:
        """Execute the fields of an object, at once if the request hasn't used much time yet."""
        limits, turns = self.context_value.limits, self.context_value.turns
        limits.count_fields(fields)
        if limits.exceeded:
            return {}
        if turns.may_go_on:
            with turns.timed():  # no estimate: introspection's fields take three times as long
                return super().execute_fields(parent_type, source_value, path, fields)
        return self._execute_later(turns.step(), parent_type, source_value, path, fields)

    async def execute_fields_serially(
        self, parent_type: GraphQLObjectType, source_value: Any, path: Path | None, fields: _Fields
    ) -> dict[str, Any]:
        """Execute a mutation's fields one after another.

        graphql-core starts each of them before it awaits the first. Here a field that is refused at
        once is found only after the fields before it have run.
        """
        done = {}
        for name, nodes in fields.items():
            result = self.execute_field(parent_type, source_value, nodes, Path(path, name, parent_type.name))
            if result is not Undefined:
                done[name] = await result if self.is_awaitable(result) else result
        return done

    async def _execute_later(self, step: AbstractAsyncContextManager[None], *given: Any) -> dict[str, Any]:
        async with step:
            fields = super().execute_fields(*given)
        return await fields if isinstance(fields, Awaitable) else fields

    def complete_leaf_value(self, return_type: Any, result: Any) -> Any:  # type: ignore[override]
        """Count the characters that a text adds to the answer."""
        value = super().complete_leaf_value(return_type, result)
        if isinstance(value, str):
            self.context_value.limits.count_characters(len(value))
        return value

    def handle_field_error(self, error: GraphQLError, return_type: GraphQLOutputType, path: Path) -> None:
        """Count an error that the answer contains."""
        if not is_non_null_type(return_type):
            self.context_value.limits.count_error(error.message, error.path)
        super().handle_field_error(error, return_type, path)

    @staticmethod
    def build_response(data: dict[str, Any] | None, errors: list[GraphQLError]) -> ExecutionResult:
        """Return data and errors, which are sorted by position.

        graphql-core compares all positions of each error instead.
        """
        return ExecutionResult(data, sorted(errors, key=_place) or None)


def _place(error: GraphQLError) -> tuple[int, list[tuple[int, str]]]:
    steps = [(step, "") if isinstance(step, int) else (-1, step) for step in error.path or []]
    return next(iter(error.positions or [0])), steps
