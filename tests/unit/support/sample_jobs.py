"""Background jobs for the tests of background jobs."""

import os
import platform
from pathlib import Path


def look(_folder: Path) -> tuple[str, str | None]:
    """Return a value of a module that a test may replace, and a variable of the environment."""
    return platform.system(), os.environ.get("ONLY_IN_THE_TEST")


def fail(_folder: Path) -> None:
    """Print something, then fail."""
    print("what went before")
    os.system("echo what a program said")  # noqa: S605
    raise ValueError("no way on")
