"""The kept state is there whole or not at all, and good for one kind of server."""

import stat
from pathlib import Path

import pytest

from local.emulator import keeping
from local.emulator.keeping import About, UnusableState

ABOUT = About(port=4566, region="us-east-1")


def keep(directory: Path, content: str, about: About = ABOUT) -> None:
    with keeping.writing(directory, about) as archive:
        archive.writestr("files/a/content", content)


def break_off(directory: Path) -> None:
    with keeping.writing(directory, ABOUT) as archive:
        archive.writestr("files/a/content", "half of it")
        raise OSError("the disk is full")


def content_of(path: Path | None, directory: Path) -> str:
    assert path is not None
    keeping.unpack_files(path, directory / "unpacked")
    return (directory / "unpacked" / "a" / "content").read_text()


def test_at_first_there_is_nothing_to_start_from(tmp_path: Path) -> None:
    assert keeping.find(tmp_path, ABOUT) is None
    assert not keeping.was_kept(tmp_path)


def test_what_was_kept_is_found_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    keep(tmp_path, "kept")

    found = keeping.find(tmp_path, ABOUT)

    assert content_of(found, tmp_path) == "kept"
    assert keeping.was_kept(tmp_path)
    assert stat.S_IMODE((tmp_path / keeping.KEPT).stat().st_mode) == 0o600


def test_after_a_crash_the_state_is_what_the_server_had_started_from(tmp_path: Path) -> None:
    keep(tmp_path, "kept")
    keeping.mark_as_started(tmp_path)

    found = keeping.find(tmp_path, ABOUT)

    assert content_of(found, tmp_path) == "kept"
    assert not keeping.was_kept(tmp_path)


def test_an_error_half_way_leaves_the_last_state(tmp_path: Path) -> None:
    keep(tmp_path, "kept")
    keeping.mark_as_started(tmp_path)

    with pytest.raises(OSError, match="full"):
        break_off(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == [keeping.STARTED_FROM]
    assert content_of(keeping.find(tmp_path, ABOUT), tmp_path) == "kept"


def test_a_newer_state_takes_the_place_of_the_one_started_from(tmp_path: Path) -> None:
    keep(tmp_path, "old")
    keeping.mark_as_started(tmp_path)

    keep(tmp_path, "new")

    assert [path.name for path in tmp_path.iterdir()] == [keeping.KEPT]
    assert content_of(keeping.find(tmp_path, ABOUT), tmp_path) == "new"


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        (About(port=4600, region="us-east-1"), "port 4600, not 4566"),
        (About(port=4566, region="eu-central-1"), "region eu-central-1, not us-east-1"),
        (About(port=4566, region="us-east-1", emulator="1.5.32"), "emulator 1.5.32, not "),
    ],
)
def test_a_state_of_another_kind_of_server_is_refused(tmp_path: Path, kept: About, said: str) -> None:
    keep(tmp_path, "kept", kept)

    with pytest.raises(UnusableState) as error:
        keeping.find(tmp_path, ABOUT)

    assert said in str(error.value)
    assert keeping.DROP in str(error.value)


def test_a_damaged_state_is_refused(tmp_path: Path) -> None:
    keep(tmp_path, "kept")
    path = tmp_path / keeping.KEPT
    path.write_bytes(path.read_bytes()[:-10])

    with pytest.raises(UnusableState, match="can't be read"):
        keeping.find(tmp_path, ABOUT)


def test_dropping_removes_all_of_it(tmp_path: Path) -> None:
    keeping.want(tmp_path)
    keep(tmp_path, "kept")
    keeping.mark_as_started(tmp_path)
    for name in (keeping.KEPT, keeping.PARTIAL):
        (tmp_path / name).touch()

    keeping.drop(tmp_path)

    assert list(tmp_path.iterdir()) == []
