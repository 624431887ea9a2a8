"""Executes operations against one deployment. Queries resolve side by side, the fields of a mutation in turn."""

import logging
from collections.abc import Mapping
from types import CoroutineType
from typing import Any

from graphql import (
    ExecutionResult,
    FieldNode,
    GraphQLResolveInfo,
    OperationDefinitionNode,
    execute,
)
from graphql.execution.values import get_variable_values

from local.appsync.arguments import Variables
from local.appsync.auth.access import Access
from local.appsync.auth.callers import Caller
from local.appsync.auth.directives import FieldRules
from local.appsync.deployment import Deployment, Resolver
from local.appsync.documents import Document, Documents
from local.appsync.errors import FieldFailed
from local.appsync.identity import Identity
from local.appsync.javascript import Engine
from local.appsync.limits import Limits
from local.appsync.rendering import error_entries, failure_entry, request_error_entries
from local.appsync.resolvers import Invocation, SourceCatalog
from local.appsync.schema import build
from local.appsync.selection import selection

_log = logging.getLogger("local.appsync")


class Executor:
    """One deployment, ready to execute; made once for each change of what is deployed."""

    def __init__(self, deployment: Deployment, *, engine: Engine, sources: SourceCatalog, identity: Identity) -> None:
        self.deployment = deployment
        self.engine = engine
        self.sources = sources
        self._identity = identity
        self.schema, directives = build(deployment.sdl)
        self._root_types = {
            t.name for t in (self.schema.query_type, self.schema.mutation_type, self.schema.subscription_type) if t
        }
        pools = deployment.user_pools
        self._rules = FieldRules(
            directives,
            default_mode=deployment.auth_modes[0],
            default_action=pools[0].default_action if pools else "ALLOW",
        )
        self._documents = Documents(self.schema, introspection=deployment.introspection)

    def access(self, caller: Caller) -> Access:
        """Return what the caller may see."""
        return Access(
            caller,
            rules=self._rules,
            identity=self._identity,
            api_arn=self.deployment.arn,
            root_types=self._root_types,
        )

    async def execute(
        self,
        query: str,
        *,
        variables: Mapping[str, Any],
        operation_name: str | None,
        caller: Caller,
        request: Mapping[str, Any],
    ) -> dict[str, Any]:
        """Return the answer's body; raises RequestRefused for a query that isn't executed at all."""
        document = self._documents.get(query)
        if document.errors:
            return {"data": None, "errors": request_error_entries(document.errors)}
        operation = document.operation(operation_name)
        coerced = get_variable_values(self.schema, operation.variable_definitions, dict(variables))
        if isinstance(coerced, list):
            return {"data": None, "errors": request_error_entries(coerced)}
        run = _Run(self, document, operation, variables, caller, request)
        result = await run.execute(operation_name)
        errors = [*error_entries(self.schema, document, result.errors or []), *run.appended]
        return {"data": result.data, "errors": errors} if errors else {"data": result.data}


class _Run:
    """The execution of one request."""

    def __init__(
        self,
        executor: Executor,
        document: Document,
        operation: OperationDefinitionNode,
        variables: Mapping[str, Any],
        caller: Caller,
        request: Mapping[str, Any],
    ) -> None:
        self.appended: list[dict[str, Any]] = []
        self._executor = executor
        self._document = document
        self._given = dict(variables)
        self._caller = caller
        self._request = request
        self._variables = Variables(executor.schema, operation, variables)
        self._limits = Limits(executor.deployment)
        self._access = executor.access(caller)

    async def execute(self, operation_name: str | None) -> ExecutionResult:
        answer = execute(
            self._executor.schema,
            self._document.node,
            variable_values=self._given,
            operation_name=operation_name,
            field_resolver=self._resolve,
            is_awaitable=_is_coroutine,
        )
        return answer if isinstance(answer, ExecutionResult) else await answer

    def _resolve(self, source: Any, info: GraphQLResolveInfo, **_defaulted: Any) -> Any:
        """Resolve any field: by its resolver, else from its parent's value."""
        type_name, field_name = info.parent_type.name, info.field_name
        self._access.require(type_name, field_name)
        self._limits.check_depth(info.path)
        resolver = self._executor.deployment.resolvers.get((type_name, field_name))
        if resolver is None:
            return source.get(field_name) if isinstance(source, dict) else None
        self._limits.count_resolver()
        return self._run(resolver, source, info)

    async def _run(self, resolver: Resolver, source: Any, info: GraphQLResolveInfo) -> Any:
        executor = self._executor
        invocation = Invocation(
            self._context(source, info),
            engine=executor.engine,
            sources=executor.sources,
            auth_type=self._caller.auth_type,
        )
        try:
            return await invocation.run(resolver, executor.deployment.functions)
        except FieldFailed as failure:
            _log.error("%s.%s: %s: %s", info.parent_type.name, info.field_name, failure.error_type, failure.message)
            raise
        except Exception as error:
            _log.exception("%s.%s", info.parent_type.name, info.field_name)
            raise FieldFailed("Internal failure of the local AppSync, see its log.", "InternalFailure") from error
        finally:
            for raised in invocation.appended:
                self.appended.append(
                    failure_entry(self._document, FieldFailed.of(raised), info.path.as_list(), info.field_nodes)
                )

    def _context(self, source: Any, info: GraphQLResolveInfo) -> dict[str, Any]:
        node: FieldNode = info.field_nodes[0]
        selected = selection(self._document, info.field_nodes)
        return {
            "args": self._variables.arguments(info.parent_type.fields[info.field_name], node),
            "identity": self._caller.identity,
            "source": source,
            "request": self._request,
            "env": self._executor.deployment.environment,
            "info": {
                "fieldName": info.field_name,
                "parentTypeName": info.parent_type.name,
                "variables": self._given,
                "selectionSetList": selected.paths,
                "selectionSetGraphQL": selected.text,
            },
        }


def _is_coroutine(value: object) -> bool:
    """Tell what graphql-core must wait for: its own coroutines and ours, asked for each of hundreds of fields."""
    return isinstance(value, CoroutineType)
