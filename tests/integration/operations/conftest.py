"""An environment on the emulator that has only the resources that `make ops` uses."""

import json
import uuid
from dataclasses import replace
from typing import Any

import pytest
from click.testing import CliRunner

from environments.names import Names
from environments.settings import Settings, settings_of
from local.server_process import Server
from operations.commands import operations
from operations.commands.target_environment import CommandTarget
from operations.environment import Environment
from tests.support.order_tables import create_delayed_table, create_orders_table


@pytest.fixture
def environment(emulator: Server) -> Environment:
    """Queues, a table, a bucket and start_workflow's log group, with unique names."""
    names = Names(environment=uuid.uuid4().hex[:8], account_id="000000000000", region=emulator.region)
    sqs = emulator.client("sqs")
    sqs.create_queue(QueueName=names.dead_letter_queue)
    policy = {"deadLetterTargetArn": names.arn("sqs", names.dead_letter_queue), "maxReceiveCount": 1}
    sqs.create_queue(QueueName=names.queue, Attributes={"RedrivePolicy": json.dumps(policy), "VisibilityTimeout": "0"})
    create_delayed_table(emulator.client("dynamodb"), names.delayed_table)
    emulator.client("s3").create_bucket(Bucket=names.undelivered)
    emulator.client("logs").create_log_group(logGroupName=names.function_log("start_workflow"))
    return Environment(names=names, client=emulator.client)


@pytest.fixture
def orders(environment: Environment) -> Environment:
    """The environment with an orders table."""
    create_orders_table(environment.client("dynamodb"), environment.names.orders_table)
    return environment


def output_of(environment: Environment, *arguments: str, settings: Settings | None = None) -> list[str]:
    """Run a command; return the lines of its output. By default the settings are those of dev."""
    target = CommandTarget(environment.names.environment)
    reached = {"environment": environment, "names": environment.names, "settings": settings or settings_of("dev")}
    target.__dict__.update(reached)
    done = CliRunner().invoke(operations, arguments, obj=target, catch_exceptions=False)
    return done.output.splitlines()


def last_line(environment: Environment, *arguments: str) -> str:
    """Run a command; return the last line of its output."""
    return output_of(environment, *arguments)[-1]


class Failing:
    """A client whose operation fails after it succeeded `after` times."""

    def __init__(self, client: Any, operation: str, error: BaseException, *, after: int = 0) -> None:
        self._client = client
        self._operation = operation
        self._error = error
        self._left = after

    def __getattr__(self, name: str) -> Any:
        if name != self._operation:
            return getattr(self._client, name)
        if self._left == 0:
            return self._fail
        self._left -= 1
        return getattr(self._client, name)

    def _fail(self, **_: Any) -> Any:
        raise self._error


def with_failing(environment: Environment, service: str, failing: object) -> Environment:
    """Return the environment with the failing client for the service."""
    return replace(environment, client=lambda name: failing if name == service else environment.client(name))
