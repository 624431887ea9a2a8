"""Serve the engineer's endpoints, `/_local/…`: one is open, the others need the token that `make up` prints."""

import asyncio
import hmac
import logging
from collections.abc import Callable, Collection
from http import HTTPStatus
from typing import Any

from emulator.asgi import Scope, Send
from emulator.billable_usage import bill
from emulator.ministack.http_request import Request
from emulator.ministack.http_response import send_json
from emulator.ministack.one_time_codes import CONFIRMATION, RESET
from local.engineer.demo_session import start_demo_session
from local.engineer.mailbox import newest_mail
from local.engineer.order_flow import OrderFlow
from local.engineer.token import TOKEN_HEADER
from local.engineer.waiting_code import waiting_code
from local.run_outputs import RunOutputs

_log = logging.getLogger(__name__)
METHODS = {
    "/_local/flow": "GET",
    "/_local/bill": "GET",
    "/_local/mailbox": "GET",
    "/_local/demo-session": "POST",
    "/_local/password-code": "GET",
    "/_local/sign-up-code": "GET",
}
# The page of the local run asks this for whoever signs up. The code opens no account: it takes the password as well.
WITHOUT_TOKEN = "/_local/sign-up-code"  # noqa: S105  # a path, no token


class EngineerApp:
    """Answers what the engineer's view asks, from what is deployed to the run."""

    def __init__(self, outputs: RunOutputs, *, token: str) -> None:
        self._outputs = outputs
        self._token = token
        self._flow: tuple[Any, OrderFlow] | None = None

    @property
    def paths(self) -> Collection[str]:
        """The paths that are answered."""
        return METHODS.keys()

    def has_token(self, request: Request) -> bool:
        """Return True if the request carries the token of this start."""
        return hmac.compare_digest(request.headers.get(TOKEN_HEADER, "").encode(), self._token.encode())

    async def serve(
        self,
        scope: Scope,  # noqa: ARG002  # as the guard calls it
        request: Request,
        send: Send,
    ) -> None:
        """Answer one request to one of METHODS' paths."""
        if request.path != WITHOUT_TOKEN and not self.has_token(request):
            message = f"{request.path} needs the token of this start: open the address that `make status` prints"
            await send_json(send, HTTPStatus.FORBIDDEN, {"message": message})
        elif request.method != METHODS[request.path]:
            await send_json(
                send, HTTPStatus.METHOD_NOT_ALLOWED, {"message": f"{request.path} is {METHODS[request.path]}"}
            )
        elif not self._outputs():
            await send_json(send, HTTPStatus.SERVICE_UNAVAILABLE, {"message": "nothing is deployed yet"})
        else:
            await self._answer(request, send)

    async def _answer(self, request: Request, send: Send) -> None:
        email = request.query.get("email", [""])[0]
        answers: dict[str, Callable[[], Any]] = {
            "/_local/flow": lambda: self._current_flow().now(),
            "/_local/bill": lambda: {"used": bill.lines()},
            "/_local/mailbox": lambda: {"mails": newest_mail(self._outputs())},
            "/_local/demo-session": lambda: start_demo_session(self._outputs()),
            "/_local/password-code": lambda: waiting_code(self._outputs(), email, RESET),
            "/_local/sign-up-code": lambda: waiting_code(self._outputs(), email, CONFIRMATION),
        }
        try:
            document = await asyncio.to_thread(answers[request.path])
        except Exception as error:  # what is gone of a deployment is the answer
            _log.warning("%s: %s", request.path, error)
            await send_json(send, HTTPStatus.BAD_GATEWAY, {"message": f"{error}"})
            return
        await send_json(send, HTTPStatus.OK, document)

    def _current_flow(self) -> OrderFlow:
        outputs = self._outputs()
        if self._flow is None or self._flow[0] is not outputs:
            self._flow = (outputs, OrderFlow(outputs))
        return self._flow[1]
