"""A saved state is complete or absent, and fits only a server with the same settings."""

import errno
import os
import random
import re
import stat
from pathlib import Path

import pytest

from emulator.ministack.state import saved_state
from emulator.ministack.state.saved_state import NotKept, SavedStateInfo, UnusableState

INFO = SavedStateInfo(port=4566, region="us-east-1")


def keep(directory: Path, content: str, info: SavedStateInfo = INFO) -> None:
    with saved_state.write_state(directory, info) as archive:
        archive.writestr("files/a/content", content)


def break_off(directory: Path) -> None:
    with saved_state.write_state(directory, INFO) as archive:
        archive.writestr("files/a/content", "half of it")
        raise OSError("the disk is full")


def content_of(path: Path | None, directory: Path) -> str:
    assert path is not None
    saved_state.unpack_files(path, directory / "unpacked")
    return (directory / "unpacked" / "a" / "content").read_text()


def test_at_first_there_is_nothing_to_start_from(tmp_path: Path) -> None:
    assert saved_state.find_saved_state(tmp_path, INFO) is None
    assert not saved_state.was_kept(tmp_path)


def test_what_was_kept_is_found_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    keep(tmp_path, "kept")

    found = saved_state.find_saved_state(tmp_path, INFO)

    assert content_of(found, tmp_path) == "kept"
    assert saved_state.was_kept(tmp_path)
    assert stat.S_IMODE((tmp_path / saved_state.KEPT).stat().st_mode) == 0o600


def test_after_a_crash_the_state_is_what_the_server_had_started_from(tmp_path: Path) -> None:
    keep(tmp_path, "kept")
    saved_state.mark_as_started(tmp_path)

    found = saved_state.find_saved_state(tmp_path, INFO)

    assert content_of(found, tmp_path) == "kept"
    assert not saved_state.was_kept(tmp_path)


def test_an_error_half_way_leaves_the_last_state(tmp_path: Path) -> None:
    keep(tmp_path, "kept")
    saved_state.mark_as_started(tmp_path)

    with pytest.raises(OSError, match="full"):
        break_off(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == [saved_state.STARTED_FROM]
    assert content_of(saved_state.find_saved_state(tmp_path, INFO), tmp_path) == "kept"


@pytest.mark.parametrize("call", ["fsync", "open"])
def test_what_the_system_says_of_a_full_disk_is_told_and_the_last_state_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    keep(tmp_path, "kept")
    saved_state.mark_as_started(tmp_path)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(f"os.{call}", full)
        with pytest.raises(NotKept) as error:
            keep(tmp_path, random.Random(1).randbytes(1_000_000).hex())

    assert re.fullmatch(rf"No space left on device: 1\.\d MB wanted, {tmp_path / saved_state.KEPT}", str(error.value))
    assert [path.name for path in tmp_path.iterdir()] == [saved_state.STARTED_FROM]
    assert content_of(saved_state.find_saved_state(tmp_path, INFO), tmp_path) == "kept"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has /dev/full")
def test_a_disk_that_is_full_is_one(tmp_path: Path) -> None:
    (tmp_path / saved_state.PARTIAL).symlink_to("/dev/full")

    with pytest.raises(NotKept, match=r"No space left on device: 0\.0 MB wanted"):
        keep(tmp_path, "kept")

    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_gone_is_made_again_for_the_state(tmp_path: Path) -> None:
    keep(tmp_path / "run", "kept")

    assert saved_state.is_saving_enabled(tmp_path / "run")
    assert content_of(saved_state.find_saved_state(tmp_path / "run", INFO), tmp_path) == "kept"


def test_a_folder_that_can_not_be_made_again_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(NotADirectoryError):
        keep(tmp_path / "file" / "run", "kept")


@pytest.mark.parametrize("at_start", [False, True])
def test_a_folder_that_is_there_says_whether_the_state_is_wanted(tmp_path: Path, *, at_start: bool) -> None:
    before = saved_state.is_saving_still_enabled(tmp_path, at_start=at_start)
    saved_state.enable_saving(tmp_path)

    assert (before, saved_state.is_saving_still_enabled(tmp_path, at_start=at_start)) == (False, True)


@pytest.mark.parametrize("at_start", [False, True])
def test_of_a_folder_that_is_gone_or_closed_counts_what_it_said_before(tmp_path: Path, *, at_start: bool) -> None:
    (tmp_path / "closed").write_text("a file instead")

    wanted = [saved_state.is_saving_still_enabled(tmp_path / name, at_start=at_start) for name in ("gone", "closed")]

    assert wanted == [at_start, at_start]


def test_a_newer_state_takes_the_place_of_the_one_started_from(tmp_path: Path) -> None:
    keep(tmp_path, "old")
    saved_state.mark_as_started(tmp_path)

    keep(tmp_path, "new")

    assert [path.name for path in tmp_path.iterdir()] == [saved_state.KEPT]
    assert content_of(saved_state.find_saved_state(tmp_path, INFO), tmp_path) == "new"


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        (SavedStateInfo(port=4600, region="us-east-1"), "port 4600, not 4566"),
        (SavedStateInfo(port=4566, region="eu-central-1"), "region eu-central-1, not us-east-1"),
        (SavedStateInfo(port=4566, region="us-east-1", emulator="1.5.32"), "emulator 1.5.32, not "),
    ],
)
def test_a_state_of_another_kind_of_server_is_refused(tmp_path: Path, kept: SavedStateInfo, said: str) -> None:
    keep(tmp_path, "kept", kept)

    with pytest.raises(UnusableState) as error:
        saved_state.find_saved_state(tmp_path, INFO)

    assert said in str(error.value)


def test_a_damaged_state_is_refused(tmp_path: Path) -> None:
    keep(tmp_path, "kept")
    path = tmp_path / saved_state.KEPT
    path.write_bytes(path.read_bytes()[:-10])

    with pytest.raises(UnusableState, match="can't be read"):
        saved_state.find_saved_state(tmp_path, INFO)


def test_dropping_removes_all_of_it(tmp_path: Path) -> None:
    saved_state.enable_saving(tmp_path)
    keep(tmp_path, "kept")
    saved_state.mark_as_started(tmp_path)
    for name in (saved_state.KEPT, saved_state.PARTIAL):
        (tmp_path / name).touch()

    saved_state.delete_saved_state(tmp_path)

    assert list(tmp_path.iterdir()) == []
