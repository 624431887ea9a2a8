"""Functions on the emulator: errors, environment, keys, processes."""

import hashlib
import os
import statistics
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError

from deployment.repository_paths import ROOT
from local.server_process import Server

SURROUNDINGS = "import os, sys\ndef handler(event, context): return [dict(os.environ), sys.path, os.getpid()]"
FAILING = """
    import os
    class GatewayDown(Exception): pass
    def handler(event, context):
        if event == "fail": raise GatewayDown("no answer")
        return os.getpid()
"""
SLEEPING = "import time\ndef handler(event, context): time.sleep(event)"


def children_of(process_id: int) -> list[int]:
    listing = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = [tuple(map(int, line.split())) for line in listing.splitlines()]
    return [child for child, parent in pairs if parent == process_id]


def test_an_exceptions_class_is_its_error_type(make_function: Callable[..., str], invoke: Callable[..., Any]) -> None:
    name = make_function(FAILING)

    answer = invoke(name, "fail")

    assert (answer["errorType"], answer["errorMessage"]) == ("GatewayDown", "no answer")
    assert "function_code.py" in answer["stackTrace"][0]


def test_a_function_whose_process_dies_says_so(make_function: Callable[..., str], invoke: Callable[..., Any]) -> None:
    name = make_function("import os\ndef handler(event, context): os.kill(os.getpid(), 9)")

    answer = invoke(name)

    assert answer["errorType"] == "Runtime.ExitError"
    assert answer["errorMessage"].endswith("Error: Runtime exited without providing a reason")


def test_a_failed_invocation_costs_no_cold_start(make_function: Callable[..., str], invoke: Callable[..., Any]) -> None:
    name = make_function(FAILING)
    time.sleep(2)
    before = {invoke(name) for _ in range(3)}

    invoke(name, "fail")

    assert {invoke(name) for _ in range(3)} == before


def test_a_silent_handler_answers_as_fast_as_one_that_prints(
    make_function: Callable[..., str], invoke: Callable[..., Any]
) -> None:
    handlers = {
        "silent": make_function("def handler(event, context): return 1"),
        "printing": make_function("def handler(event, context): print(event)"),
    }
    seconds: dict[str, list[float]] = {kind: [] for kind in handlers}
    for name in handlers.values():
        invoke(name)

    for _ in range(15):
        for kind, name in handlers.items():
            start = time.perf_counter()
            invoke(name)
            seconds[kind].append(time.perf_counter() - start)

    assert statistics.median(seconds["silent"]) < statistics.median(seconds["printing"]) + 0.025


def test_what_a_handler_prints_belongs_to_its_own_invocation(
    emulator: Server, make_function: Callable[..., str], invoke: Callable[..., Any]
) -> None:
    name = make_function("def handler(event, context): print(f'line {event}')")

    for number in range(5):
        invoke(name, number)

    logs = emulator.client("logs")
    streams = logs.describe_log_streams(logGroupName=f"/aws/lambda/{name}")["logStreams"]
    texts = [
        [
            e["message"]
            for e in logs.get_log_events(logGroupName=f"/aws/lambda/{name}", logStreamName=s["logStreamName"])["events"]
        ]
        for s in streams
    ]
    assert [text[0].startswith("START") and text[-1].startswith("REPORT") for text in texts] == [True] * 5
    assert sorted(text[1:-2] for text in texts) == [[f"line {number}"] for number in range(5)]


def test_a_function_sees_its_own_variables_and_not_the_hosts(
    emulator: Server, make_function: Callable[..., str], invoke: Callable[..., Any]
) -> None:
    assert "HOME" in os.environ
    name = make_function(SURROUNDINGS, variables={"TABLE": "orders"})

    variables, paths, _ = invoke(name)

    assert variables["TABLE"] == "orders"
    assert variables["AWS_ENDPOINT_URL"] == emulator.endpoint_url
    assert variables["AWS_REGION"] == "us-east-1"
    assert variables["NO_PROXY"] == "127.0.0.1,localhost,::1"
    assert not {"HOME", "PYTHONPATH", "AUTH", "GATEWAY_PORT", "VIRTUAL_ENV"} & set(variables)
    assert {variables[name] for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE")} == {os.devnull}
    assert emulator.secret_access_key not in variables.values()
    assert str(ROOT) not in paths


def test_a_forgotten_grant_fails(
    make_function: Callable[..., str], make_table: Callable[..., str], invoke: Callable[..., Any]
) -> None:
    table = make_table()
    source = (
        f"import boto3\ndef handler(event, context): return boto3.client('dynamodb').scan(TableName='{table}')['Count']"
    )
    allowed = {
        "Effect": "Allow",
        "Action": "dynamodb:Scan",
        "Resource": f"arn:aws:dynamodb:us-east-1:000000000000:table/{table}",
    }

    without, granted = invoke(make_function(source)), invoke(make_function(source, allowed))

    assert "AccessDenied" in without["errorMessage"]
    assert granted == 0


def test_a_functions_keys_cannot_be_guessed_from_its_name(
    emulator: Server, make_function: Callable[..., str], invoke: Callable[..., Any]
) -> None:
    name = make_function("def handler(event, context): return 1")
    invoke(name)
    configuration = emulator.client("lambda").get_function(FunctionName=name)["Configuration"]
    digest = hashlib.sha256(f"{configuration['FunctionArn']}:{configuration['Role']}".encode()).hexdigest()
    guess = emulator.client(
        "sts",
        aws_access_key_id=f"ASIA{digest[:16].upper()}",
        aws_secret_access_key=hashlib.sha256(f"secret:{digest}".encode()).hexdigest(),
        aws_session_token=hashlib.sha256(f"token:{digest}".encode()).hexdigest(),
    )

    with pytest.raises(ClientError, match="InvalidClientTokenId"):
        guess.get_caller_identity()


def test_a_role_that_does_not_admit_lambda_runs_no_function(
    emulator: Server, make_function: Callable[..., str], make_role: Callable[..., str], invoke: Callable[..., Any]
) -> None:
    name = make_function("def handler(event, context): return 1")
    other = make_role("scheduler.amazonaws.com")
    emulator.client("lambda").update_function_configuration(FunctionName=name, Role=other)

    answer = invoke(name)

    assert "trust policy doesn't admit" in answer["errorMessage"]


def test_a_burst_of_several_functions_runs_in_few_processes(
    emulator: Server, make_function: Callable[..., str], invoke: Callable[..., Any]
) -> None:
    functions = [make_function(SLEEPING) for _ in range(4)]
    seen = []

    with ThreadPoolExecutor(32) as pool:
        calls = [pool.submit(invoke, functions[number % 4], 0.1) for number in range(64)]
        while not all(call.done() for call in calls):
            seen.append(len(children_of(emulator.process.pid)))
            time.sleep(0.1)

    assert [call.result() for call in calls] == [None] * 64
    assert max(seen) <= 10


def test_a_deployed_function_is_warm_before_its_first_call(
    emulator: Server, make_function: Callable[..., str], invoke: Callable[..., Any]
) -> None:
    name = make_function("import time\ntime.sleep(3)\ndef handler(event, context): return 1")
    time.sleep(6)

    start = time.perf_counter()
    invoke(name)

    assert time.perf_counter() - start < 2.4  # a cold one takes three seconds


@pytest.mark.parametrize("granted", [True, False])
def test_xray_takes_segments_of_those_who_may_send_them(
    make_function: Callable[..., str], invoke: Callable[..., Any], granted: bool
) -> None:
    statements = [{"Effect": "Allow", "Action": "xray:PutTraceSegments", "Resource": "*"}] if granted else []
    source = """
        import boto3
        def handler(event, context):
            return boto3.client("xray").put_trace_segments(TraceSegmentDocuments=["{}"])["UnprocessedTraceSegments"]
    """

    answer = invoke(make_function(source, *statements))

    assert (answer == []) is granted
    assert granted or "AccessDenied" in answer["errorMessage"]
