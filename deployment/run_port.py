"""The port of the local run, from the `run.json` that `make up` writes."""

import json
from pathlib import Path

FILE_NAME = "run.json"


def run_port(directory: Path) -> int | None:
    """Return the port of the run in a folder: where it is up, or goes on; None when there is no run."""
    try:
        port = json.loads((directory / FILE_NAME).read_text(encoding="utf-8"))["port"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return port if isinstance(port, int) else None
