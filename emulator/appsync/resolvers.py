"""Runs a field's resolver: request handler, data source, response handler; or a pipeline."""

import logging
from collections.abc import Mapping
from typing import Any, Literal, Protocol

from emulator.appsync.deployment import Resolver, ResolverStep
from emulator.appsync.errors import FieldFailed, NotSupported
from emulator.appsync.event_loop_turns import Turns
from emulator.appsync.javascript import CODE, EMPTY, NULL, Engine, Evaluation, JsonText, RaisedError
from emulator.appsync.sources.data_source import Source

_log = logging.getLogger("emulator.appsync")


class SourceCatalog(Protocol):
    """The data sources of an API, by name."""

    def get(self, name: str | None) -> Source:
        """Return the data source; raises FieldFailed."""
        ...


class _EndOfPipeline(Exception):
    def __init__(self, value: JsonText) -> None:
        super().__init__()
        self.value = value


class Invocation:
    """One execution of one field's resolver: its context, the errors it appended, a subscription's filter."""

    def __init__(
        self, context: dict[str, Any], *, engine: Engine, sources: SourceCatalog, auth_type: str, turns: Turns
    ) -> None:
        self.appended: list[RaisedError] = []
        self.subscription_filter: Any = None
        written = {name: JsonText.of(value) for name, value in context.items()}
        self._context = written | {"stash": EMPTY, "prev": NULL}
        self._engine = engine
        self._sources = sources
        self._auth_type = auth_type
        self._turns = turns

    async def run(self, resolver: Resolver, functions: Mapping[str, ResolverStep]) -> Any:
        """Return the field's value; raises FieldFailed."""
        if resolver.is_pipeline:
            return (await self._run_pipeline(resolver, functions)).read()
        try:
            return (await self._run_step(resolver.step)).read()
        except _EndOfPipeline as end:
            return end.value.read()

    async def _run_pipeline(self, resolver: Resolver, functions: Mapping[str, ResolverStep]) -> JsonText:
        before = await self._evaluate(resolver.step, "request")
        value = before.value
        if not before.early_return:
            try:
                for function_id in resolver.function_ids:
                    self._context["prev"] = _previous(value)
                    value = await self._run_step(_function(functions, function_id))
            except _EndOfPipeline as end:
                value = end.value
        after = await self._evaluate(resolver.step, "response", prev=_previous(value), result=value)
        return after.value

    async def _run_step(self, step: ResolverStep) -> JsonText:
        request = await self._evaluate(step, "request")
        if request.early_return:
            return self._early(request)
        answer = await self._sources.get(step.data_source).invoke(request.result)
        error = None if answer.error is None else {"message": answer.error.message, "type": answer.error.type}
        response = await self._evaluate(step, "response", result=answer.result, error=error)
        return self._early(response) if response.early_return else response.value

    def _early(self, evaluation: Evaluation) -> JsonText:
        if evaluation.skip_to == "END":
            raise _EndOfPipeline(evaluation.value)
        return evaluation.value

    async def _evaluate(self, step: ResolverStep, function: Literal["request", "response"], **more: Any) -> Evaluation:
        """Call a handler and keep its changes of the stash; raises FieldFailed for an error."""
        if step.code is None or step.runtime != "APPSYNC_JS":
            raise NotSupported(
                f"{step.name}: mapping templates and resolvers without code, only the runtime APPSYNC_JS"
            )
        if step.extras:
            raise NotSupported(f"{step.name}: {', '.join(step.extras)}")
        async with self._turns.take():
            evaluation = self._engine.evaluate(step.code, function, self._context | more, auth_type=self._auth_type)
        for line in evaluation.logs:
            _log.debug("%s %s: %s", step.name, function, line)
        self.appended += evaluation.appended
        if evaluation.error is not None:
            if evaluation.error.error_type == CODE:
                _log.error("%s %s fails: %s", step.name, function, evaluation.detail)
            raise FieldFailed.of(evaluation.error)
        if evaluation.subscription_filter is not None:
            self.subscription_filter = evaluation.subscription_filter
        self._context["stash"] = evaluation.stash_text
        return evaluation


def _previous(value: JsonText) -> JsonText:
    return JsonText(f'{{"result":{value.text}}}')


def _function(functions: Mapping[str, ResolverStep], function_id: str) -> ResolverStep:
    if function_id not in functions:
        raise FieldFailed(f"The pipeline's function {function_id} isn't deployed.", "NotFoundException")
    return functions[function_id]
