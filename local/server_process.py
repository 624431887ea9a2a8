"""Starting and stopping the server as a process of its own."""

import json
import os
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from emulator.ministack.administrator_keys import FILE_NAME
from local.deploy import client
from local.health import NotReady, wait_until_ready

START_SECONDS = 30
STOP_SECONDS = 10


class ServerFailed(Exception):
    """The server didn't come up; the message holds the end of what it said."""


@dataclass(frozen=True, kw_only=True)
class Server:
    """A running server process and how to reach it."""

    process: subprocess.Popen[bytes]
    endpoint_url: str
    access_key_id: str
    secret_access_key: str = field(repr=False)
    region: str = "us-east-1"

    @property
    def account(self) -> dict[str, str]:
        """The addresses and keys by which it is reached, under the names of `.local/outputs.json`."""
        return {
            "aws_endpoint_url": self.endpoint_url,
            "region": self.region,
            "access_key_id": self.access_key_id,
            "secret_access_key": self.secret_access_key,
        }

    def client(self, service: str, **credentials: str) -> Any:
        """Return a boto3 client of this server, with the administrator's keys unless others are given."""
        return client(service, self.account, **credentials)

    def stop(self) -> None:
        """End the process and everything that it started."""
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def free_port() -> int:
    """Return a port on loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def require_free_port(port: int) -> None:
    """Raise ServerFailed when somebody listens on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise ServerFailed(f"cannot listen on 127.0.0.1:{port}: another process does") from error


def start_server(*, port: int, directory: Path, root: Path, log: Path, region: str = "us-east-1") -> Server:
    """Start `python -m local.server` in the checkout `root` and wait until it is ready; raises ServerFailed."""
    require_free_port(port)
    log.parent.mkdir(parents=True, exist_ok=True)
    options = ["--port", str(port), "--region", region, "--directory", str(directory)]
    # -u: each line is in the log at once, and none is left to fail at the end when the disk is full.
    command = [sys.executable, "-u", "-m", "local.server", *options]
    with log.open("wb") as output:
        process = subprocess.Popen(  # this interpreter, this package
            command, cwd=root, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
        )
    endpoint_url = f"http://127.0.0.1:{port}"
    try:
        wait_until_ready(endpoint_url, within_seconds=START_SECONDS, is_over=lambda: process.poll() is not None)
    except NotReady as error:
        raise ServerFailed(f"the local server didn't start: {_end(process, error, log)}") from error
    keys = json.loads((directory / FILE_NAME).read_text())
    return Server(process=process, endpoint_url=endpoint_url, region=region, **keys)


def _end(process: subprocess.Popen[bytes], error: NotReady, log: Path) -> str:
    """End a server that didn't start; return what is known of why."""
    code = process.poll()
    process.kill()
    process.wait()
    said = os.linesep.join(log.read_text(errors="replace").strip().splitlines()[-5:])
    if code is None:
        return f"{error}, and it said: {said or 'nothing'}"
    return said or f"it ended with {code} and said nothing{_refusal(log)}"


def _refusal(log: Path) -> str:
    """Return what the system says when nothing can be written to the log, as on a full disk."""
    try:
        with log.open("ab") as file:
            file.write(b"\n")
    except OSError as error:
        return f", because nothing can be written to {log}: {error.strerror}"
    return ""
