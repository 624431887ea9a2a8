"""A deployment without a control plane, and data sources that give a test's answers."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from emulator.appsync.auth.callers import Caller
from emulator.appsync.deployment import AuthMode, Deployment, Resolver, ResolverStep
from emulator.appsync.event_loop_turns import LongWork
from emulator.appsync.execution import Executor, Publish
from emulator.appsync.graphql_request import GraphQLRequest
from emulator.appsync.javascript import Engine
from emulator.appsync.sources.data_source import Source, SourceAnswer
from emulator.principals import Credentials

USER = Caller(mode=AuthMode.COGNITO, identity={"sub": "ada"})
SIGNED = Caller(mode=AuthMode.IAM, arn="arn:aws:iam::000000000000:user/publisher")
ENGINE = Engine()
THROUGH = "export function request(ctx) { return ctx.args }\nexport function response(ctx) { return ctx.result }"


@dataclass
class FakeIdentity:
    """Allows the given actions, and records the checks."""

    allowed: set[str] = field(default_factory=set)
    asked: list[tuple[str, str, str]] = field(default_factory=list)

    def assume_for_service(self, role_arn: str, *, service: str) -> Credentials:
        raise NotImplementedError(f"{service} {role_arn}")

    def find(self, access_key_id: str) -> Credentials | None:
        raise NotImplementedError(access_key_id)

    def is_allowed(self, arn: str, *, action: str, resource: str) -> bool:
        self.asked.append((arn, action, resource))
        return resource in self.allowed


@dataclass
class FakeSource:
    """Gives one answer after a moment; counts the requests at the same time."""

    answer: SourceAnswer = field(default_factory=SourceAnswer)
    requests: list[Any] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0

    async def invoke(self, request: Any) -> SourceAnswer:
        self.requests.append(request)
        self.at_once += 1
        self.most_at_once = max(self.at_once, self.most_at_once)
        await asyncio.sleep(0.001)
        self.at_once -= 1
        return self.answer if self.answer != SourceAnswer() else SourceAnswer(result=request)


class FakeSources:
    """Returns the same source for every name."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def get(self, _name: str | None) -> Source:
        return self._source


def step(code: str, *, name: str = "step", **more: Any) -> ResolverStep:
    return ResolverStep(name=name, code=code, runtime="APPSYNC_JS", data_source="source", **more)


def deployment(sdl: str, resolvers: Mapping[str, str | Resolver], **settings: Any) -> Deployment:
    """Return a deployment with unit resolvers given by their code."""
    found = {}
    for place, resolver in resolvers.items():
        type_name, field_name = place.split(".")
        found[type_name, field_name] = Resolver(step=step(resolver)) if isinstance(resolver, str) else resolver
    modes = {"auth_modes": (AuthMode.COGNITO, AuthMode.IAM)} | settings
    return Deployment(api_id="api", arn="arn:api", sdl=sdl, resolvers=found, **modes)


def executor_of(
    deployed: Deployment,
    *,
    source: Source | None = None,
    identity: FakeIdentity | None = None,
    publish: Publish = lambda _executor, _field, _value: None,
) -> Executor:
    """Return the executor of a deployment."""
    return Executor(
        deployed,
        engine=ENGINE,
        sources=FakeSources(source or FakeSource()),
        identity=identity or FakeIdentity(),
        publish=publish,
        long_work=LongWork(time.thread_time),  # what other programs take isn't this one's work
    )


def ask(
    deployed: Deployment,
    query: str,
    variables: Mapping[str, Any] | None = None,
    *,
    source: Source | None = None,
    caller: Caller = USER,
    identity: FakeIdentity | None = None,
    operation_name: str | None = None,
) -> dict[str, Any]:
    """Execute a query and return the body of the answer."""
    executor = executor_of(deployed, source=source, identity=identity)
    asked = GraphQLRequest(query=query, variables=dict(variables or {}), operation_name=operation_name)
    return asyncio.run(executor.execute(asked, caller=caller, request={}))
