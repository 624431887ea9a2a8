"""`make up` builds the page, uploads it, prints its address, and sets its change window."""

from collections.abc import Callable

import pytest

from environments.user_error import UserError
from local import __main__ as command
from local import run
from local.run import LocalRun
from tests.unit.support.fake_machine import FakeMachine

NewRun = Callable[[], LocalRun]


def test_the_page_is_at_the_servers_root(new_run: NewRun) -> None:
    outputs = new_run().up(port=4990)

    assert outputs["web_url"] == "http://127.0.0.1:4990/"


def test_a_page_that_did_not_change_is_built_and_uploaded_once(machine: FakeMachine, new_run: NewRun) -> None:
    new_run().up()

    new_run().up()

    assert (machine.builds, machine.uploads) == (["page"], 1)


def test_a_changed_page_is_uploaded_without_a_deployment(machine: FakeMachine, new_run: NewRun) -> None:
    new_run().up()
    machine.page = "changed page"

    new_run().up()

    assert (machine.builds, machine.uploads, machine.deployments) == (["page", "changed page"], 2, 1)


def test_a_bucket_that_was_made_anew_gets_the_page_again(machine: FakeMachine, new_run: NewRun) -> None:
    new_run().up()
    machine.lost = ["web_bucket orders-local-web: gone"]

    new_run().up()

    assert (machine.builds, machine.uploads) == (["page"], 2)


def test_a_page_that_can_not_be_built_is_told_and_tried_again(
    machine: FakeMachine, new_run: NewRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise UserError("the page can't be built: Error: …")

    with monkeypatch.context() as broken:
        broken.setattr(run, "build_page", fail)
        with pytest.raises(UserError, match="can't be built"):
            new_run().up()

    new_run().up()

    assert (machine.builds, machine.uploads, machine.deployments) == (["page"], 1, 1)


def test_a_kept_run_goes_on_with_its_page(machine: FakeMachine, new_run: NewRun) -> None:
    new_run().up(keep=True)
    new_run().down()

    new_run().up()

    assert machine.uploads == 1


def test_the_change_window_is_that_of_the_last_up(machine: FakeMachine, new_run: NewRun) -> None:
    new_run().up(change_window="20")
    new_run().up(change_window="20")
    deployed_with_one = machine.deployments

    new_run().up()

    assert machine.change_windows == ["20", "20", None]
    assert (deployed_with_one, machine.deployments) == (1, 2)


@pytest.mark.parametrize("name", ["up", "status"])
def test_the_addresses_of_the_page_and_of_the_engineers_view_are_printed(
    new_run: NewRun, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    monkeypatch.setattr(command, "LocalRun", new_run)
    monkeypatch.setattr(command, "read_run_numbers", lambda *_: [("orders", "3")])
    new_run().up(port=4990)

    code = command.main([name])

    said = capsys.readouterr().out
    assert code == 0
    assert "order desk         http://127.0.0.1:4990/\n" in said
    assert "engineer view      http://127.0.0.1:4990/engineer#token 1\n" in said
    assert ("  orders             3\n" in said) is (name == "status")


@pytest.mark.parametrize("name", ["down", "status"])
def test_a_change_window_goes_with_what_deploys(name: str) -> None:
    with pytest.raises(UserError, match="CHANGE_WINDOW goes with `up` and `demo`"):
        command.main([name, "--change-window", "20"])


@pytest.mark.parametrize(
    ("name", "keep"), [("up", "no"), ("demo", "maybe"), ("down", "yes"), ("status", "yes"), ("up", "")]
)
def test_keeping_is_asked_of_a_start_and_dropping_of_a_stop(
    new_run: NewRun, monkeypatch: pytest.MonkeyPatch, name: str, keep: str
) -> None:
    monkeypatch.setattr(command, "LocalRun", new_run)

    with pytest.raises(UserError, match=f"^KEEP: got '{keep}' for `{name}`; `up KEEP=yes` keeps .*, `down KEEP=no` .*"):
        command.main([name, f"--keep={keep}"])


def test_what_can_not_be_deployed_neither_stops_a_run_nor_starts_one(
    machine: FakeMachine, new_run: NewRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> str:
        raise UserError("the stacks can't be synthesized: …")

    new_run().up(port=4990)
    monkeypatch.setattr(run, "synthesize", fail)

    with pytest.raises(UserError, match="can't be synthesized"):
        new_run().up(port=4991, keep=True)

    assert (machine.ports, machine.running) == ([4990], {1})
    assert not new_run().keeps


def test_a_stop_is_shown_while_it_lasts(
    new_run: NewRun, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "LocalRun", new_run)
    new_run().up(keep=True)
    capsys.readouterr()

    for arguments in (["down"], ["down"], ["up"], ["down", "--keep", "no"]):
        command.main(arguments)

    lines = [line for line in capsys.readouterr().out.splitlines() if "topping" in line or "local run " in line]
    assert [line.rpartition("  ")[0].rstrip() or line for line in lines if "is up" not in line] == [
        "  Keeping what it holds, and stopping the local run",
        "The local run is stopped.",
        "The local run wasn't up.",
        "  Stopping the local run",
        "The local run is stopped.",
    ]
