"""The data plane as a whole: its answer to a request that takes too long."""

import asyncio
import json
from typing import Any, cast

import pytest

from emulator.appsync import app
from emulator.appsync.auth.authentication import Authentication
from emulator.appsync.executor_cache import ExecutorCache
from emulator.asgi import Message, Receive, Scope, Send
from emulator.principals import Credentials
from tests.emulator.support.data_plane import THROUGH, USER, FakeIdentity, deployment, executor_of
from tests.emulator.support.in_process_websocket import Deployed, Everybody

SDL = "type Query { slow: String } schema { query: Query }"


class Endless:
    """A data source that never answers."""

    async def invoke(self, _request: Any) -> Any:
        await asyncio.Event().wait()


async def no_services(_scope: Scope, _receive: Receive, _send: Send) -> None:
    """Stand for services that no request of these tests may reach."""
    pytest.fail("a service was called")


def test_a_request_that_takes_too_long_is_a_504(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "_EXECUTION_SECONDS", 0.01)
    nobody = Credentials(access_key_id="AKIANOBODY", secret_access_key="none", arn="arn:aws:iam::000000000000:root")
    plane = app.DataPlane(
        endpoint_url="http://127.0.0.1:1",
        services=no_services,
        region="us-east-1",
        admin=nobody,
        identity=FakeIdentity(),
    )
    executor = executor_of(deployment(SDL, {"Query.slow": THROUGH}), source=Endless())
    plane._executors = cast(ExecutorCache, Deployed(executor, lambda: False))
    plane._authentication = cast(Authentication, Everybody(USER))
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": json.dumps({"query": "{ slow }"}).encode()}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/appsync/api/graphql", "headers": []}
    asyncio.run(plane(scope, receive, send))

    assert sent[0]["status"] == 504
    assert json.loads(sent[1]["body"]) == {
        "errors": [{"errorType": "ExecutionTimeout", "message": "Request timed out."}]
    }
