"""The real workflow on the emulator: its definition, the function's source, and minimal roles."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from orders.domain.hint import hint_text
from orders.domain.order import OrderKey

from deployment.repository_paths import ROOT
from local.server_process import Server
from stacks.synth.packaging import build_package
from tests.support.order_rows import order_row
from tests.support.order_tables import create_orders_table, create_payments_table
from tests.support.roles import allow, create_role
from tests.support.table_rows import Table
from tests.support.workflow import render

ARN = "arn:aws:{service}:us-east-1:000000000000:{resource}"
DONE_SECONDS = 30


@dataclass
class OrderWorkflow:
    """The two tables, and the state machine that pays for orders."""

    orders: Table
    payments: Table
    stepfunctions: Any
    machine_arn: str

    def place(self, **changes: Any) -> OrderKey:
        """Store an order whose workflow hasn't started; return its key."""
        key = OrderKey(uuid4().hex, "01KE0000000000000000000001")
        self.orders.put(order_row(key, **changes))
        return key

    def start(self, key: OrderKey) -> str:
        """Start an execution for the order; return its ARN."""
        answer = self.stepfunctions.start_execution(stateMachineArn=self.machine_arn, input=hint_text(key))
        return str(answer["executionArn"])

    def end_lease(self, key: OrderKey) -> None:
        """Pretend that a dead execution's lease has ended and that the sweep has seen it."""
        self.orders.put({**self.order(key), "due_at": 1_000})

    def order(self, key: OrderKey) -> dict[str, Any]:
        return self.orders.row(key) or {}

    def payment(self, key: OrderKey) -> dict[str, Any]:
        return self.payments.row(key, sort="order_id") or {}

    def finished(self, key: OrderKey) -> dict[str, Any]:
        """Wait until the order is final; return its row."""
        deadline = time.monotonic() + DONE_SECONDS
        while (row := self.order(key))["status"] in ("PENDING", "PAYING"):
            assert time.monotonic() < deadline, f"still {row}"
            time.sleep(0.05)
        return row

    def ended(self, execution_arn: str) -> dict[str, Any]:
        """Wait until an execution has ended; return its description. STANDARD only."""
        deadline = time.monotonic() + DONE_SECONDS
        while (answer := self.stepfunctions.describe_execution(executionArn=execution_arn))["status"] == "RUNNING":
            assert time.monotonic() < deadline, "still running"
            time.sleep(0.05)
        return dict(answer)


@pytest.fixture(scope="session")
def tables(emulator: Server) -> Iterator[tuple[Table, Table]]:
    dynamodb = emulator.client("dynamodb")
    orders, payments = create_orders_table(dynamodb), create_payments_table(dynamodb)
    yield Table(dynamodb, orders), Table(dynamodb, payments)
    dynamodb.delete_table(TableName=orders)
    dynamodb.delete_table(TableName=payments)


@pytest.fixture(scope="session")
def charge_payment_arn(emulator: Server, tables: tuple[Table, Table], tmp_path_factory: Any) -> Iterator[str]:
    """The ARN of `charge_payment`, deployed from this checkout's source."""
    name = f"charge-{uuid4().hex[:8]}"
    package = build_package(
        source=ROOT / "lambda_src",
        requirements=ROOT / "requirements" / "lambda.txt",
        output=Path(tmp_path_factory.mktemp("package")) / "lambda.zip",
    )
    orders, payments = (ARN.format(service="dynamodb", resource=f"table/{table.name}") for table in tables)
    functions = emulator.client("lambda")
    answer = functions.create_function(
        FunctionName=name,
        Runtime="python3.13",
        Handler="orders.handlers.charge_payment.handler",
        Timeout=10,
        Role=create_role(
            emulator.client("iam"),
            service="lambda.amazonaws.com",
            statements=[
                allow("dynamodb:GetItem", on=orders),
                allow("dynamodb:GetItem", "dynamodb:PutItem", on=payments),
            ],
        ),
        Code={"ZipFile": package.path.read_bytes()},
        Environment={
            "Variables": {
                "ORDERS_TABLE": tables[0].name,
                "PAYMENTS_TABLE": tables[1].name,
                "GATEWAY_TIMEOUT_SECONDS": "4",
                "PAYMENT_GATEWAY": "simulated",
                # Powertools needs them for metrics, as in every function of the stack.
                "ENVIRONMENT": "test",
                "POWERTOOLS_METRICS_NAMESPACE": "orders-test",
                "POWERTOOLS_SERVICE_NAME": "charge_payment",
            }
        },
    )
    yield answer["FunctionArn"]
    functions.delete_function(FunctionName=name)


@pytest.fixture(scope="session", params=["EXPRESS", "STANDARD"])
def workflow(
    request: Any, emulator: Server, tables: tuple[Table, Table], charge_payment_arn: str
) -> Iterator[OrderWorkflow]:
    definition = render(orders_table=tables[0].name, charge_payment_arn=charge_payment_arn)
    with opened(emulator, tables, charge_payment_arn, type_=request.param, definition=definition) as workflow:
        yield workflow


@pytest.fixture
def workflow_with_one_retry(
    emulator: Server, tables: tuple[Table, Table], charge_payment_arn: str
) -> Iterator[OrderWorkflow]:
    """A workflow whose state machine retries each step at most once."""
    definition = render(orders_table=tables[0].name, charge_payment_arn=charge_payment_arn)
    for retrier in [retrier for state in definition["States"].values() for retrier in state.get("Retry", [])]:
        retrier["MaxAttempts"] = min(retrier["MaxAttempts"], 1)
    with opened(emulator, tables, charge_payment_arn, type_="STANDARD", definition=definition) as workflow:
        yield workflow


@contextmanager
def opened(
    emulator: Server,
    tables: tuple[Table, Table],
    charge_payment_arn: str,
    *,
    type_: str,
    definition: dict[str, Any],
) -> Iterator[OrderWorkflow]:
    """Make the state machine, and remove it afterwards."""
    orders, payments = tables
    stepfunctions = emulator.client("stepfunctions")
    machine_arn = stepfunctions.create_state_machine(
        name=f"order-{uuid4().hex[:8]}",
        type=type_,
        roleArn=create_role(
            emulator.client("iam"),
            service="states.amazonaws.com",
            statements=[
                allow("dynamodb:UpdateItem", on=ARN.format(service="dynamodb", resource=f"table/{orders.name}")),
                allow("lambda:InvokeFunction", on=charge_payment_arn),
            ],
        ),
        definition=json.dumps(definition),
    )["stateMachineArn"]
    yield OrderWorkflow(orders, payments, stepfunctions, machine_arn)
    stepfunctions.delete_state_machine(stateMachineArn=machine_arn)


@pytest.fixture
def throttled(emulator: Server, charge_payment_arn: str) -> Callable[[], AbstractContextManager[None]]:
    """Make Lambda throttle every call of charge_payment while the block runs."""

    @contextmanager
    def throttle() -> Iterator[None]:
        client, name = emulator.client("lambda"), charge_payment_arn.rpartition(":")[2]
        client.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
        try:
            yield
        finally:
            client.delete_function_concurrency(FunctionName=name)

    return throttle
