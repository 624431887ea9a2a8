"""Faults that can happen to one call of a function to AWS."""

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

import psutil

HELD_PAUSE_SECONDS = 0.02


@dataclass(frozen=True)
class Call:
    """One try of a call: its function, its operation and the port that it came from.

    All of the SDK's tries of a call have the same invocation id.
    """

    function: str
    service: str
    operation: str
    body: bytes = field(repr=False)
    peer_port: int = field(repr=False)
    invocation_id: str = field(repr=False)


@dataclass(frozen=True)
class Answer:
    """The answer of AWS."""

    status: int
    body: bytes
    headers: dict[str, str]


Forward = Callable[[], Awaitable[Answer]]


class LostConnection(Exception):
    """The caller gets no answer: its connection is cut."""


class Fault(Protocol):
    """Answers a call in AWS's place. Each call of `forward` executes the call once."""

    async def meet(self, call: Call, forward: Forward) -> Answer:
        """Return the answer, or raise LostConnection."""
        ...


@dataclass(frozen=True)
class Refused:
    """AWS refuses the call and doesn't execute it. The SDK retries some of the codes by itself."""

    code: str = "InternalServerError"
    status: int = 500

    async def meet(self, call: Call, forward: Forward) -> Answer:
        """Answer in the service's format."""
        message = f"refused by a test: {call.operation}"
        if call.service == "sns":
            xml = (
                f"<ErrorResponse><Error><Type>Sender</Type><Code>{self.code}</Code><Message>{message}</Message></Error>"
            )
            return Answer(self.status, f"{xml}</ErrorResponse>".encode(), {"Content-Type": "text/xml"})
        body = json.dumps({"__type": self.code, "message": message}).encode()
        return Answer(self.status, body, {"Content-Type": "application/x-amz-json-1.0", "x-amzn-errortype": self.code})


THROTTLED = Refused("ThrottlingException", 400)
DENIED = Refused("AccessDeniedException", 400)


@dataclass(frozen=True)
class RequestLost:
    """The call isn't executed, and the caller gets no answer."""

    async def meet(self, call: Call, forward: Forward) -> Answer:
        """Cut the connection."""
        raise LostConnection


@dataclass(frozen=True)
class AnswerLost:
    """The call is executed, and the caller gets no answer."""

    async def meet(self, call: Call, forward: Forward) -> Answer:
        """Execute the call, then cut the connection."""
        await forward()
        raise LostConnection


@dataclass(frozen=True)
class Late:
    """The call is executed after a delay, even if the caller has given up by then."""

    seconds: float

    async def meet(self, call: Call, forward: Forward) -> Answer:
        """Wait, then execute the call."""

        async def wait_and_forward() -> Answer:
            await asyncio.sleep(self.seconds)
            return await forward()

        # A caller that hangs up cancels its handler, but not a shielded task.
        return await asyncio.shield(asyncio.ensure_future(wait_and_forward()))


@dataclass
class Held:
    """The call is executed on `let_go`, even if the caller has given up by then."""

    landed: list[Call] = field(default_factory=list)
    _free: threading.Event = field(default_factory=threading.Event)

    def let_go(self) -> None:
        """Execute the held calls, and those that come later."""
        self._free.set()

    async def meet(self, call: Call, forward: Forward) -> Answer:
        """Wait for `let_go`, then execute the call."""

        async def wait_and_forward() -> Answer:
            while not self._free.is_set():
                await asyncio.sleep(HELD_PAUSE_SECONDS)
            answer = await forward()
            self.landed.append(call)
            return answer

        return await asyncio.shield(asyncio.ensure_future(wait_and_forward()))


@dataclass(frozen=True)
class Twice:
    """The call is executed twice, and the caller gets the second answer."""

    async def meet(self, call: Call, forward: Forward) -> Answer:
        """Execute the call twice."""
        await forward()
        return await forward()


@dataclass(frozen=True)
class Dies:
    """The call is executed, and the function's process dies before it gets the answer."""

    server_pid: int

    async def meet(self, call: Call, forward: Forward) -> Answer:
        """Execute the call, then kill the caller."""
        await forward()
        await asyncio.to_thread(self._kill, call.peer_port)
        raise LostConnection

    def _kill(self, port: int) -> None:
        for process in psutil.Process(self.server_pid).children(recursive=True):
            if any(connection.laddr.port == port for connection in process.net_connections()):
                process.kill()
                return
        raise LookupError(f"no function of the server {self.server_pid} has a connection from port {port}")
