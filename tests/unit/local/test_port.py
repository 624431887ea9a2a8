"""An invalid port is reported in one line, before anything is started."""

from collections.abc import Callable
from pathlib import Path

import pytest

from environments.user_error import UserError
from local import __main__ as command
from local import run, server
from local.run import LocalRun
from local.server_process import ServerFailed
from tests.unit.support.fake_machine import FakeMachine

NewRun = Callable[[], LocalRun]
WRONG = ["80000", "65536", "0", "-1", "abc", "4_600", "4600.0", " 4600", "0x11", "٤٦٠٠", "--keep", "9" * 5000]


@pytest.mark.parametrize("port", WRONG)
@pytest.mark.parametrize("name", ["up", "demo"])
def test_a_run_starts_on_a_port_that_can_be(
    machine: FakeMachine, new_run: NewRun, monkeypatch: pytest.MonkeyPatch, name: str, port: str
) -> None:
    monkeypatch.setattr(command, "LocalRun", new_run)

    with pytest.raises(UserError) as refused:
        command.main([name, f"--port={port}"])

    assert str(refused.value) == f"PORT: got {port!r}, expected a whole number from 1 to 65535"
    assert machine.ports == []


@pytest.mark.parametrize("port", WRONG)
def test_so_does_a_server(port: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = server.main([f"--port={port}", "--directory", str(tmp_path / "server")])

    assert code == 1
    assert capsys.readouterr().err == f"local.server: --port: got {port!r}, expected a whole number from 1 to 65535\n"
    assert not (tmp_path / "server").exists()


@pytest.mark.parametrize("port", ["80", "080"])
def test_no_run_is_asked_for_on_the_port_that_clients_leave_out(
    machine: FakeMachine, new_run: NewRun, monkeypatch: pytest.MonkeyPatch, port: str
) -> None:
    monkeypatch.setattr(command, "LocalRun", new_run)

    with pytest.raises(UserError, match=f"^PORT: got '{port}', expected another one"):
        command.main(["up", f"--port={port}"])

    assert machine.ports == []


@pytest.mark.parametrize(("port", "other"), [(4566, 4567), (65535, 65534)])
def test_where_a_port_is_taken_one_that_can_be_is_named(
    new_run: NewRun, monkeypatch: pytest.MonkeyPatch, port: int, other: int
) -> None:
    def fail(**_: object) -> None:
        raise ServerFailed(f"cannot listen on 127.0.0.1:{port}: another process does")

    monkeypatch.setattr(run, "start_server", fail)

    with pytest.raises(UserError, match=f"; `make up PORT={other}` uses another port$"):
        new_run().up(port=port)
