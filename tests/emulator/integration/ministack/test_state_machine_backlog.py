"""Many executions at once on the emulator: none times out because of the others."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from local.server_process import Server
from tests.emulator.integration.ministack.conftest import MakeMachine, statement

SLOW = "import time\ndef handler(event, context): time.sleep(0.1)"
EXECUTIONS = 180
# So many calls take 6 s in a function's three processes.
TIMEOUT_SECONDS = 4
FUNCTIONS = "arn:aws:lambda:us-east-1:000000000000:function:"


def test_a_backlog_of_executions_costs_no_task_its_time(
    emulator: Server, make_machine: MakeMachine, make_function: Callable[..., str]
) -> None:
    function, client = FUNCTIONS + make_function(SLOW), emulator.client("stepfunctions")
    call = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Arguments": {"FunctionName": function}}
    state = {**call, "TimeoutSeconds": TIMEOUT_SECONDS, "End": True}
    definition = {"QueryLanguage": "JSONata", "StartAt": "Call", "States": {"Call": state}}
    machine = make_machine(definition, statement("lambda:InvokeFunction", resource=function), kind="STANDARD")

    with ThreadPoolExecutor(8) as starters:
        list(starters.map(lambda _: client.start_execution(stateMachineArn=machine, input="{}"), range(EXECUTIONS)))

    deadline = time.monotonic() + 30
    while count(emulator, machine, "RUNNING") and time.monotonic() < deadline:
        time.sleep(0.2)
    assert count(emulator, machine, "SUCCEEDED") == EXECUTIONS


def count(emulator: Server, machine: str, status: str) -> int:
    pages = emulator.client("stepfunctions").get_paginator("list_executions")
    found = pages.paginate(stateMachineArn=machine, statusFilter=status)
    return sum(len(page["executions"]) for page in found)
