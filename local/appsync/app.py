"""The data plane as an ASGI application: POST /appsync/<apiId>/graphql, and WebSockets at /realtime below it."""

import asyncio
import logging
import re

from local.appsync import requests
from local.appsync.auth.authentication import Authentication
from local.appsync.auth.key_sets import KeySets
from local.appsync.control_plane import ControlPlane
from local.appsync.deployment import Deployment
from local.appsync.deployments import Deployments
from local.appsync.errors import RequestRefused, internal_failure
from local.appsync.execution import Executor
from local.appsync.identity import Credentials, Identity
from local.appsync.javascript import Engine
from local.appsync.realtime.credentials import Credentials as CallerCredentials
from local.appsync.realtime.endpoint import Realtime
from local.appsync.realtime.hub import Hub
from local.appsync.sources.aws import Aws
from local.appsync.sources.catalog import Sources
from local.appsync.sources.roles import Roles
from local.appsync.turns import LongWork
from local.asgi import Receive, Scope, Send

_log = logging.getLogger("local.appsync")
_PATH = re.compile(r"/appsync/([A-Za-z0-9]+)/graphql")
_EXECUTION_SECONDS = 30.0  # AppSync's limit


class DataPlane:
    """Serves the APIs that are deployed on the emulator at `endpoint_url`.

    `admin` reads the control plane. Everything else happens under the data sources' own roles and for the callers
    that `identity` knows.
    """

    def __init__(self, *, endpoint_url: str, region: str, admin: Credentials, identity: Identity) -> None:
        self._aws = Aws(endpoint_url)
        self._roles = Roles(identity)
        self._engine = Engine()
        self._identity = identity
        control_plane = ControlPlane(endpoint_url=endpoint_url, region=region, credentials=admin)

        async def read(api_id: str) -> Deployment:
            return await asyncio.to_thread(control_plane.read, api_id)

        self._deployments = Deployments(read, self._prepare)
        self._hub = Hub()
        self._long_work = LongWork()
        key_sets = KeySets(lambda pool_id: self._aws.get_json(f"/{pool_id}/.well-known/jwks.json"))
        self._authentication = Authentication(key_sets=key_sets, identity=identity, region=region)
        self._realtime = Realtime(
            deployments=self._deployments, credentials=CallerCredentials(self._authentication), hub=self._hub
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or one WebSocket; what isn't GraphQL is refused."""
        if scope["type"] == "websocket":
            await self._realtime(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        try:
            body = await self._serve(scope, receive)
        except RequestRefused as refused:
            await requests.answer(send, refused.status, refused.body(), error_type=refused.error_type)
        except Exception:
            _log.exception("%s %s", scope["method"], scope["path"])
            failure = internal_failure()
            await requests.answer(send, failure.status, failure.body(), error_type=failure.error_type)
        else:
            await requests.answer(send, 200, body)

    async def _serve(self, scope: Scope, receive: Receive) -> dict[str, object]:
        match = _PATH.fullmatch(scope["path"])
        if match is None:
            raise RequestRefused(404, "NotFoundException", f"Nothing is served at {scope['path']}.")
        if scope["method"] != "POST":
            raise RequestRefused(405, "MethodNotAllowedException", f"{scope['method']} isn't supported, only POST.")
        http = await requests.read(scope, receive)
        executor = await self._deployments.get(match[1])
        if executor.deployment.unsupported:
            raise RequestRefused(
                400, "NotSupported", f"the local AppSync doesn't support {', '.join(executor.deployment.unsupported)}"
            )
        source_ip = (scope.get("client") or ("127.0.0.1",))[0]
        caller = await self._authentication.caller(executor.deployment, http, source_ip=source_ip)
        request = {"headers": dict(http.headers), "domainName": None}
        execution = executor.execute(requests.parse(http.body), caller=caller, request=request)
        try:
            return await asyncio.wait_for(execution, _EXECUTION_SECONDS)
        except TimeoutError as error:
            raise RequestRefused(504, "ExecutionTimeout", "Request timed out.") from error

    def _prepare(self, deployment: Deployment) -> Executor:
        sources = Sources(deployment.data_sources, aws=self._aws, roles=self._roles)
        return Executor(
            deployment,
            engine=self._engine,
            sources=sources,
            identity=self._identity,
            publish=self._hub.publish,
            long_work=self._long_work,
        )
