"""Lose the events of the seconds after each `start_ack`, when a test has put a file into the run's folder."""

from pathlib import Path

FILE_NAME = "unheard-seconds"


def unheard_seconds(directory: Path) -> float:
    """Return how many seconds a subscription that starts now hears nothing; 0 unless the run's folder has the file."""
    path = directory / FILE_NAME
    return float(path.read_text(encoding="utf-8")) if path.exists() else 0.0
