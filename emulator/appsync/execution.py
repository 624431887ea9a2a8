"""Executes operations of one deployment: a query's fields side by side, a mutation's in turn."""

from collections.abc import Callable, Mapping
from typing import Any

from graphql import OperationType

from emulator.appsync.auth.access import Access
from emulator.appsync.auth.callers import Caller
from emulator.appsync.auth.directives import FieldRules
from emulator.appsync.deployment import Deployment
from emulator.appsync.error_rendering import error_entries
from emulator.appsync.errors import RequestRefused
from emulator.appsync.event_loop_turns import LongWork, Turns
from emulator.appsync.graphql_request import GraphQLRequest
from emulator.appsync.javascript import Engine
from emulator.appsync.operation import NotValid, Operation, read_operation
from emulator.appsync.query_cache import QueryCache
from emulator.appsync.realtime.publications import published, subscribed_fields
from emulator.appsync.request_execution import RequestExecution
from emulator.appsync.resolvers import SourceCatalog
from emulator.appsync.schema import build
from emulator.billable_usage import bill
from emulator.principals import Identity

Publish = Callable[["Executor", str, Mapping[str, Any]], None]  # a mutation and its selection


class Executor:
    """One deployment, ready to execute; each change of the API makes a new one.

    It calls `publish` for each successful mutation that has a subscription.
    """

    def __init__(
        self,
        deployment: Deployment,
        *,
        engine: Engine,
        sources: SourceCatalog,
        identity: Identity,
        publish: Publish,
        long_work: LongWork,
    ) -> None:
        self.deployment = deployment
        self._long_work = long_work
        self.engine = engine
        self.sources = sources
        self._identity = identity
        self._publish = publish
        self.schema, directives = build(deployment.sdl)
        subscription_type = self.schema.subscription_type
        self.subscribed = subscribed_fields(directives, subscription_type.name if subscription_type else None)
        pools = deployment.user_pools
        self._rules = FieldRules(
            directives,
            default_mode=deployment.auth_modes[0],
            default_action=pools[0].default_action if pools else "ALLOW",
        )
        self._queries = QueryCache(self.schema, introspection=deployment.introspection)

    def access(self, caller: Caller) -> Access:
        """Return the caller's access."""
        return Access(
            caller,
            rules=self._rules,
            identity=self._identity,
            api_arn=self.deployment.arn,
        )

    def turns(self, caller: Caller) -> Turns:
        """Return the turns of one request of the caller."""
        return self._long_work.turns(caller.name)

    async def read(self, asked: GraphQLRequest, turns: Turns) -> Operation:
        """Return the operation that a request asks for; raises RequestRefused or NotValid."""
        return await read_operation(self.schema, self._queries, asked, turns)

    def run(
        self, operation: Operation, *, caller: Caller, request: Mapping[str, Any], turns: Turns
    ) -> RequestExecution:
        """Return the execution of an operation, which hasn't begun yet; raises RequestRefused."""
        access = self.access(caller)
        root = self.schema.get_root_type(operation.node.operation)
        if root is not None:
            access.permit(root.name, operation.document.top_level_names(operation.node))
        return RequestExecution(
            operation,
            deployment=self.deployment,
            schema=self.schema,
            engine=self.engine,
            sources=self.sources,
            caller=caller,
            access=access,
            request=request,
            turns=turns,
        )

    async def execute(self, asked: GraphQLRequest, *, caller: Caller, request: Mapping[str, Any]) -> dict[str, Any]:
        """Return the answer's body; raises RequestRefused for a query that isn't executed."""
        turns = self.turns(caller)
        try:
            operation = await self.read(asked, turns)
        except NotValid as invalid:
            return {"data": None, "errors": invalid.errors}
        kind = operation.node.operation
        if kind is OperationType.SUBSCRIPTION:
            raise RequestRefused(400, "UnsupportedOperation", "Subscriptions aren't served over HTTP.")
        fields = [nodes[0].name.value for nodes in operation.document.fields([operation.node]).values()]
        bill.add("appsync", "operations", f"{kind.value.title()}.{'+'.join(fields)}")
        async with turns.take():
            run = self.run(operation, caller=caller, request=request, turns=turns)
        result = await run.execute()
        if kind is OperationType.MUTATION and result.data:
            for field_name, value in published(operation.document, operation.node, result.data):
                self._publish(self, field_name, value)
        failures = await error_entries(self.schema, operation.document, result.errors or [], turns)
        errors = [*failures, *run.appended]
        return {"data": result.data, "errors": errors} if errors else {"data": result.data}
