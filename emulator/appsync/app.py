"""The data plane as an ASGI application: POST /appsync/<apiId>/graphql, and WebSockets at /realtime below it."""

import asyncio
import logging
import re
import secrets
import time

from emulator.appsync import graphql_request
from emulator.appsync.auth.authentication import Authentication
from emulator.appsync.auth.callers import Caller
from emulator.appsync.auth.key_sets import KeySets
from emulator.appsync.auth.signatures import SignedRequest
from emulator.appsync.control_plane import ControlPlane
from emulator.appsync.deployment import Deployment
from emulator.appsync.errors import RequestRefused, internal_failure
from emulator.appsync.event_loop_turns import LongWork
from emulator.appsync.execution import Executor
from emulator.appsync.executor_cache import ExecutorCache
from emulator.appsync.javascript import Engine
from emulator.appsync.realtime.endpoint import Realtime, Timing
from emulator.appsync.realtime.hub import Hub
from emulator.appsync.realtime.realtime_authentication import RealtimeAuthentication
from emulator.appsync.sources.role_credentials import Roles
from emulator.appsync.sources.service_requests import EmulatedServices
from emulator.appsync.sources.source_factory import Sources
from emulator.asgi import App, Receive, Scope, Send
from emulator.principals import Credentials, Identity

_log = logging.getLogger("emulator.appsync")
_PATH = re.compile(r"/appsync/([A-Za-z0-9]{1,64})/graphql")
_EXECUTION_SECONDS = 30.0  # AppSync's limit


class DataPlane:
    """Serves the APIs that are deployed on the emulator at `endpoint_url`.

    `services` answers calls to the emulator's own services: it trusts the Authorization header, and
    checks the role's permissions. `admin` reads the control plane. All else happens with the data
    sources' own roles, and for callers that `identity` knows.
    """

    def __init__(
        self,
        *,
        endpoint_url: str,
        services: App,
        region: str,
        admin: Credentials,
        identity: Identity,
        timing: Timing | None = None,
    ) -> None:
        self._services = EmulatedServices(services, endpoint_url=endpoint_url)
        self._roles = Roles(identity)
        self._engine = Engine()
        self._identity = identity
        control_plane = ControlPlane(endpoint_url=endpoint_url, region=region, credentials=admin)

        async def read(api_id: str) -> Deployment:
            return await asyncio.to_thread(control_plane.read, api_id)

        self._executors = ExecutorCache(read, self._prepare)
        self._hub = Hub()
        self._long_work = LongWork()
        key_sets = KeySets(lambda pool_id: self._services.get_json(f"/{pool_id}/.well-known/jwks.json"))
        self._authentication = Authentication(key_sets=key_sets, identity=identity, region=region)
        self._realtime = Realtime(
            executors=self._executors,
            authentication=RealtimeAuthentication(self._authentication),
            hub=self._hub,
            timing=timing,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or one WebSocket; refuse anything but GraphQL."""
        if scope["type"] == "websocket":
            await self._realtime(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        try:
            content = await self._serve(scope, receive)
        except RequestRefused as refused:
            await _refuse(send, refused)
        except Exception:
            _log.exception("%s %s", scope["method"], scope["path"])
            await _refuse(send, internal_failure())
        else:
            await graphql_request.answer(send, 200, content)

    async def _serve(self, scope: Scope, receive: Receive) -> bytes:
        match = _PATH.fullmatch(scope["path"])
        if match is None:
            raise RequestRefused(404, "NotFoundException", f"Nothing is served at {scope['path']}.")
        if scope["method"] != "POST":
            raise RequestRefused(405, "MethodNotAllowedException", f"{scope['method']} isn't supported, only POST.")
        http = await graphql_request.read(scope, receive)
        executor = await self._executors.get(match[1])
        if executor.deployment.unsupported:
            raise RequestRefused(
                400, "NotSupported", f"the local AppSync doesn't support {', '.join(executor.deployment.unsupported)}"
            )
        source_ip = (scope.get("client") or ("127.0.0.1",))[0]
        caller = await self._authentication.caller(executor.deployment, http, source_ip=source_ip)
        try:
            return await asyncio.wait_for(_answer(executor, http, caller), _EXECUTION_SECONDS)
        except TimeoutError as error:
            raise RequestRefused(504, "ExecutionTimeout", "Request timed out.") from error

    def _prepare(self, deployment: Deployment) -> Executor:
        sources = Sources(
            deployment.data_sources,
            services=self._services,
            roles=self._roles,
            interpretations=deployment.interpretations,
        )
        return Executor(
            deployment,
            engine=self._engine,
            sources=sources,
            identity=self._identity,
            publish=self._hub.publish,
            long_work=self._long_work,
        )


async def _answer(executor: Executor, http: SignedRequest, caller: Caller) -> bytes:
    """Return the content of the answer to a caller; raises RequestRefused."""
    turns = executor.turns(caller)
    async with turns.take():
        asked = graphql_request.parse(http.body)
    headers = {"x-amzn-trace-id": _new_trace(), **http.headers}
    body = await executor.execute(asked, caller=caller, request={"headers": headers, "domainName": None})
    async with turns.take():
        return graphql_request.encoded(body)


def _new_trace() -> str:
    """Return the header that AWS gives a request without one (X-Ray developer guide, "Tracing header")."""
    return f"Root=1-{int(time.time()):08x}-{secrets.token_hex(12)}"


async def _refuse(send: Send, refused: RequestRefused) -> None:
    content = graphql_request.encoded(refused.body())
    await graphql_request.answer(send, refused.status, content, error_type=refused.error_type)
