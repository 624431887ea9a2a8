"""A local run for a measurement alone: on a free port, in a folder of its own, gone afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.run_under_test import RunUnderTest
from local.run import LocalRun
from local.server_process import free_port

NAME = "this"


@contextmanager
def temporary_run(folder: Path) -> Iterator[RunUnderTest]:
    """Bring this checkout up for as long as it is measured."""
    run = LocalRun(folder)
    try:
        run.up(port=free_port())
        yield RunUnderTest(NAME, folder)
    finally:
        run.down(drop=True)
