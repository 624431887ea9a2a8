"""The guard: it refuses strangers, and calls without a valid signature."""

import asyncio
import re
import uuid
from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus

from ministack.app import _APPSYNC_GRAPHQL_RE, _credential_failure
from ministack.core.iam_evaluator import AuthError

from emulator.asgi import App, Message, Receive, Scope, Send
from emulator.ministack.guard import verified_request
from emulator.ministack.guard.added_endpoints import EngineerEndpoints, PageEndpoint
from emulator.ministack.guard.body_checks import XML_SERVICES, UnreadableBody, require_readable
from emulator.ministack.guard.body_limits import body_limit, require_few_parts
from emulator.ministack.guard.routing import answering_service
from emulator.ministack.guard.signature_check import authentication_failure, claim_failure, is_signed
from emulator.ministack.http_request import (
    BadRequest,
    Request,
    head_of,
    read_body,
    replay,
)
from emulator.ministack.http_response import send_answer, send_json
from emulator.principals import Identity

APPSYNC_PREFIX = "/appsync/"
# The hosts of a forwarded port or a proxy. The signature covers the host, and no web page can sign.
LOOPBACK = re.compile(r"(127\.0\.0\.1|localhost):\d{1,5}")
# The content types that an HTML form, or a script without a preflight, can send to any site.
SIMPLE_CONTENT_TYPES = frozenset(["", "application/x-www-form-urlencoded", "multipart/form-data", "text/plain"])


class Guard:
    """Refuses what a web page or a stranger could send, and passes all else to the application."""

    def __init__(
        self,
        app: App,
        *,
        port: int,
        region: str,
        identity: Identity,
        health_path: str,
        page: PageEndpoint,
        engineer: EngineerEndpoints,
    ) -> None:
        self._app = app
        self._region = region
        self._identity = identity
        self._health_path = health_path
        self._page = page
        self._engineer = engineer
        self._hosts = frozenset({f"127.0.0.1:{port}", f"localhost:{port}"})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI connection."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        else:
            await self._http(scope, receive, _without_cors(send))

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            refusal = self._refusal(head_of(scope))
        except BadRequest as error:
            refusal = str(error)
        if refusal is None and scope["path"].startswith(APPSYNC_PREFIX):
            await self._app(scope, receive, send)
            return
        await receive()
        await send({"type": "websocket.close", "code": 1008})

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            request = head_of(scope)
            refusal = self._refusal(request)
            if refusal is not None:
                await send_json(send, HTTPStatus.FORBIDDEN, {"message": refusal})
            elif request.path == self._health_path or request.path.startswith(APPSYNC_PREFIX):
                await self._app(scope, receive, send)
            elif request.path in self._engineer.paths:
                await self._engineer.serve(scope, request, send)
            elif self._page.is_asked_for(request):
                await self._page.serve(scope, request, send)
            else:
                await self._emulator(scope, request, receive, send, self._authentication_failure)
        except BadRequest as error:
            await send_json(send, HTTPStatus.BAD_REQUEST, {"message": str(error)})

    async def for_own_services(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a call from one of the emulator's own services to another, without a connection.

        The Authorization header names the caller. Its signature isn't checked, because it would
        prove nothing new. The rest is checked as for everybody, role and body too, because the body
        may contain a client's input.
        """
        try:
            await self._emulator(scope, head_of(scope), receive, _without_cors(send), self._claim_failure)
        except BadRequest as error:
            await send_json(send, HTTPStatus.BAD_REQUEST, {"message": str(error)})

    def _authentication_failure(self, request: Request) -> AuthError | None:
        return authentication_failure(request, self._identity, region=self._region)

    def _claim_failure(self, request: Request) -> AuthError | None:
        return claim_failure(request, region=self._region)

    async def _emulator(
        self,
        scope: Scope,
        head: Request,
        receive: Receive,
        send: Send,
        failure_of: Callable[[Request], AuthError | None],
    ) -> None:
        body = await read_body(receive, limit_bytes=body_limit(head))
        request = replace(head, body=body)
        require_few_parts(request)
        failure = failure_of(request)
        if failure is not None:
            await _refuse(send, answering_service(head), failure, request)
            return
        service = answering_service(request)
        try:
            require_readable(request, service)
        except UnreadableBody as unreadable:
            if service in XML_SERVICES:
                await _refuse(send, service, AuthError(unreadable.code, str(unreadable)), request)
                return
            message = {"__type": unreadable.code, "message": str(unreadable)}
            await send_json(send, unreadable.status, message, error_type=unreadable.code)
        else:
            verified_request.authorization.set(request.headers.get("authorization", ""))
            await asyncio.sleep(0)  # let others run: a large body took long to check
            await self._app(scope, replay(body, receive), send)

    def _refusal(self, request: Request) -> str | None:
        """Return the reason to refuse the request unread; None for a request that may be read."""
        host, origin = request.headers.get("host", ""), request.headers.get("origin")
        if host not in self._hosts and not (is_signed(request) and LOOPBACK.fullmatch(host)):
            return f"this server answers to {' and '.join(sorted(self._hosts))}, not to the host {host!r}"
        if origin is not None and origin.removeprefix("http://") not in self._hosts:
            return f"pages of {origin!r} may not call this server"
        if request.headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
            return "pages of other sites may not call this server"
        is_emulators_own = (
            request.path.startswith("/_") or request.path == "/health" or _APPSYNC_GRAPHQL_RE.match(request.path)
        )
        is_engineers = request.path in self._engineer.paths
        if is_emulators_own and not is_engineers and request.path != self._health_path:
            return f"{request.path} is an administration endpoint of the emulator, and closed"
        if _is_simple_post(request) and not (is_engineers and self._engineer.has_token(request)):
            return "a post needs a signature, a token or a content type that a form can't send"
        return None


async def _refuse(send: Send, service: str, failure: AuthError, request: Request) -> None:
    """Send an error in the form of the service."""
    status, told, answer = _credential_failure(service, "", str(uuid.uuid4()), failure, dict(request.headers))
    await send_answer(send, status, answer, [(name.encode(), str(value).encode()) for name, value in told.items()])


def _is_simple_post(request: Request) -> bool:
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return (
        request.method == "POST"
        and content_type in SIMPLE_CONTENT_TYPES
        and "authorization" not in request.headers
        and not is_signed(request)
    )


def _without_cors(send: Send) -> Send:
    """Return a `send` without the header by which the emulator lets every web page read answers."""

    async def filtered(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [
                pair for pair in message.get("headers", []) if not pair[0].lower().startswith(b"access-control-")
            ]
            message = {**message, "headers": headers}
        await send(message)

    return filtered
