"""The adapters of the functions, built from the environment."""

from collections.abc import Iterator
from typing import Any, get_type_hints
from uuid import uuid4

import boto3
import pytest
from orders import bootstrap
from orders.adapters.no_subscribers import NoSubscribers
from orders.config import InvalidConfiguration, PaymentGatewayName
from orders.domain.hint import parse_hint
from orders.handlers import announce, sweep
from orders.ports import PaymentGateway

from environments.names import FUNCTIONS
from environments.settings import Timeouts
from local.server_process import Server
from operations.undelivered_objects import UNREADABLE
from tests.support.order_rows import KEY, order_row
from tests.support.order_tables import create_orders_table, create_payments_table
from tests.support.table_rows import Table

ENVIRONMENT = {
    "AWS_REGION": "us-east-1",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "any",
    "AWS_SECRET_ACCESS_KEY": "any",
    "STATE_MACHINE_ARN": "arn:aws:states:us-east-1:000000000000:stateMachine:orders-test-order-express",
    "TOPIC_ARN": "arn:aws:sns:us-east-1:000000000000:orders-test-announcements",
    "GRAPHQL_URL": "https://example.com/graphql",
    "LIVE_UPDATES": "true",
    "UNDELIVERED_BUCKET": "orders-test-undelivered",
    "DELAYED_TABLE": "orders-test-delayed",
    "ORDERS_TABLE": "orders-test-orders",
    "PAYMENTS_TABLE": "orders-test-payments",
    "QUEUE_URL": "https://example.com/placed",
    "OPEN_ORDERS_INDEX": "open-orders",
    "OPEN_ORDERS_SHARDS": "8",
    "SWEEP_MAX_HINTS": "5",
    "LATE_AFTER_SECONDS": "300",
    "GATEWAY_TIMEOUT_SECONDS": "4",
    "PAYMENT_GATEWAY": "simulated",
}
PARTS: dict[str, Any] = {use_case: getattr(bootstrap, use_case) for use_case in FUNCTIONS}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    # boto3's default session keeps the first credentials that it found.
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    for build in PARTS.values():
        build.cache_clear()
    yield
    for build in PARTS.values():
        build.cache_clear()


def clients(part: Any) -> list[Any]:
    """Return the AWS clients of a function's adapters, with the gateway's last."""
    adapters = list(vars(part).values())
    ledgers = [vars(adapter)["_ledger"] for adapter in adapters if hasattr(adapter, "_ledger")]
    return [vars(adapter)["_client"] for adapter in [*adapters, *ledgers] if hasattr(adapter, "_client")]


def longest(config: Any) -> float:
    """Return the longest time of a call in seconds.

    Before each attempt but the first, botocore waits up to 1, 2, 4 … s.
    """
    attempts = config.retries["total_max_attempts"]
    waits = sum(2**attempt for attempt in range(attempts - 1))
    return float((config.connect_timeout + config.read_timeout) * attempts + waits)


@pytest.mark.parametrize("name", PARTS)
def test_every_client_has_timeouts_and_standard_retries(name: str) -> None:
    configs = [client.meta.config for client in clients(PARTS[name]())]

    assert configs
    for config in configs:
        assert config.connect_timeout <= 2
        assert config.read_timeout <= 5
        assert config.retries["mode"] == "standard"
        assert config.retries["total_max_attempts"] <= 3


def test_the_gateway_answers_within_its_timeout_or_not_at_all() -> None:
    ledger = clients(bootstrap.charge_payment())[-1].meta.config

    assert longest(ledger) == 4


def test_a_charge_fits_into_its_function_with_two_calls_before_and_one_after_the_gateways() -> None:
    orders, payments, gateway = (client.meta.config for client in clients(bootstrap.charge_payment()))

    assert longest(orders) + longest(payments) + longest(gateway) + longest(payments) < Timeouts().function


def test_a_call_takes_no_longer_than_the_handlers_believe() -> None:
    configs = [clients(PARTS[name]())[0].meta.config for name in ("start_workflow", "announce", "sweep")]

    assert [longest(config) for config in configs] == [bootstrap.AWS_CALL_SECONDS] * 3
    assert Timeouts().function > bootstrap.AWS_CALL_SECONDS


def test_an_announcement_takes_no_longer_than_its_handler_believes() -> None:
    adapters = bootstrap.announce()

    subscribers = vars(vars(adapters.subscribers)["_http"])["_timeout"]

    topic = clients(adapters)[0].meta.config
    spent = subscribers.connect_timeout + subscribers.read_timeout + longest(topic)
    assert spent == bootstrap.ANNOUNCEMENT_SECONDS < vars(announce)["_RESERVE_MILLISECONDS"] / 1000
    assert vars(announce)["_RESERVE_MILLISECONDS"] / 1000 <= Timeouts().announce / 2


def test_announce_keeps_what_it_cannot_read_where_the_person_on_call_looks_for_it() -> None:
    prefix = vars(bootstrap.announce().undelivered)["_prefix"]

    assert f"{prefix}/" == UNREADABLE[0]


def test_a_sweep_keeps_time_for_a_gateway_that_hangs_and_two_writes() -> None:
    gateway = clients(bootstrap.sweep())[-1].meta.config

    reserve = vars(sweep)["_RESERVE_MILLISECONDS"] / 1000 + longest(gateway)

    assert 2 * bootstrap.AWS_CALL_SECONDS + longest(gateway) <= reserve < Timeouts().sweep / 2


@pytest.mark.parametrize("name", PARTS)
def test_adapters_are_built_once(name: str) -> None:
    first = PARTS[name]()

    assert PARTS[name]() is first


def test_without_live_updates_nobody_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIVE_UPDATES", "false")

    assert isinstance(bootstrap.announce().subscribers, NoSubscribers)


@pytest.mark.parametrize(
    ("name", "variable"),
    [
        ("start_workflow", "STATE_MACHINE_ARN"),
        ("charge_payment", "PAYMENTS_TABLE"),
        ("announce", "GRAPHQL_URL"),
        ("sweep", "QUEUE_URL"),
        ("charge_payment", "PAYMENT_GATEWAY"),
        ("sweep", "PAYMENT_GATEWAY"),
    ],
)
def test_a_missing_setting_is_one_line(name: str, variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(variable)

    with pytest.raises(InvalidConfiguration, match=f"^environment variable {variable} must be set, got ''$"):
        PARTS[name]()


@pytest.mark.parametrize("part", [bootstrap.ChargePaymentAdapters, bootstrap.SweepAdapters])
def test_whoever_moves_money_knows_the_port_only(part: type) -> None:
    assert get_type_hints(part)["gateway"] is PaymentGateway


@pytest.mark.parametrize("name", PaymentGatewayName)
@pytest.mark.parametrize("function", ["charge_payment", "sweep"])
def test_each_gateway_that_can_be_chosen_has_an_adapter(
    function: str, name: PaymentGatewayName, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAYMENT_GATEWAY", name)

    gateway = PARTS[function]().gateway

    assert all(callable(getattr(gateway, call)) for call in ("charge", "cancel", "refund"))


@pytest.mark.parametrize("function", ["charge_payment", "sweep"])
def test_the_gateway_is_the_one_that_the_environment_names(function: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAYMENT_GATEWAY", "nobody")

    with pytest.raises(
        InvalidConfiguration, match=r"^environment variable PAYMENT_GATEWAY must be one of simulated, got 'nobody'$"
    ):
        PARTS[function]()


def test_a_sweep_as_deployed_hints_once_a_minute(
    emulator: Server, context: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    dynamodb, sqs = emulator.client("dynamodb"), emulator.client("sqs")
    orders = Table(dynamodb, create_orders_table(dynamodb))
    queue_url = sqs.create_queue(QueueName=f"placed-{uuid4().hex[:8]}")["QueueUrl"]
    for name, value in {
        "AWS_ENDPOINT_URL": emulator.endpoint_url,
        "AWS_ACCESS_KEY_ID": emulator.access_key_id,
        "AWS_SECRET_ACCESS_KEY": emulator.secret_access_key,
        "ORDERS_TABLE": orders.name,
        "PAYMENTS_TABLE": create_payments_table(dynamodb),
        "QUEUE_URL": queue_url,
    }.items():
        monkeypatch.setenv(name, value)
    orders.put(order_row())

    answers = [sweep.handler({}, context), sweep.handler({}, context)]

    messages = sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10)["Messages"]
    assert answers == [{"hinted": 1, "given_up": 0}, {"hinted": 0, "given_up": 0}]
    assert [parse_hint(message["Body"]) for message in messages] == [KEY]
    assert (orders.row(KEY) or {})["hints"] == 1
