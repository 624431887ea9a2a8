"""Resources for the emulator's tests: roles, functions and state machines with unique names."""

import io
import json
import textwrap
import uuid
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from deployment.repository_paths import ROOT
from local.server_process import Server, free_port, start_server
from tests.emulator.support.user_pools import Pool

Statement = dict[str, Any]
MakeRole = Callable[..., str]
MakeMachine = Callable[..., str]


def statement(*actions: str, resource: str = "*") -> Statement:
    return {"Effect": "Allow", "Action": list(actions), "Resource": resource}


@pytest.fixture
def unique() -> Callable[[str], str]:
    """Make a name that no other test uses."""
    return lambda prefix: f"{prefix}-{uuid.uuid4().hex[:8]}"


@pytest.fixture
def make_role(emulator: Server, unique: Callable[[str], str]) -> MakeRole:
    """Make a role with these statements that a service may assume; return its ARN."""

    def make(service: str, *statements: Statement) -> str:
        iam, name = emulator.client("iam"), unique("role")
        trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
        arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps({"Statement": [trust]}))["Role"]["Arn"]
        if statements:
            document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
            iam.put_role_policy(RoleName=name, PolicyName="access", PolicyDocument=document)
        return str(arn)

    return make


@pytest.fixture
def make_function(emulator: Server, make_role: MakeRole, unique: Callable[[str], str]) -> Callable[..., str]:
    """Deploy a Python function from its source; return its name."""

    def make(source: str, *statements: Statement, variables: dict[str, str] | None = None, timeout: int = 10) -> str:
        package = io.BytesIO()
        with zipfile.ZipFile(package, "w") as archive:
            archive.writestr("function_code.py", textwrap.dedent(source))
        name, client = unique("function"), emulator.client("lambda")
        client.create_function(
            FunctionName=name,
            Runtime="python3.13",
            Architectures=["arm64"],
            Handler="function_code.handler",
            Role=make_role("lambda.amazonaws.com", *statements),
            Code={"ZipFile": package.getvalue()},
            Environment={"Variables": variables or {}},
            Timeout=timeout,
        )
        client.get_waiter("function_active_v2").wait(FunctionName=name, WaiterConfig={"Delay": 0.1, "MaxAttempts": 100})
        return name

    return make


@pytest.fixture
def make_machine(emulator: Server, make_role: MakeRole, unique: Callable[[str], str]) -> MakeMachine:
    """Make a state machine whose role has these statements; return its ARN."""

    def make(
        definition: dict[str, Any],
        *statements: dict[str, Any],
        kind: str = "EXPRESS",
        service: str = "states",
        **more: Any,
    ) -> str:
        answer = emulator.client("stepfunctions").create_state_machine(
            name=unique("machine"),
            type=kind,
            definition=json.dumps(definition),
            roleArn=make_role(f"{service}.amazonaws.com", *statements),
            **more,
        )
        return str(answer["stateMachineArn"])

    return make


@pytest.fixture
def invoke(emulator: Server) -> Callable[..., Any]:
    """Invoke a function and return its decoded answer."""

    def call(name: str, event: Any = None) -> Any:
        answer = emulator.client("lambda").invoke(FunctionName=name, Payload=json.dumps(event).encode())
        return json.loads(answer["Payload"].read())

    return call


@pytest.fixture
def make_table(emulator: Server, unique: Callable[[str], str]) -> Callable[..., str]:
    """Make a table with the key `id`, and a stream on request; return its name."""

    def make(*, stream: bool = False) -> str:
        name = unique("table")
        specification = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
        emulator.client("dynamodb").create_table(
            TableName=name,
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
            StreamSpecification=specification if stream else {"StreamEnabled": False},
        )
        return name

    return make


@pytest.fixture(scope="session")
def mail_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Path]]:
    """A server whose mailbox the engineer's view can read, and the server's directory."""
    directory = tmp_path_factory.mktemp("mails")
    server = start_server(port=free_port(), directory=directory, root=ROOT, log=directory / "server.log")
    try:
        yield server, directory
    finally:
        server.stop()


@pytest.fixture
def make_pool(mail_server: tuple[Server, Path]) -> Callable[..., Pool]:
    """Make a user pool. The mailbox shows its mails until the next pool is made."""
    return lambda **settings: Pool.make(*mail_server, **settings)
