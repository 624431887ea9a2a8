"""One emulator for all integration tests: a server process of its own on a free port."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from local.emulator.process import Server, free_port, start_server

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Start the server in a temporary directory and stop it at the end, also when tests fail."""
    directory = tmp_path_factory.mktemp("emulator")
    server = start_server(port=free_port(), directory=directory, root=ROOT, log=directory / "server.log")
    try:
        yield server
    finally:
        server.stop()
