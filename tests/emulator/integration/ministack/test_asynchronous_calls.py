"""Asynchronous calls of functions, by a program and by a schedule, with the configured retries."""

import time
from collections.abc import Callable

import pytest

from local.server_process import Server
from tests.emulator.support.sample_resources import eventually

FAILING = """
    def handler(event, context):
        print("ran")
        raise RuntimeError("not today")
"""
ARN = "arn:aws:lambda:us-east-1:000000000000:function:"
MakeFunction = Callable[..., str]


@pytest.fixture
def call(emulator: Server) -> Callable[[str], object]:
    """Return a call of a function as a program makes it."""
    return lambda name: emulator.client("lambda").invoke(FunctionName=name, InvocationType="Event", Payload=b"{}")


@pytest.fixture
def schedule(emulator: Server, make_role: Callable[..., str]) -> Callable[[str], object]:
    """Return a call of a function by a schedule that is due now."""

    def run(name: str) -> object:
        grant = {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": ARN + name}
        return emulator.client("scheduler").create_schedule(
            Name=name,
            ScheduleExpression=time.strftime("at(%Y-%m-%dT%H:%M:%S)", time.gmtime(time.time() - 1)),
            FlexibleTimeWindow={"Mode": "OFF"},
            Target={"Arn": ARN + name, "RoleArn": make_role("scheduler.amazonaws.com", grant)},
        )

    return run


def runs(emulator: Server, name: str) -> int:
    """Count the runs of the function."""
    logs, group = emulator.client("logs"), f"/aws/lambda/{name}"
    if not logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]:
        return 0
    events = logs.filter_log_events(logGroupName=group)["events"]
    return sum(event["message"].strip() == "ran" for event in events)


@pytest.mark.parametrize("caller", ["call", "schedule"])
def test_a_failed_call_comes_twice_more_unless_the_function_wants_none(
    emulator: Server, make_function: MakeFunction, caller: str, request: pytest.FixtureRequest
) -> None:
    run = request.getfixturevalue(caller)
    usual, once = make_function(FAILING), make_function(FAILING)
    emulator.client("lambda").put_function_event_invoke_config(
        FunctionName=once, MaximumRetryAttempts=0, MaximumEventAgeInSeconds=60
    )

    # When the second function has had its retries, the first has had them too.
    run(once)
    run(usual)
    repeated = eventually(lambda: runs(emulator, usual), lambda count: count == 3, seconds=30)

    assert (repeated, runs(emulator, once)) == (3, 1)


def test_a_functions_configuration_of_asynchronous_calls_is_kept_and_removed(
    emulator: Server, make_function: MakeFunction
) -> None:
    name, client = make_function(FAILING), emulator.client("lambda")

    client.put_function_event_invoke_config(FunctionName=name, MaximumRetryAttempts=0, MaximumEventAgeInSeconds=60)
    kept = client.get_function_event_invoke_config(FunctionName=name)
    client.delete_function_event_invoke_config(FunctionName=name)

    assert (kept["MaximumRetryAttempts"], kept["MaximumEventAgeInSeconds"]) == (0, 60)
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.get_function_event_invoke_config(FunctionName=name)
