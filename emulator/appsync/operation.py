"""The operation that a request names, validated, with its variables."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLSchema, OperationDefinitionNode
from graphql.execution.values import get_variable_values

from emulator.appsync.error_rendering import request_error_entries
from emulator.appsync.errors import RequestRefused
from emulator.appsync.event_loop_turns import Turns
from emulator.appsync.graphql_request import GraphQLRequest
from emulator.appsync.query_cache import QueryCache
from emulator.appsync.query_document import Document
from emulator.appsync.request_limits import REQUEST_ERRORS_MAX, check_values


@dataclass(frozen=True)
class Operation:
    """One operation of a valid document; `given` are the variables as the caller sent them."""

    document: Document
    node: OperationDefinitionNode
    name: str | None
    given: Mapping[str, Any]


class NotValid(Exception):
    """The query or its variables don't fit the schema; `errors` are the entries of the answer."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__(errors[0]["message"])
        self.errors = errors


async def read_operation(schema: GraphQLSchema, queries: QueryCache, asked: GraphQLRequest, turns: Turns) -> Operation:
    """Return the operation that a request names; raises RequestRefused or NotValid."""
    try:
        async with turns.take():
            check_values(asked.variables)
    except ValueError as error:
        raise RequestRefused(400, "BadRequestException", f"The variables have {error}.") from error
    document = await queries.get(asked.query, turns)
    if document.errors:
        raise NotValid(request_error_entries(document.errors))
    node = document.operation(asked.operation_name)
    async with turns.take():
        coerced = get_variable_values(schema, node.variable_definitions, dict(asked.variables), REQUEST_ERRORS_MAX)
    if isinstance(coerced, list):
        raise NotValid(request_error_entries(coerced))
    return Operation(document, node, asked.operation_name, asked.variables)
