"""A proxy between the functions and AWS that breaks the calls that a test names.

It has a port for each function, and so knows the caller. A call here is one HTTP request: one try
of AWS's SDK.
"""

import asyncio
import socket
import threading
import uuid
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import parse_qs

import aiohttp
from aiohttp import web

from tests.e2e.faults.support.call_faults import Answer, Call, Fault, LostConnection

HOP_BY_HOP = frozenset(["connection", "keep-alive", "transfer-encoding", "upgrade"])
START_SECONDS = 10
FORWARD_SECONDS = 60


@dataclass
class Rule:
    """A fault, the calls to break with it, and those that it broke."""

    fault: Fault
    function: str | None
    operation: str | None
    numbers: Collection[int] | None
    when: Callable[[Call], bool]
    seen: int = 0
    broken: list[Call] = field(default_factory=list)

    def applies(self, call: Call) -> bool:
        """Return True if this call is to be broken. Counts each call that fits the rule."""
        if self.function not in (None, call.function) or self.operation not in (None, call.operation):
            return False
        if not self.when(call):
            return False
        self.seen += 1
        return self.numbers is None or self.seen in self.numbers


class FaultProxy:
    """Listens on loopback, on a port for each function, while the context manager is open."""

    def __init__(self, target_url: str, functions: Collection[str], *, keep_calls: bool = True) -> None:
        self.target_url = target_url
        self._keep_calls = keep_calls
        self.calls: list[Call] = []
        self.happened: list[Call] = []  # those that AWS executed
        self._functions = tuple(functions)
        self._ports: dict[int, str] = {}
        self._rules: list[Rule] = []
        self._loop: asyncio.AbstractEventLoop
        self._stop: asyncio.Event
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="fault-proxy", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(START_SECONDS), "the fault proxy didn't start"
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def url(self, function: str) -> str:
        """Return the URL that a function must use for AWS."""
        (port,) = [port for port, name in self._ports.items() if name == function]
        return f"http://127.0.0.1:{port}"

    @contextmanager
    def breaking(
        self,
        fault: Fault,
        *,
        function: str | None = None,
        operation: str | None = None,
        numbers: Collection[int] | None = None,
        when: Callable[[Call], bool] = lambda _: True,
    ) -> Iterator[Rule]:
        """Break all calls that fit, or only those with these numbers (from 1), in the block."""
        rule = Rule(fault, function, operation, numbers, when)
        self._rules.append(rule)
        try:
            yield rule
        finally:
            self._rules.remove(rule)

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        timeout = aiohttp.ClientTimeout(total=FORWARD_SECONDS)
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(auto_decompress=False, timeout=timeout, connector=connector) as self._client:
            runner = web.ServerRunner(web.Server(self._handle, access_log=None), shutdown_timeout=1)
            await runner.setup()
            for function in self._functions:
                listener = socket.create_server(("127.0.0.1", 0))
                self._ports[listener.getsockname()[1]] = function
                await web.SockSite(runner, listener).start()
            self._ready.set()
            await self._stop.wait()
            await runner.cleanup()

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        assert request.transport is not None
        body = await request.read()
        function = self._ports[request.transport.get_extra_info("sockname")[1]]
        service, operation = named(request.path, request.headers, body)
        peer_port = request.transport.get_extra_info("peername")[1]
        invocation_id = request.headers.get("amz-sdk-invocation-id") or uuid.uuid4().hex
        call = Call(function, service, operation, body, peer_port, invocation_id)
        if self._keep_calls:
            self.calls.append(call)
        fault = self._fault_for(call)

        async def forward() -> Answer:
            answer = await self._forward(request, body)
            if self._keep_calls and answer.status < 300:
                self.happened.append(call)
            return answer

        try:
            answer = await (fault.meet(call, forward) if fault else forward())
        except LostConnection:
            request.transport.abort()
            return web.Response(status=502)
        return web.Response(status=answer.status, headers=answer.headers, body=answer.body)

    def _fault_for(self, call: Call) -> Fault | None:
        for rule in list(self._rules):
            if rule.applies(call):
                if self._keep_calls:
                    rule.broken.append(call)
                return rule.fault
        return None

    async def _forward(self, request: web.BaseRequest, body: bytes) -> Answer:
        # The Host header must stay the one that the function signed.
        headers = [(name, value) for name, value in request.headers.items() if name.lower() not in HOP_BY_HOP]
        skipped = ("User-Agent", "Accept", "Accept-Encoding", "Content-Type")
        async with self._client.request(
            request.method,
            f"{self.target_url}{request.raw_path}",
            headers=headers,
            data=body,
            skip_auto_headers=skipped,
        ) as reply:
            kept = {name: value for name, value in reply.headers.items() if name.lower() not in HOP_BY_HOP}
            kept.pop("Content-Length", None)
            return Answer(reply.status, await reply.read(), kept)


def named(path: str, headers: Mapping[str, str], body: bytes) -> tuple[str, str]:
    """Return the service and operation of a call, as the SDK names them.

    `publishOrder` is AppSync's.
    """
    target = headers.get("X-Amz-Target", "")
    if target:
        prefix, _, operation = target.rpartition(".")
        return prefix.partition("_")[0].removeprefix("Amazon").removeprefix("AWS").lower(), operation
    if path.endswith("/graphql"):
        return "appsync", "publishOrder"
    if "/s3/aws4_request" in headers.get("Authorization", ""):
        return "s3", "PutObject"  # the functions make no other
    return "sns", parse_qs(body.decode()).get("Action", ["unknown"])[0]


@contextmanager
def redirected(lambda_client: Any, functions: Mapping[str, str], proxy: FaultProxy) -> Iterator[None]:
    """Send the functions' calls through the proxy, by their environment; restore it afterwards."""
    before = {}
    for function, name in functions.items():
        environment = lambda_client.get_function_configuration(FunctionName=name)["Environment"]
        before[name] = environment
        variables = {
            key: value.replace(proxy.target_url, proxy.url(function)) for key, value in environment["Variables"].items()
        }
        lambda_client.update_function_configuration(
            FunctionName=name,
            Environment={"Variables": {**variables, "AWS_ENDPOINT_URL": proxy.url(function)}},
        )
    try:
        yield
    finally:
        for name, environment in before.items():
            lambda_client.update_function_configuration(FunctionName=name, Environment=environment)
