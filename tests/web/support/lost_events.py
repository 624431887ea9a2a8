"""Events that AppSync loses."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local.lost_events import FILE_NAME


@contextmanager
def first_events_lost(directory: Path, *, seconds: float) -> Iterator[None]:
    """Lose the events of new subscriptions in their first seconds, while the block runs."""
    path = directory / FILE_NAME
    path.write_text(str(seconds), encoding="utf-8")
    try:
        yield
    finally:
        path.unlink()
