"""Puts together the server behind the one port: the guard, then health, AppSync, page, engineer's view and emulator."""

import gc
from functools import partial
from pathlib import Path

from emulator.appsync.app import DataPlane
from emulator.appsync.realtime.endpoint import Timing
from emulator.asgi import App, Receive, Scope, Send
from emulator.ministack.guard.guard import APPSYNC_PREFIX, Guard
from emulator.ministack.http_response import send_json
from emulator.ministack.iam_identity import EmulatedIdentity
from emulator.ministack.role_calls import counting_calls
from emulator.ministack.state.graceful_shutdown import GracefulShutdown
from emulator.ministack.xray import with_xray
from local.engineer.app import EngineerApp
from local.engineer.token import make_token
from local.health import PATH as HEALTH_PATH
from local.health import READY
from local.lost_events import unheard_seconds
from local.page_server import PageServer
from local.run_outputs import RunOutputs


def build_application(
    emulator: App, identity: EmulatedIdentity, shutdown: GracefulShutdown, *, port: int, region: str, directory: Path
) -> App:
    """Return one application out of the parts."""

    async def own_services(scope: Scope, receive: Receive, send: Send) -> None:
        await guard.for_own_services(scope, receive, send)

    data_plane = DataPlane(
        endpoint_url=f"http://127.0.0.1:{port}",
        services=own_services,
        region=region,
        admin=identity.administrator,
        identity=identity,
        timing=Timing(unheard_seconds=partial(unheard_seconds, directory)),
    )
    appsync = shutdown.request_gate.before(counting_calls(data_plane, identity))
    aws = shutdown.request_gate.before(counting_calls(with_xray(emulator, identity), identity))

    async def route(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if path == HEALTH_PATH:
            await send_json(send, 200, {**READY, **shutdown.told})
        elif path.startswith(APPSYNC_PREFIX):
            await appsync(scope, receive, send)
        else:
            await aws(scope, receive, send)

    # What was deployed stays, as what was imported does (server.py): a collector that looks through all of it stops
    # everything for up to 200 ms.
    outputs = RunOutputs(directory, on_change=gc.freeze)
    engineer = EngineerApp(outputs, token=make_token(directory))
    guard = Guard(
        route,
        port=port,
        region=region,
        identity=identity,
        health_path=HEALTH_PATH,
        page=PageServer(outputs),
        engineer=engineer,
    )
    return guard
