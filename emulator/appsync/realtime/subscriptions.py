"""One subscription: its check, and its payload of a publication."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from graphql import (
    ExecutionResult,
    FieldNode,
    GraphQLList,
    GraphQLNonNull,
    GraphQLResolveInfo,
    OperationType,
    execute,
    get_named_type,
)

from emulator.appsync.auth.access import Access
from emulator.appsync.auth.callers import Caller
from emulator.appsync.error_rendering import error_entries
from emulator.appsync.errors import RequestRefused
from emulator.appsync.execution import Executor
from emulator.appsync.graphql_request import GraphQLRequest
from emulator.appsync.operation import Operation
from emulator.appsync.realtime.filters import EnhancedFilter, filter_of
from emulator.appsync.request_limits import AnswerLimits
from emulator.appsync.stepwise_execution import ExecutionBudget, StepwiseExecution

MakePayload = Callable[[], Awaitable[str | None]]  # None: the subscriber gets no payload


class SubscriptionRefused(Exception):
    """The subscription isn't accepted; `errors` have AppSync's wording."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__(errors[0]["message"])
        self.errors = errors


@dataclass(frozen=True, eq=False)
class Subscription:
    """A subscriber's request, kept until it stops.

    `tell` takes a function that makes a payload, and the number of characters to count for it.
    `end` takes the errors that end the subscription.
    """

    api_id: str
    field_name: str
    asked: GraphQLRequest
    caller: Caller
    wanted: Mapping[str, Any]
    enhanced: EnhancedFilter | None
    tell: Callable[[MakePayload, int], None]
    end: Callable[[list[dict[str, Any]]], None]

    @cached_property
    def likeness(self) -> tuple[object, ...]:
        """A key that is equal for subscriptions with the same payload of the same publication."""
        asked, caller = self.asked, self.caller
        variables = json.dumps(asked.variables, sort_keys=True)
        return (asked.query, asked.operation_name, variables, caller.mode, caller.groups, caller.arn)


async def check(
    executor: Executor, asked: GraphQLRequest, *, caller: Caller, request: Mapping[str, Any]
) -> tuple[str, dict[str, Any], EnhancedFilter | None]:
    """Run the subscription's resolver; return the field's name, its arguments, and the filter that the resolver set.

    Raises RequestRefused, NotValid or SubscriptionRefused.
    """
    turns = executor.turns(caller)
    operation = await executor.read(asked, turns)
    kind = operation.node.operation
    if kind is not OperationType.SUBSCRIPTION:
        raise RequestRefused(400, "UnsupportedOperation", f"{kind.value} not supported through the realtime channel")
    async with turns.take():
        run = executor.run(operation, caller=caller, request=request, turns=turns)
    result = await run.execute()
    # Fields below the top one come from the mutation's publication, not from this resolver.
    top = [error for error in result.errors or [] if len(error.path or ()) < 2]
    failures = await error_entries(executor.schema, operation.document, top, turns)
    if errors := [*failures, *run.appended]:
        raise SubscriptionRefused([_short(entry) for entry in errors])
    node = _executed(operation, result.data or {})
    assert executor.schema.subscription_type is not None
    field = executor.schema.subscription_type.fields[node.name.value]
    unset_is_null = executor.deployment.interpretations.unset_variable_is_null
    wanted = filter_of(field, node, operation.node, operation.given, run.variables, unset_is_null=unset_is_null)
    return node.name.value, wanted, run.subscription_filter


async def payload(executor: Executor, subscription: Subscription, value: Mapping[str, Any]) -> str:
    """Return a subscriber's payload of a publication, as JSON text.

    Raises RequestRefused or NotValid. The payload has only what the mutation selected. Other fields
    are null, with an error where the schema requires a value.
    """
    turns = executor.turns(subscription.caller)
    operation: Operation = await executor.read(subscription.asked, turns)
    access = executor.access(subscription.caller)
    budget = ExecutionBudget(AnswerLimits.of_publication(executor.deployment), turns)
    async with turns.take():
        answer = execute(
            executor.schema,
            operation.document.node,
            root_value={subscription.field_name: value},
            context_value=budget,
            variable_values=dict(operation.given),
            operation_name=operation.name,
            field_resolver=lambda source, info, **_arguments: _published(access, source, info),
            execution_context_class=StepwiseExecution,
        )
    result = answer if isinstance(answer, ExecutionResult) else await answer
    budget.limits.check()
    body: dict[str, Any] = {"data": result.data}
    if result.errors:
        body["errors"] = await error_entries(executor.schema, operation.document, result.errors, turns)
    return json.dumps(body)  # in ASCII: a text that UTF-8 can't encode would end connections


def _executed(operation: Operation, data: Mapping[str, Any]) -> FieldNode:
    """Return the executed field, whose access was checked; raises SubscriptionRefused."""
    for name, nodes in operation.document.fields([operation.node]).items():
        if name in data:
            return nodes[0]  # the others are the same field, with the same arguments
    message = "The field of a subscription can be neither skipped nor left out."
    raise SubscriptionRefused([{"errorType": "ValidationError", "message": message}])


def _published(access: Access, source: Any, info: GraphQLResolveInfo) -> Any:
    """Return a published field's value in the form that graphql-core serializes."""
    access.require(info.parent_type.name, info.field_name)
    value = source.get(info.field_name) if isinstance(source, dict) else None
    if get_named_type(info.return_type).name == "AWSJSON":
        return _parsed(value, info.return_type)
    return value


def _parsed(value: Any, type_: Any) -> Any:
    """Return AWSJSON as the value from which the mutation's answer made a text."""
    type_ = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
    if isinstance(value, list) and isinstance(type_, GraphQLList):
        return [_parsed(item, type_.of_type) for item in value]
    return json.loads(value) if isinstance(value, str) else value


def _short(entry: dict[str, Any]) -> dict[str, Any]:
    return {"errorType": entry["errorType"], "message": entry["message"]}
