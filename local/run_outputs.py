"""Reads what is deployed to the run, for its server: from the `outputs.json` that `make up` writes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from deployment.local_outputs import FILE_NAME, read_outputs
from environments.user_error import UserError


class RunOutputs:
    """The outputs of the run in a folder; read again when the file is another."""

    def __init__(self, directory: Path, *, on_change: Callable[[], object] = lambda: None) -> None:
        """Call `on_change` whenever something else was deployed."""
        self._directory = directory
        self._on_change = on_change
        self._seen: tuple[int, int] | None = None
        self._outputs: dict[str, Any] = {}

    def __call__(self) -> dict[str, Any]:
        """Return the outputs; empty while nothing is deployed."""
        try:
            status = (self._directory / FILE_NAME).stat()
            if (status.st_ino, status.st_mtime_ns) != self._seen:
                self._outputs = read_outputs(self._directory)
                self._seen = (status.st_ino, status.st_mtime_ns)
                self._on_change()
        except (FileNotFoundError, UserError):
            self._seen, self._outputs = None, {}
        return self._outputs
