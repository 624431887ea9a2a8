"""While the gate is closed, no request gets in and no answer gets out."""

import asyncio
from collections.abc import Awaitable, Callable

from emulator.asgi import Message, Receive, Scope, Send
from emulator.ministack.state.request_gate import RequestGate


class Visits:
    """An application behind the gate. Records requests that came in and answers that got out."""

    def __init__(self) -> None:
        self.gate = RequestGate()
        self.entered: list[str] = []
        self.answered: list[str] = []
        self.finish = asyncio.Event()
        self._app = self.gate.before(self._serve)

    async def _serve(self, scope: Scope, _: Receive, send: Send) -> None:
        self.entered.append(scope["path"])
        await self.finish.wait()
        await send({"path": scope["path"]})

    def begin(self, path: str, *, kind: str = "http") -> "asyncio.Task[None]":
        """Send a request."""

        async def receive() -> Message:
            raise NotImplementedError

        async def send(message: Message) -> None:
            self.answered.append(message["path"])

        visit: Awaitable[None] = self._app({"type": kind, "path": path}, receive, send)
        return asyncio.ensure_future(visit)


async def settle() -> None:
    """Let all waiting tasks run until they wait again."""
    for _ in range(10):
        await asyncio.sleep(0)


def run(scenario: Callable[[Visits], Awaitable[None]]) -> None:
    async def main() -> None:
        await asyncio.wait_for(scenario(Visits()), 10)

    asyncio.run(main())


def test_an_open_door_lets_all_through() -> None:
    async def scenario(visits: Visits) -> None:
        visits.finish.set()

        await visits.begin("a")

        assert visits.answered == ["a"]

    run(scenario)


def test_a_closed_door_lets_nobody_in_until_it_is_open_again() -> None:
    async def scenario(visits: Visits) -> None:
        visits.finish.set()
        await visits.gate.close(grace_seconds=5)

        visit = visits.begin("a")
        await settle()
        held = list(visits.entered)
        visits.gate.open()
        await visit

        assert (held, visits.answered) == ([], ["a"])

    run(scenario)


def test_who_is_inside_has_a_moment_to_get_out() -> None:
    async def scenario(visits: Visits) -> None:
        visit = visits.begin("a")
        await settle()

        closing = asyncio.ensure_future(visits.gate.close(grace_seconds=5))
        await settle()
        visits.finish.set()
        await closing
        await visit

        assert visits.answered == ["a"]

    run(scenario)


def test_an_answer_that_comes_later_waits() -> None:
    async def scenario(visits: Visits) -> None:
        visit = visits.begin("a")
        await settle()
        await visits.gate.close(grace_seconds=0)

        visits.finish.set()
        await settle()
        held = list(visits.answered)
        visits.gate.open()
        await visit

        assert (held, visits.answered) == ([], ["a"])

    run(scenario)


def test_a_request_that_failed_is_not_waited_for() -> None:
    async def scenario(visits: Visits) -> None:
        visit = visits.begin("a")
        await settle()
        visit.cancel()
        await asyncio.wait([visit])

        await asyncio.wait_for(visits.gate.close(grace_seconds=60), 5)

        assert visit.cancelled()

    run(scenario)


def test_websockets_pass() -> None:
    async def scenario(visits: Visits) -> None:
        visits.finish.set()
        await visits.gate.close(grace_seconds=5)

        await visits.begin("a", kind="websocket")

        assert visits.answered == ["a"]

    run(scenario)
