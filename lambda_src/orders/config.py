"""The settings of each function, read from its environment. Nothing else reads os.environ."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self


class InvalidConfiguration(Exception):
    """An environment variable is missing or has a wrong value; the message is one line."""


class PaymentGatewayName(StrEnum):
    """The names of the adapters of the port PaymentGateway."""

    SIMULATED = "simulated"


@dataclass(frozen=True)
class StartWorkflowConfig:
    """Settings of start_workflow."""

    state_machine_arn: str

    @classmethod
    def read(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read the settings from the environment; raises InvalidConfiguration."""
        return cls(state_machine_arn=_text(environment, "STATE_MACHINE_ARN"))


@dataclass(frozen=True)
class ChargePaymentConfig:
    """Settings of charge_payment."""

    orders_table: str
    payments_table: str
    gateway_timeout_seconds: float
    payment_gateway: PaymentGatewayName

    @classmethod
    def read(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read the settings from the environment; raises InvalidConfiguration."""
        return cls(
            orders_table=_text(environment, "ORDERS_TABLE"),
            payments_table=_text(environment, "PAYMENTS_TABLE"),
            gateway_timeout_seconds=_seconds(environment, "GATEWAY_TIMEOUT_SECONDS"),
            payment_gateway=_payment_gateway(environment, "PAYMENT_GATEWAY"),
        )


@dataclass(frozen=True)
class AnnounceConfig:
    """Settings of announce."""

    topic_arn: str
    graphql_url: str
    live_updates: bool
    undelivered_bucket: str
    delayed_table: str

    @classmethod
    def read(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read the settings from the environment; raises InvalidConfiguration."""
        return cls(
            topic_arn=_text(environment, "TOPIC_ARN"),
            graphql_url=_text(environment, "GRAPHQL_URL"),
            live_updates=_flag(environment, "LIVE_UPDATES"),
            undelivered_bucket=_text(environment, "UNDELIVERED_BUCKET"),
            delayed_table=_text(environment, "DELAYED_TABLE"),
        )


@dataclass(frozen=True)
class SweepConfig:
    """Settings of sweep."""

    orders_table: str
    payments_table: str
    queue_url: str
    open_orders_index: str
    open_orders_shards: int
    max_hints: int
    gateway_timeout_seconds: float
    payment_gateway: PaymentGatewayName
    late_after_seconds: int

    @classmethod
    def read(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read the settings from the environment; raises InvalidConfiguration."""
        return cls(
            orders_table=_text(environment, "ORDERS_TABLE"),
            payments_table=_text(environment, "PAYMENTS_TABLE"),
            queue_url=_text(environment, "QUEUE_URL"),
            open_orders_index=_text(environment, "OPEN_ORDERS_INDEX"),
            open_orders_shards=_count(environment, "OPEN_ORDERS_SHARDS"),
            max_hints=_count(environment, "SWEEP_MAX_HINTS"),
            gateway_timeout_seconds=_seconds(environment, "GATEWAY_TIMEOUT_SECONDS"),
            payment_gateway=_payment_gateway(environment, "PAYMENT_GATEWAY"),
            late_after_seconds=_count(environment, "LATE_AFTER_SECONDS"),
        )


def runs_in_lambda(environment: Mapping[str, str] = os.environ) -> bool:
    """Return True in a process that Lambda started, False in a test."""
    return "AWS_LAMBDA_FUNCTION_NAME" in environment


def environment_name(environment: Mapping[str, str] = os.environ) -> str:
    """Return the name of the environment, such as `dev`; raises InvalidConfiguration."""
    return _text(environment, "ENVIRONMENT")


def _text(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name, "")
    if not value:
        raise InvalidConfiguration(f"environment variable {name} must be set, got {value!r}")
    return value


def _flag(environment: Mapping[str, str], name: str) -> bool:
    value = _text(environment, name)
    if value not in ("true", "false"):
        raise InvalidConfiguration(f"environment variable {name} must be true or false, got {value!r}")
    return value == "true"


def _count(environment: Mapping[str, str], name: str) -> int:
    value = _text(environment, name)
    if not (value.isascii() and value.isdigit()) or int(value) < 1:
        raise InvalidConfiguration(f"environment variable {name} must be a whole number from 1, got {value!r}")
    return int(value)


def _seconds(environment: Mapping[str, str], name: str) -> float:
    value = _text(environment, name)
    try:
        seconds = float(value)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < 900:
        raise InvalidConfiguration(f"environment variable {name} must be seconds above 0 and below 900, got {value!r}")
    return seconds


def _payment_gateway(environment: Mapping[str, str], name: str) -> PaymentGatewayName:
    value = _text(environment, name)
    if value not in set(PaymentGatewayName):
        allowed = ", ".join(PaymentGatewayName)
        raise InvalidConfiguration(f"environment variable {name} must be one of {allowed}, got {value!r}")
    return PaymentGatewayName(value)
