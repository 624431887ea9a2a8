"""The local run's one server: `python -m local.server --port P --directory D`, on 127.0.0.1 only."""

import argparse
import asyncio
import gc
import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn
import uvloop

from deployment.disk_errors import full_disks
from deployment.loopback_without_proxy import without_proxy
from deployment.repository_paths import NODE
from emulator.asgi import App
from emulator.ministack.administrator_keys import Keys, UnusableDirectory, load_or_make_keys
from emulator.ministack.connection_limits import HttpConnection, WebSocketConnection
from emulator.ministack.idle_connections import raise_open_files
from emulator.ministack.state import saved_state
from emulator.ministack.state.saved_state import SavedStateInfo, UnusableState
from emulator.ministack.version import WrongEmulator, require_pinned_version
from environments.user_error import UserError
from local.garbage_collection import collect_in_quiet_moments
from local.one_processor import on_one_processor
from local.port import port_number

if TYPE_CHECKING:
    from emulator.ministack.state.graceful_shutdown import GracefulShutdown

HOST = "127.0.0.1"
BACKLOG = 512


class PortTaken(Exception):
    """Another process listens on the port."""


def parse_arguments(arguments: list[str]) -> argparse.Namespace:
    """Return port, directory and region as given on the command line."""
    parser = argparse.ArgumentParser(prog="python -m local.server", description=__doc__)
    parser.add_argument("--port", required=True, help="port on 127.0.0.1")
    parser.add_argument("--directory", type=Path, required=True, help="holds keys.json and temporary files")
    parser.add_argument("--region", default="us-east-1", help="the region that it plays (default: %(default)s)")
    return parser.parse_args(arguments)


def take_port(port: int) -> socket.socket:
    """Return a socket bound to the port on loopback; raises PortTaken."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise PortTaken(f"cannot listen on {HOST}:{port}: {error}; choose another with --port") from error
    return listener


def build(info: SavedStateInfo, *, keys: Keys, directory: Path, kept: Path | None) -> tuple[App, "GracefulShutdown"]:
    """Return the whole application (guard, AppSync data plane, emulator) and its end; raises UnusableState."""
    from emulator.ministack import embedded

    os.environ.update(without_proxy(os.environ))
    emulator, identity = embedded.load(
        port=info.port, region=info.region, keys=keys, directory=directory, kept=kept, node=NODE
    )
    from emulator.ministack.state.graceful_shutdown import GracefulShutdown
    from local.server_application import build_application

    shutdown = GracefulShutdown(directory, info)
    return build_application(
        emulator, identity, shutdown, port=info.port, region=info.region, directory=directory
    ), shutdown


class _Server(uvicorn.Server):
    """A server that leaves signals to `GracefulShutdown`."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


async def run(app: App, listener: socket.socket, shutdown: "GracefulShutdown") -> None:
    """Serve until SIGTERM or SIGINT has ended well, and let requests in flight finish for a second."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, shutdown.begin)
    config = uvicorn.Config(
        app,
        http=HttpConnection,
        ws=WebSocketConnection,
        ws_max_size=1024 * 1024,
        ws_per_message_deflate=False,  # costs 100 KB and more for each connection, and AppSync doesn't compress either
        ws_ping_interval=None,
        backlog=BACKLOG,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=1,
        interface="asgi3",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        date_header=False,
        server_header=False,
    )
    server = _Server(config)

    async def end() -> None:
        await shutdown.decided.wait()
        server.should_exit = True

    waiting = asyncio.create_task(end())
    async with collect_in_quiet_moments(), on_one_processor():
        await server.serve(sockets=[listener])
    waiting.cancel()
    # Before asyncio waits for its threads: a thread may wait for a function that never returns.
    shutdown.finish()


def main(arguments: list[str]) -> int:
    """Run the server; a reason not to start is one line and exit code 1."""
    options = parse_arguments(arguments)
    directory = options.directory.resolve()
    raise_open_files()
    try:
        info = SavedStateInfo(port=port_number(options.port, called="--port"), region=options.region)
        require_pinned_version()
        keys = load_or_make_keys(directory)
        kept = saved_state.find_saved_state(directory, info)
        listener = take_port(info.port)
        app, shutdown = build(info, keys=keys, directory=directory, kept=kept)
    except UnusableState as error:
        print(f"local.server: {error}; `make down KEEP=no` drops it", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"local.server: {': '.join(filter(None, [str(error), full_disks(error, directory)]))}", file=sys.stderr)
        return 1
    except (UserError, PortTaken, UnusableDirectory, WrongEmulator) as error:
        print(f"local.server: {error}", file=sys.stderr)
        return 1
    # What is imported stays. If the collector looks through it, it stops everything for 100 ms every few seconds.
    # Can go when that pause is no longer felt: with a collector that works in steps, or with far fewer imports.
    gc.freeze()
    uvloop.run(run(app, listener, shutdown))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
