"""A fault in a function's environment is reported in one line."""

import pytest
from orders.config import (
    AnnounceConfig,
    ChargePaymentConfig,
    InvalidConfiguration,
    PaymentGatewayName,
    StartWorkflowConfig,
    SweepConfig,
    environment_name,
)

SWEEP = {
    "ORDERS_TABLE": "orders",
    "PAYMENTS_TABLE": "payments",
    "QUEUE_URL": "http://queue",
    "OPEN_ORDERS_INDEX": "open-orders",
    "OPEN_ORDERS_SHARDS": "8",
    "SWEEP_MAX_HINTS": "5",
    "LATE_AFTER_SECONDS": "300",
    "GATEWAY_TIMEOUT_SECONDS": "2.5",
    "PAYMENT_GATEWAY": "simulated",
}
SIMULATED = PaymentGatewayName.SIMULATED


ANNOUNCE = {
    "TOPIC_ARN": "arn",
    "GRAPHQL_URL": "url",
    "LIVE_UPDATES": "true",
    "UNDELIVERED_BUCKET": "bucket",
    "DELAYED_TABLE": "t",
}


def test_sweep_reads_its_settings() -> None:
    config = SweepConfig.read(SWEEP)

    assert config == SweepConfig("orders", "payments", "http://queue", "open-orders", 8, 5, 2.5, SIMULATED, 300)


def test_the_others_read_theirs() -> None:
    assert StartWorkflowConfig.read({"STATE_MACHINE_ARN": "arn"}) == StartWorkflowConfig("arn")
    assert AnnounceConfig.read(ANNOUNCE) == AnnounceConfig("arn", "url", True, "bucket", "t")
    assert ChargePaymentConfig.read(SWEEP) == ChargePaymentConfig("orders", "payments", 2.5, SIMULATED)


def test_whether_customers_hear_at_once_is_true_or_false() -> None:
    assert AnnounceConfig.read({**ANNOUNCE, "LIVE_UPDATES": "false"}).live_updates is False
    with pytest.raises(InvalidConfiguration, match=r"LIVE_UPDATES must be true or false, got 'no'$"):
        AnnounceConfig.read({**ANNOUNCE, "LIVE_UPDATES": "no"})


@pytest.mark.parametrize("name", SWEEP)
@pytest.mark.parametrize("value", ["", None])
def test_a_missing_variable_is_named(name: str, value: str | None) -> None:
    environment = {key: text for key, text in (SWEEP | {name: value}).items() if text is not None}

    with pytest.raises(InvalidConfiguration, match=f"^environment variable {name} must be set, got ''$"):
        SweepConfig.read(environment)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OPEN_ORDERS_SHARDS", "0"),
        ("OPEN_ORDERS_SHARDS", "eight"),
        ("SWEEP_MAX_HINTS", "-1"),
        ("LATE_AFTER_SECONDS", "0"),
        ("SWEEP_MAX_HINTS", "1.5"),
        ("GATEWAY_TIMEOUT_SECONDS", "0"),
        ("GATEWAY_TIMEOUT_SECONDS", "nan"),
        ("GATEWAY_TIMEOUT_SECONDS", "soon"),
        ("PAYMENT_GATEWAY", "Simulated"),
        ("PAYMENT_GATEWAY", "stripe"),
    ],
)
def test_a_wrong_value_is_named_with_what_it_is(name: str, value: str) -> None:
    with pytest.raises(InvalidConfiguration, match=f"^environment variable {name} must be .*got '{value}'$"):
        SweepConfig.read(SWEEP | {name: value})


def test_the_environment_is_named_or_its_absence_is() -> None:
    assert environment_name({"ENVIRONMENT": "dev"}) == "dev"
    with pytest.raises(InvalidConfiguration, match=r"^environment variable ENVIRONMENT must be set, got ''$"):
        environment_name({})
