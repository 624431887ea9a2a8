"""One line for each error of a disk or a folder that the user has to change, which names it."""

import errno
import os
import re
from collections.abc import Iterator
from pathlib import Path

from deployment.repository_paths import BUILD, ROOT, RUN_DIRECTORY
from deployment.standard_streams import OUTPUT, flush_output

OF_DISKS = {errno.EACCES, errno.EDQUOT, errno.EIO, errno.ENOSPC, errno.EROFS}
OF_FULL_DISKS = {errno.EDQUOT, errno.ENOSPC}
# How the programs that are started here say so: the system's words, or Node.js's names of them.
IN_A_TRACEBACK = re.compile(
    r"\bE(ACCES|DQUOT|IO|NOSPC|ROFS)\b|" + "|".join(os.strerror(number) for number in sorted(OF_DISKS))
)
FULL = 1024 * 1024
# jsii's Python shows what Node.js says at its start as bytes, line by line, also the 60 KB of a script.
OF_NODE = re.compile(r"""^b['"](.{1,300}?)(?:\\n)?['"]$""", re.MULTILINE)


def explain_disk_error(error: BaseException) -> str | None:
    """One line that says what the system said, and of which file or disk; None for any other error.

    Where the system names no file, a full disk is looked for among those that commands write to.
    """
    if not isinstance(error, OSError) or error.errno not in OF_DISKS:
        return None
    is_output = not flush_output()
    where = error.filename or (OUTPUT if is_output else full_disks(error))
    return f"the system said: {error.strerror}" + (f": {where}" if where else "")


def full_disks(error: OSError, *folders: Path) -> str:
    """Name the disks that are full, those of the folders first, when the system says so and names no file."""
    return "" if error.filename or error.errno not in OF_FULL_DISKS else _disks(*folders)


def reason_in(said: str, *folders: Path) -> str:
    """Return what a program said; of a traceback about a disk one line, with the disks that are full.

    Of a Node.js that doesn't start, its own line.
    """
    if errors := [line for line in OF_NODE.findall(said) if "rror" in line]:
        return f"Node.js said: {errors[0]}"
    lines = [line.strip() for line in said.splitlines() if IN_A_TRACEBACK.search(line)]
    if "Traceback" not in said or not lines:
        return said
    full = _disks(*folders)
    return lines[-1] + (f": {full}" if full else "")


def _disks(*folders: Path) -> str:
    return " or ".join(f"the disk of {folder}" for folder in _full_folders(*folders))


def _full_folders(*folders: Path) -> Iterator[Path]:
    """Yield folders where hardly any room is left, one for each disk."""
    seen = set()
    # Nothing is written there.
    others = (os.environ.get("TMPDIR") or "/tmp", os.path.expanduser("~"))  # noqa: S108  # nosec B108
    for folder in (*folders, RUN_DIRECTORY, BUILD, ROOT, *map(Path, others)):
        try:
            disk, number = os.statvfs(folder), os.stat(folder).st_dev
        except OSError:  # it isn't there
            continue
        if number not in seen and (disk.f_bavail * disk.f_frsize < FULL or 0 == disk.f_favail < disk.f_files):
            seen.add(number)
            yield folder
