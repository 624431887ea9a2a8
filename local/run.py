"""One local run: a folder, a server process, and what is deployed to it."""

import fcntl
import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

from deployment.child_environment import refuse_variables
from deployment.local_outputs import FILE_NAME, read_outputs, write_outputs
from deployment.progress import step
from deployment.repository_paths import ROOT, RUN_DIRECTORY, files_fingerprint
from deployment.run_lock import BUSY, LOCK_NAME, is_locked
from deployment.run_port import FILE_NAME as RECORD
from deployment.terraform_progress import TerraformProgress
from emulator.ministack.administrator_keys import FILE_NAME as KEYS
from emulator.ministack.state import saved_state
from environments.names import LOCAL
from environments.settings import settings_of
from environments.user_error import UserError
from local import sample_data
from local.deploy import STACKS, TERRAFORM_OUTPUTS, deploy, make_state_bucket, stacks_to_deploy, synthesize
from local.deployment_check import missing_resources
from local.engineer.token import FILE_NAME as TOKEN
from local.health import NotReady, health, wait_until_ready
from local.page_build import build_page, is_built, page_fingerprint, put_page
from local.port import HIGHEST
from local.run_record import RunRecord
from local.running_server import ANSWER_SECONDS, NotStopped, is_server_of_run, save_and_stop_server, stop_server
from local.server_process import Server, ServerFailed, require_free_port, start_server

DEFAULT_PORT = 4566
LOCK_SECONDS = 5
STATUS_SECONDS = 5
LOG = "server.log"


class LocalRun:
    """The run whose files are in one folder; the checkout's own is `.local/`."""

    def __init__(self, directory: Path = RUN_DIRECTORY) -> None:
        self.directory = directory.absolute()  # the server is started in another folder
        self._file = self.directory / RECORD
        self._output = self.directory / "cdktf.out"
        self._server: Server | None = None  # when this object started it

    @property
    def keeps(self) -> bool:
        """True if a stop keeps what the run holds, for the next `up` to go on with."""
        return saved_state.is_saving_enabled(self.directory)

    def up(self, *, port: int | None = None, keep: bool = False, change_window: str | None = None) -> dict[str, Any]:
        """Bring the run to the checkout's state and return its outputs; what is right already is left alone.

        `change_window`, in seconds, is the run's until the next `up`; without it that of the settings holds. Once
        a run is to keep what it holds, it does until `down(drop=True)`.
        """
        refuse_variables()
        self.directory.mkdir(parents=True, exist_ok=True)
        with self._locked():
            # First: what can't be deployed neither starts a server nor stops the one that runs.
            with step("Synthesizing the stacks"):
                stacks = synthesize(self._output, change_window=change_window)
            if keep:
                saved_state.enable_saving(self.directory)
            record = self._ensure_server(port)
            wanted, page = {**stacks, "menu": sample_data.menu_fingerprint()}, page_fingerprint()
            deployed = (record.deployed if self._is_complete() else None) or {}
            is_deployed = deployed == wanted
            if is_deployed and record.page == page:
                return read_outputs(self.directory)
            if not is_built(page):
                with step("Building the page"):
                    build_page(page, self.directory / "page.log")
            if not is_deployed:
                self._deploy(record, wanted, changed=[name for name in STACKS if deployed.get(name) != wanted[name]])
            return self._put_page(page)

    def down(self, *, drop: bool = False) -> bool:
        """Stop the server and all that it started; tells whether one was running.

        A run that keeps what it holds goes on with it at the next `up`, unless it is dropped; while it can't be kept,
        the server runs on, and that is an error.
        """
        if not self.directory.exists():
            return False
        with self._locked():
            if drop:
                saved_state.delete_saved_state(self.directory)
            running = self._stop_server()
            if not self.keeps:
                self._file.unlink(missing_ok=True)
            return running

    def running(self) -> RunRecord | None:
        """Return the record of the server, if that runs."""
        record = RunRecord.read(self._file)
        return record if record and is_server_of_run(record.pid, self.directory) else None

    def problems(self) -> list[str]:
        """List what doesn't run, a line each, or that somebody works on it; empty when all of it runs."""
        found = self._problems()
        return [BUSY] if found and is_locked(self.directory) else found

    def _problems(self) -> list[str]:
        record = self.running()
        if record is None:
            kept = ", which goes on with what the last stop kept" if saved_state.was_kept(self.directory) else ""
            return [f"the local run isn't up: start it with `make up`{kept}"]
        try:
            health(record.endpoint_url, timeout_seconds=STATUS_SECONDS)
        except NotReady as error:
            return [f"the server (process {record.pid}) runs, but {error}: wait, or stop it with `make down`"]
        if record.deployed is None or not (self.directory / FILE_NAME).exists():
            return ["the server runs but what is deployed to it isn't complete: `make up` completes it"]
        return missing_resources(read_outputs(self.directory))

    def _ensure_server(self, port: int | None) -> RunRecord:
        record = RunRecord.read(self._file)
        region = settings_of(LOCAL).region
        code = f"{region} {files_fingerprint([*server_files(), ROOT / 'requirements' / 'dev.txt'])}"
        if record and self._is_up(record):
            port = port or record.port
            is_moved = port != record.port
            if is_moved and self.keeps:
                raise UserError(
                    f"the local run is up on port {record.port}, not {port}, and what it keeps is good for that port:"
                    " `make down KEEP=no` drops it"
                )
            # What Terraform was making when it was interrupted is there, and it would make it again.
            begins_anew = record.is_interrupted and not (self.directory / FILE_NAME).exists()
            if record.server_code == code and not is_moved and not begins_anew:
                return record
            if is_moved:
                with _with_port_hint(port):  # before the run ends, and what it holds with it
                    require_free_port(port)
            which = "whose first deployment was interrupted" if begins_anew else "of an older checkout"
            if is_moved:
                which = f"on port {record.port}, which drops what it holds"
            with step(f"Stopping the server {which}"):
                keeps = self.keeps
                if begins_anew:
                    saved_state.delete_saved_state(self.directory)
                self._stop_server()
                if keeps:
                    saved_state.enable_saving(self.directory)
        else:
            self._stop_server()
        # After a crash the server starts from an older state, or from none: what was deployed last may not be there.
        kept = record if record and saved_state.was_kept(self.directory) else None
        with step("Starting the emulator"):
            return self._start(port or (record.port if record else DEFAULT_PORT), code, region, kept)

    def _is_up(self, record: RunRecord) -> bool:
        """Return True if the server runs and answers; it may be busy, and what it holds is nowhere else."""

        def is_gone() -> bool:
            return not is_server_of_run(record.pid, self.directory)

        if is_gone():
            return False
        try:
            wait_until_ready(record.endpoint_url, within_seconds=ANSWER_SECONDS, is_over=is_gone)
        except NotReady as error:
            if is_gone():
                return False
            raise UserError(
                f"the server (process {record.pid}) runs, but {error}; it is left alone, with what it holds:"
                " try again, or stop it with `make down`"
            ) from error
        return True

    def _start(self, port: int, code: str, region: str, kept: RunRecord | None) -> RunRecord:
        log = self.directory / LOG
        with _with_port_hint(port):
            server = start_server(port=port, directory=self.directory, root=ROOT, log=log, region=region)
        self._server = server
        record = RunRecord(pid=server.process.pid, port=port, server_code=code)
        if kept:
            record = replace(record, deployed=kept.deployed, page=kept.page)
        try:
            record.write(self._file)
        except BaseException:  # without a record nobody finds it
            server.stop()
            self._server = None
            raise
        return record

    def _deploy(self, record: RunRecord, wanted: dict[str, str], *, changed: Sequence[str]) -> None:
        account = {
            "aws_endpoint_url": record.endpoint_url,
            "region": settings_of(LOCAL).region,
            **json.loads((self.directory / KEYS).read_text(encoding="utf-8")),
        }
        # Until it is through: a deployment that failed or was interrupted isn't one.
        record = replace(record, deployed=None, page=None, is_interrupted=True)
        record.write(self._file)
        try:
            outputs = self._deployed(account, changed)
        except UserError:
            replace(record, is_interrupted=False).write(
                self._file
            )  # Terraform ended by itself, and knows what is there
            raise
        with step("Loading the sample menu, creating the demo user"):
            sample_data.load_menu(outputs)
            known = read_outputs(self.directory)["demo_user"] if (self.directory / FILE_NAME).exists() else None
            outputs["demo_user"] = sample_data.make_demo_user(outputs, known)
        write_outputs(self.directory, outputs)
        replace(record, deployed=wanted, is_interrupted=False).write(self._file)

    def _deployed(self, account: dict[str, Any], changed: Sequence[str]) -> dict[str, Any]:
        """Deploy the stacks that changed; returns the run's outputs but for the demo user."""
        make_state_bucket(account, self._output)
        stacks = " and ".join(stacks_to_deploy(changed))
        progress = TerraformProgress("Deploying", stacks)
        with step(f"Deploying {stacks} with cdktf deploy", now=progress) if stacks else nullcontext():
            log = self.directory / "deploy.log"
            outputs = {**account, **deploy(account, self._output, log, changed=changed, on_line=progress.read)}
        # The distribution's own address leads to AWS.
        outputs["web_url"] = f"{account['aws_endpoint_url']}/"
        return outputs

    def _put_page(self, page: str) -> dict[str, Any]:
        record, outputs = RunRecord.read(self._file), read_outputs(self.directory)
        if record and record.page != page:
            with step("Uploading the page"):
                put_page(outputs)
            replace(record, page=page).write(self._file)
        return outputs

    def _is_complete(self) -> bool:
        return (self.directory / FILE_NAME).exists() and not missing_resources(read_outputs(self.directory))

    def _stop_server(self) -> bool:
        """Stop the server, and remove the files of this start unless the run is kept; the caller holds the lock."""
        if not self.keeps:
            for name in (FILE_NAME, KEYS, TOKEN, TERRAFORM_OUTPUTS):
                (self.directory / name).unlink(missing_ok=True)
        record = self.running()
        if record:
            if self.keeps:
                self._save_and_stop(record)
            else:
                stop_server(record.pid, self.directory)
        if self._server:
            self._server.stop()
            self._server = None
        return record is not None

    def _save_and_stop(self, record: RunRecord) -> None:
        try:
            save_and_stop_server(record.pid, self.directory, endpoint_url=record.endpoint_url)
        except NotStopped as error:
            raise UserError(
                f"the local run goes on, because what it holds can't be kept: {error};"
                " mend that and try again, or `make down KEEP=no` drops it"
            ) from error
        if not saved_state.was_kept(self.directory):
            raise UserError(
                f"the local run ended before what it held was kept: {self.directory / LOG} may say why;"
                " `make up` goes on with what was kept before, if anything was"
            )

    @contextmanager
    def _locked(self) -> Iterator[None]:
        deadline = time.monotonic() + LOCK_SECONDS
        with (self.directory / LOCK_NAME).open("w") as lock:
            while True:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() > deadline:
                        raise UserError(BUSY) from None
                    time.sleep(0.1)
            yield


def server_files(*folders: Path) -> list[Path]:
    """Return what the server is made of; the menu is data, which is loaded into the one that runs."""
    parts = folders or tuple(ROOT / name for name in ("local", "emulator", "environments"))
    found = (path for folder in parts for path in folder.rglob("*") if path.is_file() and path != sample_data.MENU)
    return [path for path in found if "__pycache__" not in path.parts and not path.name.startswith(".")]


@contextmanager
def _with_port_hint(port: int) -> Iterator[None]:
    """Make one line for the user of a server's failure, which names another port when this one is taken."""
    try:
        yield
    except ServerFailed as error:
        other = port - 1 if port == HIGHEST else port + 1
        hint = f"; `make up PORT={other}` uses another port" if "cannot listen" in str(error) else ""
        raise UserError(f"{error}{hint}") from error
