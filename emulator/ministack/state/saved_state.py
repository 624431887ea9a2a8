"""The files of a saved state: one zip in the run's folder, written completely or not at all."""

import io
import json
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from emulator.ministack.version import PINNED

WANTED = "keep"
KEPT = "kept-state.zip"
# The file that a killed stop leaves behind.
PARTIAL = f"{KEPT}.partial"
# The state from which the current server, or one that crashed, has started.
STARTED_FROM = "kept-state.started-from.zip"
ABOUT = "about.json"
FILES_FOLDER = "files/"


class UnusableState(Exception):
    """This server can't start from the saved state."""


class NotKept(Exception):
    """The state can't be saved; the message is the system's."""


@dataclass(frozen=True, kw_only=True)
class SavedStateInfo:
    """The conditions of a saved state: queue URLs contain the port, ARNs the region."""

    port: int
    region: str
    emulator: str = PINNED


def enable_saving(directory: Path) -> None:
    """Let every stop save the run's state from now on."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    (directory / WANTED).touch()


def is_saving_enabled(directory: Path) -> bool:
    """Return True if a stop saves the state."""
    return (directory / WANTED).exists()


def is_saving_still_enabled(directory: Path, *, at_start: bool) -> bool:
    """Return True if the running server should save its state.

    A folder that is deleted or unreadable doesn't mean that the state is unwanted; then `at_start`
    counts.
    """
    try:
        (directory / WANTED).stat()
    except FileNotFoundError:
        return at_start and not directory.is_dir()
    except OSError:
        return at_start
    return True


def was_kept(directory: Path) -> bool:
    """Return True if the last stop saved the state; a crash saves none."""
    return (directory / KEPT).exists()


def delete_saved_state(directory: Path) -> None:
    """Delete the saved state, and let no further stop save one."""
    for name in (WANTED, KEPT, PARTIAL, STARTED_FROM):
        (directory / name).unlink(missing_ok=True)


def find_saved_state(directory: Path, info: SavedStateInfo) -> Path | None:
    """Return the last saved state, from which to start, or None; raises UnusableState."""
    path = next((directory / name for name in (KEPT, STARTED_FROM) if (directory / name).exists()), None)
    if path is None:
        return None
    try:
        with zipfile.ZipFile(path) as archive:
            found = SavedStateInfo(**json.loads(archive.read(ABOUT)))
    except (OSError, KeyError, TypeError, ValueError, zipfile.BadZipFile) as error:
        raise UnusableState(f"the kept state in {path} can't be read ({error})") from error
    if found != info:
        kept, wanted = asdict(found), asdict(info)
        differing = ", ".join(f"{name} {kept[name]}, not {wanted[name]}" for name in kept if kept[name] != wanted[name])
        raise UnusableState(f"the kept state is of {differing}")
    return path


def mark_as_started(directory: Path) -> None:
    """Mark the saved state as in use, so that a crash isn't taken for a stop that saved it."""
    with suppress(FileNotFoundError):
        (directory / KEPT).replace(directory / STARTED_FROM)


@contextmanager
def write_state(directory: Path, info: SavedStateInfo) -> Iterator[zipfile.ZipFile]:
    """Write a new state that replaces the last one; on an error the last one stays.

    Raises NotKept with the system's message.
    """
    if not directory.exists():
        enable_saving(directory)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr(ABOUT, json.dumps(asdict(info)))
        yield archive
    try:
        _put(directory, content.getbuffer())
    except OSError as error:
        wanted = f"{len(content.getbuffer()) / 1e6:.1f} MB wanted"
        raise NotKept(f"{error.strerror or error}: {wanted}, {directory / KEPT}") from error
    with suppress(OSError):  # if it stays, the new state is preferred anyway
        (directory / STARTED_FROM).unlink()


def _put(directory: Path, content: memoryview) -> None:
    partial = directory / PARTIAL
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(directory / KEPT)
    except OSError:
        with suppress(OSError):
            partial.unlink()
        raise


def unpack_files(path: Path, folder: Path) -> None:
    """Restore the files that services keep beside their state, such as keys and code."""
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.startswith(FILES_FOLDER):
                target = folder / name.removeprefix(FILES_FOLDER)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(archive.read(name))
