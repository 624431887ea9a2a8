"""Names the file in the errors of a write: the system's error of a full disk names none."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Errors of a disk that is full, or damaged, or of which the user has had enough.
_OF_WRITES = {errno.EDQUOT, errno.EIO, errno.ENOSPC}


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Let an error of the system inside that names no file name this one."""
    try:
        yield
    except OSError as error:
        if error.errno in _OF_WRITES and error.filename is None:
            error.filename = str(path)
        raise
