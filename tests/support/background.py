"""Long jobs, mostly waiting, that run while the tests do: each in a process and a folder of its own.

In a process, because the unit tests replace this one's modules and environment under a job's feet.
"""

import multiprocessing
import os
import sys
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from pathlib import Path
from typing import Any

SAID = "said.log"
SHOWN_LINES = 40


class JobFailed(Exception):
    """A job that didn't get through, with the end of what it said."""


class Background:
    """The jobs by their names."""

    def __init__(self, folder: Callable[[str], Path]) -> None:
        self._folder = folder
        self._pool = ProcessPoolExecutor(2, multiprocessing.get_context("spawn"))
        self._jobs: dict[str, Future[object]] = {}

    def start(self, name: str, job: Callable[[Path], object]) -> Path:
        """Start a job, a function of a module; returns the folder that it is given."""
        folder = self._folder(name)
        self._jobs[name] = self._pool.submit(_run, job, folder)
        return folder

    def result(self, name: str) -> object:
        """Wait for a job and return its result; raises JobFailed."""
        return self._jobs[name].result()

    def wait(self) -> None:
        """Wait for all of them, however they end."""
        self._pool.shutdown(wait=True)


def deploy(directory: Path) -> dict[str, Any]:
    """Bring a local run up in the folder, on a free port; returns what `.local/outputs.json` would hold.

    As somebody whose AWS profile, home and Terraform configuration are of no use: none of them is needed.
    """
    from local.run import LocalRun
    from local.server_process import free_port

    # Nothing of it may go through a proxy. What is fetched, if anything is, comes over https.
    os.environ.update(dict.fromkeys(["HTTP_PROXY", "http_proxy", "ALL_PROXY", "WS_PROXY"], "http://127.0.0.1:9"))
    useless = directory / "useless"
    useless.write_text("of no use", encoding="utf-8")
    files = ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "HOME", "TF_CLI_CONFIG_FILE")
    os.environ.update({"AWS_PROFILE": "broken", **dict.fromkeys(files, str(useless))})
    return LocalRun(directory).up(port=free_port())


def _run(job: Callable[[Path], object], folder: Path) -> object:
    """Run the job with its output, and that of the programs it calls, in a file."""
    said = folder / SAID
    with said.open("wb") as output:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
            os.dup2(output.fileno(), stream.fileno())
    try:
        return job(folder)
    except Exception as error:
        sys.stdout.flush()
        lines = said.read_text(encoding="utf-8", errors="replace").splitlines()[-SHOWN_LINES:]
        raise JobFailed("\n".join([f"{type(error).__name__}: {error}", "It said:", *lines])) from error
