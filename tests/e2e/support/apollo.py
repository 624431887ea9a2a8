"""Apollo with AppSync's own subscription link, in Node.js."""

import json
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from deployment.repository_paths import ROOT
from verify.customer import Customer
from verify.polling import eventually

APOLLO = Path(__file__).parents[1] / "clients" / "apollo.mjs"


class ApolloClient:
    """A process that prints the messages which Apollo receives."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.lines: list[dict[str, Any]] = []
        self._process = process
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.lines.append(json.loads(line))

    def wait_for(self, count: int, *, within_seconds: float = 20) -> list[dict[str, Any]]:
        """Wait for so many lines, and return them."""
        return eventually(lambda: list(self.lines), lambda lines: len(lines) >= count, within_seconds=within_seconds)


@contextmanager
def apollo(outputs: Mapping[str, Any], customer: Customer, *, user_id: str | None = None) -> Iterator[ApolloClient]:
    """Apollo with AppSync's subscription link in Node.js, subscribed to a user's orders."""
    arguments = [outputs["graphql_url"], outputs["region"], customer.token, user_id or customer.user_id]
    with subprocess.Popen(
        [ROOT / "node_modules/.bin/node", APOLLO, *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield ApolloClient(process)
        finally:
            process.kill()
