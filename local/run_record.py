"""`run.json`: what is remembered of a run's server process and of what was deployed to it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Self

from deployment.run_port import FILE_NAME
from environments.atomic_file import write_atomically


@dataclass(frozen=True)
class RunRecord:
    """A server process, and what is deployed to it."""

    pid: int
    port: int
    server_code: str
    deployed: dict[str, str] | None = None  # fingerprints, by stack and of the menu
    page: str | None = None
    is_interrupted: bool = False  # a deployment was ended from outside: Terraform may not know all that it made

    @property
    def endpoint_url(self) -> str:
        """The address of the server."""
        return f"http://127.0.0.1:{self.port}"

    @classmethod
    def read(cls, path: Path) -> Self | None:
        """Return what the file says; None when it isn't there or isn't one."""
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
            # A release before this one wrote one fingerprint for all. Can go with the releases that did.
            return cls(**told | {"deployed": told["deployed"] if isinstance(told.get("deployed"), dict) else None})
        except (FileNotFoundError, ValueError, TypeError):
            return None

    def write(self, path: Path) -> None:
        """Put the record in the place of the last one, whole or not at all."""
        write_atomically(path, json.dumps(asdict(self), indent=2) + "\n")


@contextmanager
def counted_as_undeployed(directory: Path) -> Iterator[None]:
    """Let a run count as one that isn't deployed while somebody changes what is, who may be killed: `up` deploys it."""
    file = directory / FILE_NAME
    before = RunRecord.read(file)
    if before:
        replace(before, deployed=None).write(file)
    is_put_back = True
    try:
        yield
    except Exception:
        is_put_back = False  # perhaps, and `up` looks
        raise
    finally:
        now = RunRecord.read(file)
        if is_put_back and before and now and now.pid == before.pid:
            replace(now, deployed=before.deployed).write(file)
