"""A process is stopped only if it is this run's own server."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from local.running_server import is_server_of_run, stop_server

Start = Callable[..., "subprocess.Popen[bytes]"]
RUN = Path("/somewhere/run")


@pytest.fixture
def start() -> Iterator[Start]:
    """Start waiting processes with these arguments, and wait until their program runs."""
    started = []

    def popen(*arguments: str) -> "subprocess.Popen[bytes]":
        program = "import time; print(flush=True); time.sleep(60)"
        process = subprocess.Popen([sys.executable, "-c", program, *arguments], stdout=subprocess.PIPE)
        started.append(process)
        assert process.stdout
        assert process.stdout.readline()
        return process

    yield popen
    for process in started:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("rest", [(), ("--region", "us-east-1")])
def test_the_server_of_this_folder_is_ones_own(start: Start, rest: tuple[str, ...]) -> None:
    process = start("local.server", "--port", "4566", "--directory", str(RUN), *rest)

    assert is_server_of_run(process.pid, RUN)


def test_no_program_has_to_be_found_to_see_the_server(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    directory = RUN.parent / "où"
    process = start("local.server", "--directory", str(directory))
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setenv("LC_ALL", "C")

    assert is_server_of_run(process.pid, directory)


@pytest.mark.parametrize(
    "arguments",
    [
        ("local.server", "--directory", f"{RUN}-of-another"),
        ("local.server", "--directory", str(RUN / "another")),
        ("less", str(RUN), "local.server"),
        ("another", "--directory", str(RUN)),
        ("a local.server", "--directory", str(RUN)),
        ("local.server", "--directory", f"{RUN} --region us-east-1"),
    ],
)
def test_another_process_is_not(start: Start, arguments: tuple[str, ...]) -> None:
    process = start(*arguments)

    assert not is_server_of_run(process.pid, RUN)


def test_the_folder_is_found_at_the_end_of_a_long_line(start: Start) -> None:
    directory = RUN / ("long" * 100)

    process = start("local.server", "--directory", str(directory))

    assert is_server_of_run(process.pid, directory)


def test_a_server_that_is_gone_is_nobodys(start: Start) -> None:
    process = start("local.server", "--directory", str(RUN))
    process.kill()
    process.wait()

    stop_server(process.pid, RUN)

    assert not is_server_of_run(process.pid, RUN)
