"""The server's process: it starts, refuses to start, and leaves no process behind."""

import errno
import io
import json
import os
import resource
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

import pytest

from deployment.repository_paths import ROOT
from local import server_process
from local.health import NotReady, health, wait_until_ready
from local.server_process import Server, ServerFailed, free_port, start_server


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Server]:
    server = start_server(port=free_port(), directory=tmp_path, root=ROOT, log=tmp_path / "server.log")
    yield server
    server.stop()


def run_server(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "local.server", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)


def worker_of(server: Server) -> int:
    """Start a function that never returns; return the id of its process."""
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr(
            "endless.py", "import os\ndef handler(event, context):\n    while event: pass\n    return os.getpid()"
        )
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    role = server.client("iam").create_role(
        RoleName="endless", AssumeRolePolicyDocument=json.dumps({"Statement": [trust]})
    )
    client = server.client("lambda")
    client.create_function(
        FunctionName="endless",
        Runtime="python3.13",
        Handler="endless.handler",
        Role=role["Role"]["Arn"],
        Code={"ZipFile": package.getvalue()},
        Timeout=60,
    )
    process_id = int(client.invoke(FunctionName="endless")["Payload"].read())
    client.invoke(FunctionName="endless", InvocationType="Event", Payload=b"true")
    time.sleep(0.5)
    return process_id


def ends(process_id: int, seconds: float = 5) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            os.kill(process_id, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_no_process_outlives_the_server(own_server: Server, number: signal.Signals) -> None:
    worker = worker_of(own_server)

    own_server.process.send_signal(number)
    own_server.process.wait(10)

    assert ends(worker)


def test_a_stopped_server_ends_well_and_leaves_no_temporary_files(own_server: Server, tmp_path: Path) -> None:
    worker_of(own_server)

    own_server.process.terminate()

    assert own_server.process.wait(10) == 0
    assert {path.name for path in tmp_path.iterdir()} == {"engineer-token", "keys.json", "server.log"}


@pytest.mark.skipif(shutil.which("ss") is None, reason="only Linux has ss")
def test_the_server_listens_on_loopback_only_and_on_one_port(own_server: Server) -> None:
    listing = subprocess.run(["ss", "-ltnpH"], capture_output=True, text=True, check=True).stdout
    own = [line.split()[3] for line in listing.splitlines() if f"pid={own_server.process.pid}," in line]

    assert own == [own_server.endpoint_url.removeprefix("http://")]


def test_the_keys_are_for_the_owner_only_and_stay_the_same_over_a_restart(tmp_path: Path) -> None:
    first = start_server(port=free_port(), directory=tmp_path, root=ROOT, log=tmp_path / "server.log")
    first.stop()
    second = start_server(port=free_port(), directory=tmp_path, root=ROOT, log=tmp_path / "server.log")
    second.stop()

    assert stat.S_IMODE((tmp_path / "keys.json").stat().st_mode) == 0o600
    assert first.secret_access_key == second.secret_access_key


def test_a_taken_port_is_one_clear_line(own_server: Server, tmp_path: Path) -> None:
    port = own_server.endpoint_url.rsplit(":", 1)[1]

    refused = run_server("--port", port, "--directory", str(tmp_path))

    assert refused.returncode != 0
    assert refused.stderr.count("\n") == 1
    assert f"cannot listen on 127.0.0.1:{port}" in refused.stderr


def test_a_directory_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    refused = run_server("--port", str(free_port()), "--directory", str(tmp_path / "file" / "below"))

    assert refused.returncode != 0
    assert refused.stderr.count("\n") == 1
    assert "cannot keep the server's files" in refused.stderr


def test_another_ministack_is_one_clear_line(tmp_path: Path) -> None:
    other = tmp_path / "ministack-1.6.0.dist-info"
    other.mkdir()
    (other / "METADATA").write_text("Metadata-Version: 2.1\nName: ministack\nVersion: 1.6.0\n")
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}

    refused = subprocess.run(
        [sys.executable, "-m", "local.server", "--port", str(free_port()), "--directory", str(tmp_path)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )

    assert refused.returncode != 0
    assert refused.stderr.count("\n") == 1
    assert "MiniStack 1.6.0" in refused.stderr


def test_of_a_server_that_says_nothing_is_told_what_was_asked_and_what_came_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_process, "START_SECONDS", 0.5)
    (tmp_path / "local").mkdir()
    (tmp_path / "local" / "server.py").write_text("import time; time.sleep(60)")
    port = free_port()

    with pytest.raises(ServerFailed) as error:
        start_server(port=port, directory=tmp_path, root=tmp_path, log=tmp_path / "server.log")

    asked = f"GET http://127.0.0.1:{port}/_local/health brought no answer ([Errno {errno.ECONNREFUSED}] "
    assert str(error.value).startswith(f"the local server didn't start: {asked}")
    assert str(error.value).endswith("and it said: nothing")


def test_of_a_server_that_could_not_say_why_it_ended_is_told_what_the_system_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "local").mkdir()
    (tmp_path / "local" / "server.py").write_text("import sys; sys.exit(1)")
    log = tmp_path / "server.log"
    opened = Path.open

    def on_a_full_disk(path: Path, mode: str = "r", *arguments: Any, **options: Any) -> IO[Any]:
        return opened(Path("/dev/full") if path == log and mode == "ab" else path, mode, *arguments, **options)

    monkeypatch.setattr(Path, "open", on_a_full_disk)

    with pytest.raises(ServerFailed) as error:
        start_server(port=free_port(), directory=tmp_path, root=tmp_path, log=log)

    assert str(error.value) == (
        "the local server didn't start: it ended with 1 and said nothing, because nothing can be written to"
        f" {log}: No space left on device"
    )


def test_a_server_that_is_busy_or_paused_gets_the_time_to_answer(own_server: Server) -> None:
    own_server.process.send_signal(signal.SIGSTOP)
    try:
        with pytest.raises(NotReady) as error:
            health(own_server.endpoint_url, timeout_seconds=1)
        with ThreadPoolExecutor(1) as thread:
            asking = thread.submit(wait_until_ready, own_server.endpoint_url, within_seconds=60)
            own_server.process.send_signal(signal.SIGCONT)
            answer = asking.result()
    finally:
        own_server.process.send_signal(signal.SIGCONT)

    assert str(error.value) == f"GET {own_server.endpoint_url}/_local/health brought nothing in 1 s"
    assert answer == {"status": "ready"}


@pytest.mark.parametrize(
    ("sent", "came"),
    [
        (b"HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\nanother", "200 and 'another'"),
        (b'HTTP/1.1 200 OK\r\ncontent-length: 18\r\n\r\n{"status":"ready?"', '200 and \'{"status":"ready?"\''),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n[]", "200 and '[]'"),
        (b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 2\r\n\r\n\x1b[", r"502 and '\x1b['"),
        (b"no HTTP at all\r\n\r\n", "no answer (BadStatusLine('no HTTP at all\\r\\n'))"),
        (b"", "no answer (RemoteDisconnected('Remote end closed connection without response'))"),
    ],
)
def test_the_answer_of_something_else_is_told(sent: bytes, came: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, ThreadPoolExecutor(1) as thread:

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(1000)
                connection.sendall(sent)

        thread.submit(answer)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"

        with pytest.raises(NotReady) as error:
            health(url, timeout_seconds=10)

    assert str(error.value) == f"GET {url}/_local/health brought {came}"


def test_who_starts_it_hears_why_it_did_not(own_server: Server, tmp_path: Path) -> None:
    port = int(own_server.endpoint_url.rsplit(":", 1)[1])

    with pytest.raises(ServerFailed, match="cannot listen"):
        start_server(port=port, directory=tmp_path, root=ROOT, log=tmp_path / "second.log")


@pytest.fixture
def few_files() -> Iterator[int]:
    """Lower the limit of open files that children inherit, as macOS's shells have it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    few = 256
    resource.setrlimit(resource.RLIMIT_NOFILE, (few, hard))
    yield few
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_client_that_opens_many_connections_shuts_nobody_out(few_files: int, own_server: Server) -> None:
    port = int(own_server.endpoint_url.rpartition(":")[2])
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (2 * few_files, hard))  # of this process; the server has its own

    with ExitStack() as connections:
        for _ in range(few_files):
            connections.enter_context(socket.create_connection(("127.0.0.1", port)))

        health(own_server.endpoint_url, timeout_seconds=5)
