"""A server stops after it has saved its state, and goes on if it can't save it."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from emulator.ministack import embedded
from emulator.ministack.state import graceful_shutdown, saved_state
from emulator.ministack.state.graceful_shutdown import GracefulShutdown
from emulator.ministack.state.saved_state import NotKept, SavedStateInfo

INFO = SavedStateInfo(port=4566, region="us-east-1")


class Emulator:
    """Records the calls to the emulator in order. Raises the given errors on `keep`."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.errors: list[Exception] = []
        self.meanwhile: Callable[[], object] = lambda: None

    def keep(self, _directory: Path, _info: SavedStateInfo) -> None:
        self.asked.append("keep")
        self.meanwhile()
        if self.errors:
            raise self.errors.pop(0)


@pytest.fixture
def emulator(monkeypatch: pytest.MonkeyPatch) -> Emulator:
    fake = Emulator()
    monkeypatch.setattr(embedded, "pause", lambda: fake.asked.append("pause"))
    monkeypatch.setattr(embedded, "go_on", lambda: fake.asked.append("go on"))
    monkeypatch.setattr(embedded, "keep", fake.keep)
    monkeypatch.setattr(graceful_shutdown, "close_all", lambda: fake.asked.append("goodbye"))
    return fake


def begin(made: GracefulShutdown, times: int = 1) -> None:
    """Ask the server to stop so many times, one after the other."""

    async def main() -> None:
        for _ in range(times):
            await made.begin()

    asyncio.run(main())


def test_the_state_is_kept_before_the_server_ends(emulator: Emulator, tmp_path: Path) -> None:
    saved_state.enable_saving(tmp_path)
    made = GracefulShutdown(tmp_path, INFO)

    begin(made)

    assert emulator.asked == ["pause", "keep", "goodbye"]
    assert made.decided.is_set()
    assert made.told == {}


def test_without_a_state_to_keep_it_ends_at_once(emulator: Emulator, tmp_path: Path) -> None:
    made = GracefulShutdown(tmp_path, INFO)

    begin(made)

    assert emulator.asked == ["goodbye"]
    assert made.decided.is_set()


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (NotKept("No space left on device: 12.3 MB wanted"), "No space left on device: 12.3 MB wanted"),
        (ValueError("a service\ncan't be copied"), "ValueError: a service can't be copied"),
    ],
)
def test_a_server_whose_state_cannot_be_kept_goes_on_and_says_why(
    emulator: Emulator, tmp_path: Path, error: Exception, reason: str
) -> None:
    saved_state.enable_saving(tmp_path)
    emulator.errors = [error]
    made = GracefulShutdown(tmp_path, INFO)

    begin(made)

    assert emulator.asked == ["pause", "keep", "go on"]
    assert not made.decided.is_set()
    assert made.told == {"refused_stops": 1, "reason": reason}


def test_it_ends_when_it_is_told_again_and_the_state_can_be_kept(emulator: Emulator, tmp_path: Path) -> None:
    saved_state.enable_saving(tmp_path)
    emulator.errors = [NotKept("full"), NotKept("still full")]
    made = GracefulShutdown(tmp_path, INFO)

    begin(made, times=3)

    assert made.decided.is_set()
    assert made.told == {"refused_stops": 2, "reason": "still full"}


def test_who_tells_it_again_while_it_keeps_its_state_changes_nothing(emulator: Emulator, tmp_path: Path) -> None:
    saved_state.enable_saving(tmp_path)
    made = GracefulShutdown(tmp_path, INFO)
    emulator.meanwhile = made.begin

    begin(made)

    assert emulator.asked == ["pause", "keep", "goodbye"]


def test_who_tells_it_again_when_it_is_decided_changes_nothing(emulator: Emulator, tmp_path: Path) -> None:
    saved_state.enable_saving(tmp_path)
    made = GracefulShutdown(tmp_path, INFO)

    begin(made, times=2)

    assert emulator.asked == ["pause", "keep", "goodbye"]


def test_a_state_that_was_wanted_is_kept_though_the_folder_is_gone(emulator: Emulator, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    saved_state.enable_saving(folder)
    made = GracefulShutdown(folder, INFO)
    saved_state.delete_saved_state(folder)
    folder.rmdir()

    begin(made)

    assert "keep" in emulator.asked


def test_a_request_that_waited_is_answered_when_the_server_goes_on(emulator: Emulator, tmp_path: Path) -> None:
    saved_state.enable_saving(tmp_path)
    emulator.errors = [NotKept("full")]
    made = GracefulShutdown(tmp_path, INFO)
    answered: list[str] = []

    async def app(*_: object) -> None:
        answered.append("answered")

    async def main() -> None:
        await made.begin()
        visit: Awaitable[None] = made.request_gate.before(app)({"type": "http"}, app, app)  # type: ignore[arg-type]
        await asyncio.wait_for(visit, 10)

    asyncio.run(main())

    assert answered == ["answered"]
