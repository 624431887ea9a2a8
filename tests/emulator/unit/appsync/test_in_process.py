"""Requests to an application of this process."""

import asyncio
from contextvars import ContextVar

import pytest

from emulator.appsync.sources.http_connections import NoAnswer, Reply
from emulator.appsync.sources.in_process import InProcess
from emulator.asgi import App, Receive, Scope, Send

CALLER: ContextVar[str] = ContextVar("caller", default="nobody")


def ask(app: App, *, times: int = 1, timeout_seconds: float = 5.0, target: str = "/a%20b?c=d") -> list[Reply]:
    async def scenario() -> list[Reply]:
        services = InProcess(app, authority="127.0.0.1:4566", maximum=2, timeout_seconds=timeout_seconds)
        headers = {"X-Amz-Target": "Do"}
        return await asyncio.gather(
            *(services.request("POST", target, headers=headers, body=b"asked") for _ in range(times))
        )

    return asyncio.run(scenario())


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    said = {name.decode(): value.decode() for name, value in scope["headers"]}
    parts = [scope["method"], scope["path"], scope["raw_path"].decode(), scope["query_string"].decode()]
    parts += [said["host"], said["content-length"], said["x-amz-target"], (await receive())["body"].decode()]
    await send({"type": "http.response.start", "status": 201, "headers": [(b"X-Amzn-RequestId", b"1")]})
    await send({"type": "http.response.body", "body": " ".join(parts).encode(), "more_body": True})
    await send({"type": "http.response.body", "body": b"."})


def test_an_application_sees_what_a_server_would_show_it() -> None:
    (reply,) = ask(echo)

    assert (reply.status, reply.headers) == (201, {"x-amzn-requestid": "1"})
    assert reply.text == "POST /a b /a%20b c=d 127.0.0.1:4566 5 Do asked."


def test_a_few_requests_are_served_at_once() -> None:
    under_way, most = 0, 0

    async def slow(_scope: Scope, _receive: Receive, send: Send) -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.01)
        under_way -= 1
        await send({"type": "http.response.start", "status": 200, "headers": []})

    ask(slow, times=6)

    assert most == 2


def test_what_was_sent_is_done_though_nobody_waits_for_it() -> None:
    done: list[str] = []

    async def late(_scope: Scope, _receive: Receive, _send: Send) -> None:
        await asyncio.sleep(0.05)
        done.append("stored")

    async def scenario() -> None:
        services = InProcess(late, authority="127.0.0.1:4566", maximum=1, timeout_seconds=0.01)
        with pytest.raises(NoAnswer):
            await services.request("POST", "/", headers={}, body=b"")
        await asyncio.sleep(0.1)

    asyncio.run(scenario())

    assert done == ["stored"]


def test_a_request_leaves_no_trace_in_its_callers_context() -> None:
    async def remembering(_scope: Scope, _receive: Receive, send: Send) -> None:
        CALLER.set("somebody")
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def scenario() -> str:
        services = InProcess(remembering, authority="127.0.0.1:4566", maximum=1, timeout_seconds=5)
        await services.request("POST", "/", headers={}, body=b"")
        return CALLER.get()

    assert asyncio.run(scenario()) == "nobody"
