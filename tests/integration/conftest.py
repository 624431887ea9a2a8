"""One emulator for all integration tests: a server process of its own on a free port."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from local.emulator.process import Server, free_port, start_server

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def server_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the server's process writes what it has to say."""
    return tmp_path_factory.mktemp("emulator") / "server.log"


@pytest.fixture(scope="session")
def emulator(server_log: Path) -> Iterator[Server]:
    """Start the server in a temporary directory and stop it at the end, also when tests fail."""
    server = start_server(port=free_port(), directory=server_log.parent, root=ROOT, log=server_log)
    try:
        yield server
    finally:
        server.stop()
