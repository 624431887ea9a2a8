"""`make up` brings the run to the checkout's state, and `make down` leaves nothing behind."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from deployment.repository_paths import ROOT
from emulator.ministack.account import ACCOUNT_ID
from environments.settings import settings_of
from environments.user_error import UserError
from local import run, sample_data
from local.deploy import STACKS
from local.run import DEFAULT_PORT, LocalRun, server_files
from tests.unit.support.fake_machine import FakeMachine

NewRun = Callable[[], LocalRun]
BUSY = "another `make up` or `make down` works on this checkout: wait until it is done"


def test_what_is_right_already_is_left_alone(machine: FakeMachine, new_run: NewRun) -> None:
    first = new_run().up()

    second = new_run().up()

    assert second == first
    assert (machine.ports, machine.deployments) == ([DEFAULT_PORT], 1)


def test_only_stacks_that_changed_are_deployed(machine: FakeMachine, new_run: NewRun) -> None:
    new_run().up()
    for stack in STACKS:
        machine.code[stack] = "new"
        new_run().up()
    machine.lost = ["orders_table orders-local-orders: gone"]
    new_run().up()
    machine.failure, machine.code = UserError("the deployment failed: Error: …"), {}
    with pytest.raises(UserError):
        new_run().up()
    machine.failure = None
    new_run().up()

    assert machine.changed == [list(STACKS), [STACKS[0]], [STACKS[1]], list(STACKS), list(STACKS)]


@pytest.mark.parametrize("keep", [False, True])
def test_a_first_deployment_that_was_interrupted_begins_anew(machine: FakeMachine, new_run: NewRun, keep: bool) -> None:
    machine.failure = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        new_run().up(port=4990, keep=keep)
    machine.failure = None

    new_run().up()

    assert (machine.ports, machine.running, machine.deployments) == ([4990, 4990], {2}, 1)
    assert new_run().keeps is keep


def test_what_an_interrupted_change_left_is_gone_on_with(machine: FakeMachine, new_run: NewRun) -> None:
    new_run().up()
    machine.failure, machine.code = KeyboardInterrupt(), {STACKS[0]: "changed"}
    with pytest.raises(KeyboardInterrupt):
        new_run().up()
    machine.failure = None

    new_run().up()

    assert (machine.ports, machine.changed) == ([DEFAULT_PORT], [list(STACKS), list(STACKS)])


def test_a_first_deployment_that_failed_is_gone_on_with(machine: FakeMachine, new_run: NewRun) -> None:
    machine.failure = UserError("the deployment failed: Error: …")
    with pytest.raises(UserError):
        new_run().up()
    machine.failure = None

    new_run().up()

    assert machine.ports == [DEFAULT_PORT]


def test_what_is_missing_of_a_deployment_is_deployed_anew(machine: FakeMachine, new_run: NewRun) -> None:
    new_run().up()
    machine.lost = ["orders_table orders-local-orders: gone"]

    new_run().up()

    assert (machine.ports, machine.deployments) == ([DEFAULT_PORT], 2)
    assert new_run().problems() == []


@pytest.mark.parametrize("end", [UserError("the deployment failed: Error: …"), KeyboardInterrupt()])
def test_a_deployment_that_failed_or_was_stopped_is_not_taken_for_done(
    machine: FakeMachine, new_run: NewRun, end: BaseException
) -> None:
    new_run().up()
    machine.failure, machine.code = end, {STACKS[0]: "changed"}
    with pytest.raises(type(end)):
        new_run().up()
    machine.failure, machine.code = None, {}

    problems = new_run().problems()
    new_run().up()

    assert problems == ["the server runs but what is deployed to it isn't complete: `make up` completes it"]
    assert machine.deployments == 2


def test_a_changed_menu_is_loaded_into_the_server_that_runs(machine: FakeMachine, new_run: NewRun) -> None:
    new_run().up()
    sample_data.MENU.write_text("[{}]", encoding="utf-8")

    new_run().up()

    assert machine.menus == 2
    assert machine.ports == [DEFAULT_PORT]


def test_a_change_of_the_server_starts_it_anew_on_the_port_that_it_had(
    machine: FakeMachine, new_run: NewRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_run().up(port=4990)
    monkeypatch.setattr(run, "server_files", lambda: [ROOT / "Makefile"])

    outputs = new_run().up()

    assert machine.ports == [4990, 4990]
    assert outputs["aws_endpoint_url"] == "http://127.0.0.1:4990"
    assert machine.running == {2}


def test_a_port_outlives_a_server_that_crashed_and_one_that_did_not_start(
    machine: FakeMachine, new_run: NewRun
) -> None:
    new_run().up(port=4990)
    machine.running.clear()
    machine.unstartable = True
    with pytest.raises(UserError):
        new_run().up()
    machine.unstartable = False

    new_run().up()

    assert machine.ports == [4990, 4990]


def test_after_down_the_port_is_the_usual_one_again(machine: FakeMachine, new_run: NewRun) -> None:
    new_run().up(port=4990)
    new_run().down()

    new_run().up()

    assert machine.ports == [4990, DEFAULT_PORT]


def test_the_server_plays_the_region_of_the_local_environment(
    machine: FakeMachine, new_run: NewRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_run().up()
    elsewhere = replace(settings_of("local"), region="eu-west-1")
    monkeypatch.setattr(run, "settings_of", lambda _: elsewhere)

    new_run().up()

    assert machine.regions == [settings_of("local").region, "eu-west-1"]


def test_the_emulator_plays_the_account_of_the_local_environment() -> None:
    assert settings_of("local").account_id == ACCOUNT_ID


def test_what_terraform_says_of_the_region_stays(new_run: NewRun) -> None:
    outputs = new_run().up()

    assert outputs["region"] == "the stack's"


def test_down_stops_the_server_and_removes_what_was_good_for_it_only(
    machine: FakeMachine, new_run: NewRun, tmp_path: Path
) -> None:
    new_run().up()

    stopped = [new_run().down(), new_run().down()]

    assert stopped == [True, False]
    assert machine.running == set()
    assert [path.name for path in (tmp_path / "run").iterdir()] == ["lock"]


def test_down_of_what_never_was_up_makes_nothing(new_run: NewRun, tmp_path: Path) -> None:
    stopped = new_run().down()

    assert stopped is False
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("command", ["up", "down"])
def test_nothing_else_happens_to_a_run_that_is_being_deployed(
    machine: FakeMachine, new_run: NewRun, command: str
) -> None:
    refused = []

    def meanwhile() -> None:
        with pytest.raises(UserError) as error:
            getattr(new_run(), command)()
        refused.append(str(error.value))

    machine.during_deployment = meanwhile

    new_run().up()

    assert refused == [BUSY]
    assert machine.running == {1}


def test_while_another_one_works_on_the_run_that_is_the_problem(machine: FakeMachine, new_run: NewRun) -> None:
    told: list[list[str]] = []

    def start(**arguments: Any) -> object:
        told.append(new_run().problems())
        return machine.start_server(**arguments)

    machine.during_deployment = lambda: told.append(new_run().problems())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "start_server", start)
        new_run().up()

    assert told == [[BUSY], [BUSY]]
    assert new_run().problems() == []


def test_a_run_that_is_right_is_told_as_such_while_another_one_looks_at_it(
    machine: FakeMachine, new_run: NewRun
) -> None:
    new_run().up()

    with new_run()._locked():
        assert new_run().problems() == []


def test_the_server_is_made_of_all_its_files_but_the_menu() -> None:
    found = {str(path.relative_to(ROOT)) for path in server_files()}

    assert {"local/server.py", "emulator/appsync/javascript/runtime.js"} <= found
    assert str(sample_data.MENU.relative_to(ROOT)) not in found


def test_what_python_and_editors_leave_is_not_of_the_server(tmp_path: Path) -> None:
    for name in ("a.py", "b/c.js", "__pycache__/a.pyc", ".a.py.swp"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()

    found = server_files(tmp_path)

    assert sorted(str(path.relative_to(tmp_path)) for path in found) == ["a.py", "b/c.js"]


def test_a_run_that_keeps_what_it_holds_goes_on_without_a_deployment(
    machine: FakeMachine, new_run: NewRun, tmp_path: Path
) -> None:
    first = new_run().up(port=4990, keep=True)
    new_run().down()
    left = {path.name for path in (tmp_path / "run").iterdir()}

    second = new_run().up()

    assert second == first
    assert {"kept-state.zip", "keys.json", "outputs.json", "run.json"} <= left
    assert (machine.ports, machine.deployments) == ([4990, 4990], 1)
    assert new_run().keeps


def test_of_a_run_that_is_stopped_it_is_said_if_it_is_kept(machine: FakeMachine, new_run: NewRun) -> None:
    new_run().up(keep=True)
    new_run().down()
    kept = new_run().problems()
    new_run().down(drop=True)

    assert kept == ["the local run isn't up: start it with `make up`, which goes on with what the last stop kept"]
    assert new_run().problems() == ["the local run isn't up: start it with `make up`"]


def test_a_server_that_was_ended_by_hand_has_kept_its_state_too(
    machine: FakeMachine, new_run: NewRun, tmp_path: Path
) -> None:
    new_run().up(keep=True)
    machine.stop(1, tmp_path / "run")

    new_run().up()

    assert machine.deployments == 1


def test_after_a_crash_all_is_deployed_again(machine: FakeMachine, new_run: NewRun) -> None:
    new_run().up(keep=True)
    new_run().down()
    new_run().up()
    machine.running.clear()

    new_run().up()

    assert machine.deployments == 2


def test_a_run_that_is_up_can_be_told_to_keep_what_it_holds(machine: FakeMachine, new_run: NewRun) -> None:
    new_run().up()
    new_run().up(keep=True)
    new_run().down()

    new_run().up()

    assert (len(machine.ports), machine.deployments) == (2, 1)


def test_a_new_server_of_another_checkout_goes_on_with_what_is_kept(
    machine: FakeMachine, new_run: NewRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_run().up(keep=True)
    monkeypatch.setattr(run, "server_files", lambda: [ROOT / "Makefile"])

    new_run().up()

    assert (machine.running, machine.deployments) == ({2}, 1)


def test_what_is_dropped_is_gone(machine: FakeMachine, new_run: NewRun, tmp_path: Path) -> None:
    new_run().up(keep=True)

    new_run().down(drop=True)

    assert [path.name for path in (tmp_path / "run").iterdir()] == ["lock"]
    assert not new_run().keeps


def test_a_run_whose_state_cannot_be_kept_goes_on_and_says_what_the_system_said(
    machine: FakeMachine, new_run: NewRun
) -> None:
    first = new_run().up(keep=True)
    machine.full = True

    with pytest.raises(UserError) as error:
        new_run().down()

    assert str(error.value) == (
        "the local run goes on, because what it holds can't be kept: No space left on device: 12.3 MB wanted;"
        " mend that and try again, or `make down KEEP=no` drops it"
    )
    assert machine.running == {1}
    assert new_run().up() == first


def test_a_run_that_cannot_be_kept_outlives_a_change_of_the_checkout(
    machine: FakeMachine, new_run: NewRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_run().up(keep=True)
    machine.full = True
    monkeypatch.setattr(run, "server_files", lambda: [ROOT / "Makefile"])

    with pytest.raises(UserError, match="can't be kept"):
        new_run().up()

    assert machine.running == {1}


def test_a_run_that_cannot_be_kept_can_be_dropped(machine: FakeMachine, new_run: NewRun) -> None:
    new_run().up(keep=True)
    machine.full = True

    stopped = new_run().down(drop=True)

    assert stopped
    assert machine.running == set()


@pytest.mark.parametrize("keep", [False, True])
@pytest.mark.parametrize("changed", [False, True])
def test_a_run_that_does_not_answer_is_left_alone_with_what_it_holds(
    machine: FakeMachine, new_run: NewRun, monkeypatch: pytest.MonkeyPatch, *, keep: bool, changed: bool
) -> None:
    first = new_run().up(keep=keep)
    machine.unanswered = "502 and 'a proxy'"
    if changed:
        monkeypatch.setattr(run, "server_files", lambda: [ROOT / "Makefile"])

    with pytest.raises(UserError) as error:
        new_run().up()

    asked = f"GET {first['aws_endpoint_url']}/_local/health brought 502 and 'a proxy'"
    assert str(error.value) == (
        f"the server (process 1) runs, but {asked}; it is left alone, with what it holds:"
        " try again, or stop it with `make down`"
    )
    assert (machine.running, machine.deployments) == ({1}, 1)
    assert new_run().problems() == [f"the server (process 1) runs, but {asked}: wait, or stop it with `make down`"]


def test_another_port_moves_a_run(machine: FakeMachine, new_run: NewRun) -> None:
    new_run().up(port=4990)

    new_run().up(port=3000)

    assert (machine.running, machine.ports) == ({2}, [4990, 3000])


def test_a_port_that_is_taken_ends_no_run(machine: FakeMachine, new_run: NewRun) -> None:
    new_run().up(port=4990)
    machine.taken.add(3000)

    with pytest.raises(UserError) as error:
        new_run().up(port=3000)

    assert str(error.value) == (
        "cannot listen on 127.0.0.1:3000: another process does; `make up PORT=3001` uses another port"
    )
    assert (machine.running, machine.ports) == ({1}, [4990])


def test_another_port_does_not_end_a_run_that_is_kept(machine: FakeMachine, new_run: NewRun) -> None:
    new_run().up(port=4990, keep=True)

    with pytest.raises(UserError) as error:
        new_run().up(port=3000)

    assert str(error.value) == (
        "the local run is up on port 4990, not 3000, and what it keeps is good for that port:"
        " `make down KEEP=no` drops it"
    )
    assert (machine.running, machine.ports) == ({1}, [4990])


def test_a_record_that_cannot_be_written_leaves_the_one_that_is_there(
    machine: FakeMachine, new_run: NewRun, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    new_run().up()
    before = (tmp_path / "run" / "run.json").read_text(encoding="utf-8")
    (tmp_path / "run" / "run.partial").mkdir()
    machine.page = "another page"

    with pytest.raises(OSError):
        new_run().up()

    assert (tmp_path / "run" / "run.json").read_text(encoding="utf-8") == before


def test_a_server_whose_record_cannot_be_written_is_ended(
    machine: FakeMachine, new_run: NewRun, tmp_path: Path
) -> None:
    (tmp_path / "run" / "run.partial").mkdir(parents=True)

    with pytest.raises(OSError):
        new_run().up()

    assert (machine.ports, machine.running) == ([DEFAULT_PORT], set())
