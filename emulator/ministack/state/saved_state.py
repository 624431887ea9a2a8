"""Files of a saved state: one zip in the run's folder, which is there whole or not at all."""

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
# What a stop that was killed leaves behind.
PARTIAL = f"{KEPT}.partial"
# What the server that runs, or crashed, has started from.
STARTED_FROM = "kept-state.started-from.zip"
ABOUT = "about.json"
FILES_FOLDER = "files/"


class UnusableState(Exception):
    """The kept state can't be gone on with by this server."""


class NotKept(Exception):
    """The state can't be kept; the message is what the system said."""


@dataclass(frozen=True, kw_only=True)
class About:
    """What a kept state is good for: queue URLs hold the port, ARNs the region."""

    port: int
    region: str
    emulator: str = PINNED


def want(directory: Path) -> None:
    """Let the run's state be kept at every stop from now on."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    (directory / WANTED).touch()


def is_wanted(directory: Path) -> bool:
    """Tell whether a stop keeps the state."""
    return (directory / WANTED).exists()


def is_still_wanted(directory: Path, *, at_start: bool) -> bool:
    """Tell the server whether to keep its state; a folder that is gone or closed doesn't say that it isn't wanted."""
    try:
        (directory / WANTED).stat()
    except FileNotFoundError:
        return at_start and not directory.is_dir()
    except OSError:
        return at_start
    return True


def was_kept(directory: Path) -> bool:
    """Tell whether the last stop kept the state: after a crash it didn't."""
    return (directory / KEPT).exists()


def drop(directory: Path) -> None:
    """Remove what was kept, and let no stop keep more."""
    for name in (WANTED, KEPT, PARTIAL, STARTED_FROM):
        (directory / name).unlink(missing_ok=True)


def find(directory: Path, about: About) -> Path | None:
    """Return the state to start from: the last one that was kept, if any; raises UnusableState."""
    path = next((directory / name for name in (KEPT, STARTED_FROM) if (directory / name).exists()), None)
    if path is None:
        return None
    try:
        with zipfile.ZipFile(path) as archive:
            found = About(**json.loads(archive.read(ABOUT)))
    except (OSError, KeyError, TypeError, ValueError, zipfile.BadZipFile) as error:
        raise UnusableState(f"the kept state in {path} can't be read ({error})") from error
    if found != about:
        kept, wanted = asdict(found), asdict(about)
        differing = ", ".join(f"{name} {kept[name]}, not {wanted[name]}" for name in kept if kept[name] != wanted[name])
        raise UnusableState(f"the kept state is of {differing}")
    return path


def mark_as_started(directory: Path) -> None:
    """Say that a server goes on with the kept state, so that its crash isn't taken for a stop that kept it."""
    with suppress(FileNotFoundError):
        (directory / KEPT).replace(directory / STARTED_FROM)


@contextmanager
def writing(directory: Path, about: About) -> Iterator[zipfile.ZipFile]:
    """Write a new state in the place of the last one; an error leaves the last one as it is.

    Raises NotKept with what the system said.
    """
    if not directory.exists():
        want(directory)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr(ABOUT, json.dumps(asdict(about)))
        yield archive
    try:
        _put(directory, content.getbuffer())
    except OSError as error:
        wanted = f"{len(content.getbuffer()) / 1e6:.1f} MB wanted"
        raise NotKept(f"{error.strerror or error}: {wanted}, {directory / KEPT}") from error
    with suppress(OSError):  # the new one goes before it anyway
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
    """Put files that services keep beside their state (keys, code) where they were."""
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.startswith(FILES_FOLDER):
                target = folder / name.removeprefix(FILES_FOLDER)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(archive.read(name))
