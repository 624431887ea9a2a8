"""A machine with fake processes and deployments, for tests of the local run."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from emulator.ministack.state import saved_state
from emulator.ministack.state.saved_state import SavedStateInfo
from local.deploy import STACKS
from local.health import NotReady
from local.running_server import NotStopped
from local.server_process import ServerFailed


@dataclass
class FakeProcess:
    """A started server."""

    pid: int


@dataclass
class FakeServer:
    """A server that runs until it is stopped."""

    process: FakeProcess
    machine: "FakeMachine"
    directory: Path

    def stop(self) -> None:
        self.machine.stop(self.process.pid, self.directory)


@dataclass
class FakeMachine:
    """A machine that records what was done, and fails on request."""

    running: set[int] = field(default_factory=set)
    ports: list[int] = field(default_factory=list)
    regions: list[str] = field(default_factory=list)
    code: dict[str, str] = field(default_factory=dict)  # by stack
    deployments: int = 0
    changed: list[list[str]] = field(default_factory=list)
    menus: int = 0
    change_windows: list[str | None] = field(default_factory=list)
    page: str = "page"
    builds: list[str] = field(default_factory=list)
    uploads: int = 0
    lost: list[str] = field(default_factory=list)
    failure: BaseException | None = None
    unstartable: bool = False
    taken: set[int] = field(default_factory=set)
    full: bool = False
    unanswered: str = ""
    during_deployment: Callable[[], object] = lambda: None

    def start_server(self, *, port: int, directory: Path, region: str, **_: object) -> FakeServer:
        self.require_free_port(port)
        if self.unstartable:
            raise ServerFailed("the local server didn't start")
        self.ports.append(port)
        self.regions.append(region)
        (directory / "keys.json").write_text('{"access_key_id": "key", "secret_access_key": "secret"}')
        (directory / "engineer-token").write_text(f"token {len(self.ports)}")
        saved_state.mark_as_started(directory)
        self.running.add(len(self.ports))
        return FakeServer(FakeProcess(len(self.ports)), self, directory)

    def require_free_port(self, port: int) -> None:
        if port in self.taken:
            raise ServerFailed(f"cannot listen on 127.0.0.1:{port}: another process does")

    def stop(self, pid: int, directory: Path) -> None:
        self.running.discard(pid)
        if saved_state.is_saving_enabled(directory):
            with saved_state.write_state(directory, SavedStateInfo(port=self.ports[-1], region=self.regions[-1])):
                pass

    def keep_and_stop(self, pid: int, directory: Path, **_: object) -> None:
        if self.full:
            raise NotStopped("No space left on device: 12.3 MB wanted")
        self.stop(pid, directory)

    def health(self, endpoint_url: str, **_: object) -> dict[str, str]:
        if self.unanswered:
            raise NotReady(f"GET {endpoint_url}/_local/health brought {self.unanswered}")
        return {"status": "ready"}

    def synthesize(self, _: Path, *, change_window: str | None = None) -> dict[str, str]:
        self.change_windows.append(change_window)
        return {**dict.fromkeys(STACKS, "code"), STACKS[0]: f"code with {change_window}", **self.code}

    def build_page(self, wanted: str, _log: Path) -> None:
        self.builds.append(wanted)

    def put_page(self, _: Mapping[str, Any]) -> None:
        self.uploads += 1

    def deploy(
        self, _account: Mapping[str, Any], _output: Path, log: Path, *, changed: list[str], **_: object
    ) -> dict[str, Any]:
        self.during_deployment()
        if self.failure:
            raise self.failure
        self.deployments += 1
        self.changed.append(changed)
        self.lost.clear()
        log.with_name("terraform-outputs.json").write_text("{}")
        return {
            "region": "the stack's",
            "orders_table": "orders-local-orders",
            "graphql_url": "http://127.0.0.1/graphql",
            "realtime_url": "http://127.0.0.1/realtime",
            "web_url": "https://the-distribution.cloudfront.net",
        }

    def load_menu(self, _: Mapping[str, Any]) -> None:
        self.menus += 1
