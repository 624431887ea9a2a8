"""State machines on the emulator: types, limits, errors, roles."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.server_process import Server
from tests.emulator.integration.ministack.conftest import MakeMachine

PASS = {"StartAt": "Done", "States": {"Done": {"Type": "Pass", "End": True}}}
FUNCTIONS = "arn:aws:lambda:us-east-1:000000000000:function:"
TABLES = "arn:aws:dynamodb:us-east-1:000000000000:table/"


def task(resource: str, arguments: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return the definition of a machine with one task."""
    state = {"Type": "Task", "Resource": f"arn:aws:states:::{resource}", "Arguments": arguments, "End": True}
    return {"QueryLanguage": "JSONata", "StartAt": "Call", "States": {"Call": state | more}}


@pytest.fixture
def run(emulator: Server) -> Callable[[str], dict[str, Any]]:
    """Run an EXPRESS machine to its end; return the answer."""

    def run_machine(machine: str) -> dict[str, Any]:
        answer = emulator.client("stepfunctions").start_sync_execution(stateMachineArn=machine, input="{}")
        return dict(answer)

    return run_machine


def test_an_execution_starts_without_a_fixed_delay(make_machine: MakeMachine, run: Callable[..., Any]) -> None:
    machine = make_machine(PASS)
    seconds = []

    for _ in range(5):
        start = time.perf_counter()
        run(machine)
        seconds.append(time.perf_counter() - start)

    # The fastest run has a fixed delay too, but not the delays by other work on the machine.
    assert min(seconds) < 0.14


def test_an_express_execution_may_repeat_a_name_and_cannot_be_asked_about(
    emulator: Server, make_machine: MakeMachine
) -> None:
    client, machine = emulator.client("stepfunctions"), make_machine(PASS)

    arns = {client.start_execution(stateMachineArn=machine, name="order")["executionArn"] for _ in range(2)}

    arn = arns.pop()
    assert len(arns) == 1
    assert ":express:" in arn
    for operation in ("describe_execution", "get_execution_history", "stop_execution"):
        with pytest.raises(ClientError, match="InvalidArn"):
            getattr(client, operation)(executionArn=arn)
    with pytest.raises(ClientError, match="StateMachineTypeNotSupported"):
        client.list_executions(stateMachineArn=machine)


@pytest.mark.parametrize("text", ["{", '{"id": "\\ud800"}', "[" * 200 + "]" * 200])
@pytest.mark.parametrize("kind", ["EXPRESS", "STANDARD"])
def test_an_execution_refuses_input_that_no_state_could_read(
    emulator: Server, make_machine: MakeMachine, kind: str, text: str
) -> None:
    client, machine = emulator.client("stepfunctions"), make_machine(PASS, kind=kind)

    with pytest.raises(ClientError, match="InvalidExecutionInput"):
        client.start_execution(stateMachineArn=machine, input=text)
    if kind == "EXPRESS":
        with pytest.raises(ClientError, match="InvalidExecutionInput"):
            client.start_sync_execution(stateMachineArn=machine, input=text)


def test_a_standard_execution_keeps_its_name_and_its_history(emulator: Server, make_machine: MakeMachine) -> None:
    client, machine = emulator.client("stepfunctions"), make_machine(PASS, kind="STANDARD")

    arn = client.start_execution(stateMachineArn=machine, name="order")["executionArn"]

    with pytest.raises(ClientError, match="ExecutionAlreadyExists"):
        client.start_execution(stateMachineArn=machine, name="order")
    assert client.get_execution_history(executionArn=arn)["events"][0]["type"] == "ExecutionStarted"
    with pytest.raises(ClientError, match="StateMachineTypeNotSupported"):
        client.start_sync_execution(stateMachineArn=machine)


def test_a_machines_own_timeout_ends_it_and_no_later_state_runs(
    emulator: Server, make_machine: MakeMachine, make_table: Callable[..., str]
) -> None:
    client, table = emulator.client("stepfunctions"), make_table()
    definition = task("dynamodb:putItem", {"TableName": table, "Item": {"id": {"S": "late"}}})
    definition["States"]["Wait"] = {"Type": "Wait", "Seconds": 2, "Next": "Call"}
    put = {"Effect": "Allow", "Action": "dynamodb:PutItem", "Resource": TABLES + table}
    machine = make_machine(definition | {"StartAt": "Wait", "TimeoutSeconds": 1}, put, kind="STANDARD")

    arn = client.start_execution(stateMachineArn=machine)["executionArn"]
    time.sleep(1.5)
    early = client.describe_execution(executionArn=arn)["status"]
    time.sleep(1.5)

    assert (early, client.describe_execution(executionArn=arn)["status"]) == ("TIMED_OUT", "TIMED_OUT")
    assert emulator.client("dynamodb").scan(TableName=table)["Count"] == 0


@pytest.mark.parametrize("named", ["GatewayDown", "States.TaskFailed", "States.ALL"])
def test_a_functions_error_is_caught_by_its_class(
    make_machine: MakeMachine, make_function: Callable[..., str], run: Callable[..., Any], named: str
) -> None:
    function = make_function("class GatewayDown(Exception): pass\ndef handler(event, context): raise GatewayDown()")
    definition = task(
        "lambda:invoke",
        {"FunctionName": FUNCTIONS + function},
        Catch=[{"ErrorEquals": [named], "Next": "Caught", "Output": "{% $states.errorOutput.Error %}"}],
    )
    definition["States"]["Caught"] = {"Type": "Pass", "End": True}
    grant = {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": FUNCTIONS + function}

    answer = run(make_machine(definition, grant))

    assert (answer["status"], json.loads(answer["output"])) == ("SUCCEEDED", "GatewayDown")


def test_throttling_is_caught_by_its_name(
    emulator: Server, make_machine: MakeMachine, make_function: Callable[..., str], run: Callable[..., Any]
) -> None:
    function = make_function("def handler(event, context): pass")
    emulator.client("lambda").put_function_concurrency(FunctionName=function, ReservedConcurrentExecutions=0)
    definition = task("lambda:invoke", {"FunctionName": FUNCTIONS + function})
    grant = {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": FUNCTIONS + function}

    answer = run(make_machine(definition, grant))

    assert (answer["status"], answer["error"]) == ("FAILED", "Lambda.TooManyRequestsException")


CALLS = [
    ("lambda:invoke", {"FunctionName": "{function}"}, "lambda:InvokeFunction", "Lambda.AWSLambdaException"),
    (
        "dynamodb:updateItem",
        {"TableName": "{table}", "Key": {"id": {"S": "1"}}},
        "dynamodb:UpdateItem",
        "DynamoDB.AmazonDynamoDBException",
    ),
    (
        "aws-sdk:dynamodb:getItem",
        {"TableName": "{table}", "Key": {"id": {"S": "1"}}},
        "dynamodb:GetItem",
        "DynamoDb.DynamoDbException",
    ),
]


@pytest.mark.parametrize(("resource", "arguments", "action", "error"), CALLS, ids=[call[0] for call in CALLS])
def test_a_machine_may_do_what_its_role_may_do_and_no_more(
    make_machine: MakeMachine,
    make_function: Callable[..., str],
    make_table: Callable[..., str],
    run: Callable[..., Any],
    resource: str,
    arguments: dict[str, Any],
    action: str,
    error: str,
) -> None:
    function, table = make_function("def handler(event, context): return 1"), make_table()
    text = json.dumps(arguments).replace("{function}", function).replace("{table}", table)
    definition = task(resource, json.loads(text))
    touched = FUNCTIONS + function if action.startswith("lambda") else TABLES + table

    without = run(make_machine(definition))
    elsewhere = run(make_machine(definition, {"Effect": "Allow", "Action": action, "Resource": touched + "-other"}))
    granted = run(make_machine(definition, {"Effect": "Allow", "Action": action, "Resource": touched}))

    assert (without["status"], without["error"]) == ("FAILED", error)
    assert f"not authorized to perform: {action} on resource: {touched}" in without["cause"]
    assert (elsewhere["status"], granted["status"]) == ("FAILED", "SUCCEEDED")


def test_a_role_that_does_not_admit_step_functions_calls_nothing(
    make_machine: MakeMachine, make_table: Callable[..., str], run: Callable[..., Any]
) -> None:
    table = make_table()
    grant = {"Effect": "Allow", "Action": "dynamodb:PutItem", "Resource": TABLES + table}
    definition = task("dynamodb:putItem", {"TableName": table, "Item": {"id": {"S": "1"}}})

    answer = run(make_machine(definition, grant, service="lambda"))

    assert (answer["status"], "trust policy" in answer["cause"]) == ("FAILED", True)


def test_concurrent_writes_of_tasks_all_arrive(
    emulator: Server, make_machine: MakeMachine, make_table: Callable[..., str], run: Callable[..., Any]
) -> None:
    table = make_table()
    add = task(
        "dynamodb:updateItem",
        {
            "TableName": table,
            "Key": {"id": {"S": "counter"}},
            "UpdateExpression": "ADD amount :one",
            "ExpressionAttributeValues": {":one": {"N": "1"}},
        },
    )
    each = {"Type": "Map", "Items": list(range(500)), "MaxConcurrency": 40, "ItemProcessor": add, "End": True}
    definition = {"QueryLanguage": "JSONata", "StartAt": "Each", "States": {"Each": each}}
    grant = {"Effect": "Allow", "Action": "dynamodb:UpdateItem", "Resource": TABLES + table}

    run(make_machine(definition, grant))

    item = emulator.client("dynamodb").get_item(TableName=table, Key={"id": {"S": "counter"}})["Item"]
    assert item["amount"] == {"N": "500"}


def test_tracing_is_kept_as_configured(emulator: Server, make_machine: MakeMachine) -> None:
    machine = make_machine(PASS, tracingConfiguration={"enabled": True})

    description = emulator.client("stepfunctions").describe_state_machine(stateMachineArn=machine)

    assert description["tracingConfiguration"] == {"enabled": True}


@pytest.mark.parametrize(
    ("level", "types"), [("ERROR", ["TaskFailed", "ExecutionFailed"]), ("FATAL", ["ExecutionFailed"])]
)
def test_what_goes_wrong_in_an_execution_is_in_the_log(
    emulator: Server,
    make_machine: MakeMachine,
    run: Callable[..., Any],
    unique: Callable[[str], str],
    level: str,
    types: list[str],
) -> None:
    group = unique("/aws/vendedlogs/states/order")
    emulator.client("logs").create_log_group(logGroupName=group)
    destination = {
        "cloudWatchLogsLogGroup": {"logGroupArn": f"arn:aws:logs:us-east-1:000000000000:log-group:{group}:*"}
    }
    logging = {"level": level, "includeExecutionData": False, "destinations": [destination]}
    definition = task("dynamodb:getItem", {"TableName": "none", "Key": {"id": {"S": "1"}}})

    run(make_machine(definition, loggingConfiguration=logging))

    messages = log_messages(emulator, group)
    assert [message["type"] for message in messages] == types
    assert "not authorized" in messages[-1]["details"]["cause"]


@pytest.mark.parametrize("includes_data", [True, False])
def test_a_log_holds_inputs_and_outputs_only_when_asked_to(
    emulator: Server,
    make_machine: MakeMachine,
    run: Callable[..., Any],
    unique: Callable[[str], str],
    includes_data: bool,
) -> None:
    group = unique("/aws/vendedlogs/states/order")
    emulator.client("logs").create_log_group(logGroupName=group)
    destination = {
        "cloudWatchLogsLogGroup": {"logGroupArn": f"arn:aws:logs:us-east-1:000000000000:log-group:{group}:*"}
    }
    logging = {"level": "ALL", "includeExecutionData": includes_data, "destinations": [destination]}

    run(make_machine(PASS, loggingConfiguration=logging))

    messages = log_messages(emulator, group)
    assert messages[-1]["type"] == "ExecutionSucceeded"
    assert ("output" in messages[-1]["details"]) is includes_data


def log_messages(server: Server, group: str) -> list[dict[str, Any]]:
    events = server.client("logs").filter_log_events(logGroupName=group)["events"]
    return [json.loads(event["message"]) for event in events]
