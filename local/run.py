"""One local run: a folder, a server process, and what is deployed to it."""

import fcntl
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from deployment.checkout import ROOT, RUN_DIRECTORY, LocalRunError, fingerprint
from deployment.outputs import FILE_NAME, read_outputs, write_outputs
from local import sample_data
from local.deploy import client, deploy, make_state_bucket, synthesize
from local.emulator.process import Server, ServerFailed, is_ready, start_server
from local.progress import step

REGION = "us-east-1"
DEFAULT_PORT = 4566
STOP_SECONDS = 15


@dataclass(frozen=True)
class Record:
    """What `run.json` remembers of the server process and of what was deployed to it."""

    pid: int
    port: int
    server_code: str
    deployed: str | None = None


class LocalRun:
    """The run whose files are in one folder; the checkout's own is `.local/`."""

    def __init__(self, directory: Path = RUN_DIRECTORY) -> None:
        self.directory = directory
        self._file = directory / "run.json"
        self._output = directory / "cdktf.out"
        self._server: Server | None = None  # when this object started it

    def up(self, *, port: int | None = None) -> dict[str, Any]:
        """Bring the run to the checkout's state and return its outputs; what is right already is left alone."""
        self.directory.mkdir(parents=True, exist_ok=True)
        with self._locked():
            record = self._started(port)
            with step("Synthesizing the stacks"):
                wanted = synthesize(self._output)
            if record.deployed == wanted and (self.directory / FILE_NAME).exists():
                return read_outputs(self.directory)
            return self._deploy(record, wanted)

    def down(self) -> bool:
        """Stop the server and all that it started; tells whether one was running."""
        (self.directory / FILE_NAME).unlink(missing_ok=True)
        record = self._record()
        running = record is not None and _is_our_server(record.pid)
        if self._server:
            self._server.stop()
            self._server = None
        elif record and running:
            _stop(record.pid)
        self._file.unlink(missing_ok=True)
        return running

    def problems(self) -> list[str]:
        """What doesn't run, a line each; empty when all of it does."""
        record = self._record()
        if record is None or not _is_our_server(record.pid):
            return ["the local run isn't up: start it with `make up`"]
        if not is_ready(f"http://127.0.0.1:{record.port}"):
            return [
                f"the server (process {record.pid}) doesn't answer on port {record.port}: `make down`, then `make up`"
            ]
        if record.deployed is None or not (self.directory / FILE_NAME).exists():
            return ["the server runs but nothing is deployed to it: `make up` goes on where it stopped"]
        return _missing(read_outputs(self.directory))

    def _started(self, port: int | None) -> Record:
        record = self._record()
        code = fingerprint([*(ROOT / "local").rglob("*.py"), ROOT / "requirements" / "dev.txt"])
        if record and _is_our_server(record.pid) and is_ready(f"http://127.0.0.1:{record.port}"):
            if record.server_code == code and port in (None, record.port):
                return record
            with step("Stopping the server of an older checkout"):
                self.down()
        elif record:
            self.down()
        (self.directory / "keys.json").unlink(missing_ok=True)  # each start has keys of its own
        with step("Starting the emulator"):
            return self._start(port or DEFAULT_PORT, code)

    def _start(self, port: int, code: str) -> Record:
        try:
            server = start_server(port=port, directory=self.directory, root=ROOT, log=self.directory / "server.log")
        except ServerFailed as error:
            hint = f"; `make up PORT={port + 1}` uses another port" if "cannot listen" in str(error) else ""
            raise LocalRunError(f"{error}{hint}") from error
        self._server = server
        record = Record(pid=server.process.pid, port=port, server_code=code)
        self._remember(record)
        return record

    def _deploy(self, record: Record, wanted: str) -> dict[str, Any]:
        account = {
            "aws_endpoint_url": f"http://127.0.0.1:{record.port}",
            "region": REGION,
            **json.loads((self.directory / "keys.json").read_text(encoding="utf-8")),
        }
        make_state_bucket(account, self._output)
        with step("Deploying orders-local with cdktf deploy"):
            outputs = {**deploy(account, self._output, self.directory / "deploy.log"), **account}
        with step("Loading the sample menu, creating the demo user"):
            sample_data.load_menu(outputs)
            known = read_outputs(self.directory)["demo_user"] if (self.directory / FILE_NAME).exists() else None
            outputs["demo_user"] = sample_data.make_demo_user(outputs, known)
        write_outputs(self.directory, outputs)
        self._remember(Record(**{**asdict(record), "deployed": wanted}))
        return outputs

    def _record(self) -> Record | None:
        try:
            return Record(**json.loads(self._file.read_text(encoding="utf-8")))
        except (FileNotFoundError, ValueError, TypeError):
            return None

    def _remember(self, record: Record) -> None:
        self._file.write_text(json.dumps(asdict(record), indent=2) + "\n", encoding="utf-8")

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with (self.directory / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise LocalRunError("another `make up` works on this checkout: wait until it is done") from None
            yield


def _is_our_server(pid: int) -> bool:
    """Whether the process is a server of this kind, and not another that got the number since."""
    told = subprocess.run(["ps", "-p", str(pid), "-o", "command="], capture_output=True, text=True, check=False)
    return "local.server" in told.stdout


def _stop(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while _is_our_server(pid) and time.monotonic() < deadline:
            time.sleep(0.05)
        if _is_our_server(pid):
            os.kill(pid, signal.SIGKILL)


def _missing(outputs: dict[str, Any]) -> list[str]:
    calls = [
        ("dynamodb", "describe_table", {"TableName": outputs["orders_table"]}),
        ("sqs", "get_queue_attributes", {"QueueUrl": outputs["queue_url"]}),
        ("stepfunctions", "describe_state_machine", {"stateMachineArn": outputs["state_machine_arn"]}),
        *(("lambda", "get_function", {"FunctionName": name}) for name in outputs["functions"].values()),
    ]
    problems = []
    for service, call, arguments in calls:
        try:
            getattr(client(service, outputs), call)(**arguments)
        except Exception as error:  # whatever is wrong with it is the answer
            problems.append(f"{service} {call} {arguments}: {error}")
    return problems
