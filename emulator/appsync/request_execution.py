"""The execution of one request: each field by its resolver, or else from its parent's value."""

import asyncio
import logging
from collections.abc import Mapping
from types import CoroutineType
from typing import Any

from graphql import ExecutionResult, FieldNode, GraphQLResolveInfo, GraphQLSchema, execute

from emulator.appsync.arguments import Variables
from emulator.appsync.auth.access import Access
from emulator.appsync.auth.callers import Caller
from emulator.appsync.deployment import Deployment, Resolver
from emulator.appsync.error_rendering import failure_entry
from emulator.appsync.errors import FieldFailed, NotSupported
from emulator.appsync.event_loop_turns import Turns
from emulator.appsync.javascript import Engine
from emulator.appsync.operation import Operation
from emulator.appsync.realtime.filters import EnhancedFilter, enhanced_filter
from emulator.appsync.request_limits import AnswerLimits
from emulator.appsync.resolvers import Invocation, SourceCatalog
from emulator.appsync.selection import selection
from emulator.appsync.stepwise_execution import ExecutionBudget, StepwiseExecution

_log = logging.getLogger("emulator.appsync")
_RESOLVERS_AT_ONCE = 50  # more resolvers at work would only wait in memory for each other


class RequestExecution:
    """Executes one operation for one caller.

    `appended` holds the errors that resolvers added, `subscription_filter` the filter that a subscription's set.
    """

    def __init__(
        self,
        operation: Operation,
        *,
        deployment: Deployment,
        schema: GraphQLSchema,
        engine: Engine,
        sources: SourceCatalog,
        caller: Caller,
        access: Access,
        request: Mapping[str, Any],
        turns: Turns,
    ) -> None:
        self.appended: list[dict[str, Any]] = []
        self.subscription_filter: EnhancedFilter | None = None
        self.turns = turns
        self.variables = Variables(schema, operation.node, operation.given)
        self._operation = operation
        self._deployment = deployment
        self._schema = schema
        self._engine = engine
        self._sources = sources
        self._caller = caller
        self._access = access
        self._request = request
        self._given = dict(operation.given)
        self._limits = AnswerLimits(deployment)
        self._places = asyncio.Semaphore(_RESOLVERS_AT_ONCE)

    async def execute(self) -> ExecutionResult:
        """Return data and errors; raises RequestRefused for an answer beyond the limits."""
        async with self.turns.take():
            answer = execute(
                self._schema,
                self._operation.document.node,
                context_value=ExecutionBudget(self._limits, self.turns),
                variable_values=self._given,
                operation_name=self._operation.name,
                field_resolver=self._resolve,
                execution_context_class=StepwiseExecution,
                is_awaitable=_is_coroutine,
            )
        result = answer if isinstance(answer, ExecutionResult) else await answer
        self._limits.check()
        return result

    def _resolve(self, source: Any, info: GraphQLResolveInfo, **_defaulted: Any) -> Any:
        type_name, field_name = info.parent_type.name, info.field_name
        self._access.require(type_name, field_name)
        self._limits.check_depth(info.path)
        resolver = self._deployment.resolvers.get((type_name, field_name))
        if resolver is None:
            return source.get(field_name) if isinstance(source, dict) else None
        self._limits.count_resolver()
        return self._run(resolver, source, info)

    async def _run(self, resolver: Resolver, source: Any, info: GraphQLResolveInfo) -> Any:
        async with self._places:
            if self._limits.exceeded:
                return None
            async with self.turns.take():
                context = self._context(source, info)
            invocation = Invocation(
                context,
                engine=self._engine,
                sources=self._sources,
                auth_type=self._caller.auth_type,
                turns=self.turns,
            )
            return await self._invoke(invocation, resolver, info)

    async def _invoke(self, invocation: Invocation, resolver: Resolver, info: GraphQLResolveInfo) -> Any:
        try:
            value = await invocation.run(resolver, self._deployment.functions)
            if invocation.subscription_filter is not None:
                if info.parent_type is not self._schema.subscription_type:
                    raise NotSupported(f"extensions.setSubscriptionFilter on the type {info.parent_type.name}")
                self.subscription_filter = enhanced_filter(invocation.subscription_filter)
            return value
        except FieldFailed as failure:
            _log.error("%s.%s: %s: %s", info.parent_type.name, info.field_name, failure.error_type, failure.message)
            raise
        except Exception as error:
            _log.exception("%s.%s", info.parent_type.name, info.field_name)
            raise FieldFailed("Internal failure of the local AppSync, see its log.", "InternalFailure") from error
        finally:
            document = self._operation.document
            path = info.path.as_list()
            for raised in invocation.appended:
                self._limits.count_error(raised.message, path)
                self.appended.append(failure_entry(document, FieldFailed.of(raised), path, info.field_nodes))

    def _context(self, source: Any, info: GraphQLResolveInfo) -> dict[str, Any]:
        node: FieldNode = info.field_nodes[0]
        selected = selection(self._operation.document, info.field_nodes)
        return {
            "args": self.variables.arguments(info.parent_type.fields[info.field_name], node),
            "identity": self._caller.identity,
            "source": source,
            "request": self._request,
            "env": self._deployment.environment,
            "info": {
                "fieldName": info.field_name,
                "parentTypeName": info.parent_type.name,
                "variables": self._given,
                "selectionSetList": selected.paths,
                "selectionSetGraphQL": selected.text,
            },
        }


def _is_coroutine(value: object) -> bool:
    """Return True for a value that graphql-core must await.

    Only its own coroutines and ours occur. graphql-core calls this for each of hundreds of fields.
    """
    return isinstance(value, CoroutineType)
