"""Long jobs, mostly waiting, that run beside the tests, each in a process and folder of its own.

A process, because the unit tests replace modules and environment of their own process.
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
    """A job that failed, with the end of its output."""


class Background:
    """The jobs by their names."""

    def __init__(self, folder: Callable[[str], Path]) -> None:
        self._folder = folder
        self._pool = ProcessPoolExecutor(2, multiprocessing.get_context("spawn"))
        self._jobs: dict[str, Future[object]] = {}

    def start(self, name: str, job: Callable[[Path], object]) -> Path:
        """Start a job, a function of a module; return its folder."""
        folder = self._folder(name)
        self._jobs[name] = self._pool.submit(_run, job, folder)
        return folder

    def result(self, name: str) -> object:
        """Wait for a job and return its result, or raise JobFailed."""
        return self._jobs[name].result()

    def wait(self) -> None:
        """Wait until all jobs have ended, successful or not."""
        self._pool.shutdown(wait=True)


def deploy(directory: Path) -> dict[str, Any]:
    """Start a local run in the folder, on a free port; return its outputs.

    It runs as a user whose AWS profile, home and Terraform configuration don't work: it needs none
    of them.
    """
    from local.run import LocalRun
    from local.server_process import free_port

    # No request may go through a proxy. Downloads, if any, use https.
    os.environ.update(dict.fromkeys(["HTTP_PROXY", "http_proxy", "ALL_PROXY", "WS_PROXY"], "http://127.0.0.1:9"))
    useless = directory / "useless"
    useless.write_text("of no use", encoding="utf-8")
    files = ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "HOME", "TF_CLI_CONFIG_FILE")
    os.environ.update({"AWS_PROFILE": "broken", **dict.fromkeys(files, str(useless))})
    return LocalRun(directory).up(port=free_port())


def _run(job: Callable[[Path], object], folder: Path) -> object:
    """Run the job, with its output and that of its programs in a file."""
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
