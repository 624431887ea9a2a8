"""Builds the adapters of each function once.

In Lambda that happens during the init phase, in a test at the first call.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from orders.adapters.appsync_subscribers import AppSyncSubscribers
from orders.adapters.dynamodb_charge_requests import DynamoDBChargeRequests
from orders.adapters.dynamodb_delayed import DynamoDBDelayed
from orders.adapters.dynamodb_orders import DynamoDBOrders
from orders.adapters.dynamodb_payments import DynamoDBPayments
from orders.adapters.no_subscribers import NoSubscribers
from orders.adapters.s3_undelivered import S3Undelivered
from orders.adapters.simulated_gateway import SimulatedGateway
from orders.adapters.sns_announcements import SnsAnnouncements
from orders.adapters.sqs_hints import SqsHints
from orders.adapters.stepfunctions_workflows import StepFunctionsWorkflows
from orders.config import (
    AnnounceConfig,
    ChargePaymentConfig,
    PaymentGatewayName,
    StartWorkflowConfig,
    SweepConfig,
    runs_in_lambda,
)
from orders.ports import PaymentGateway, Subscribers

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_PUBLISH_CONNECT_SECONDS, _PUBLISH_READ_SECONDS = 2, 5
_AWS = Config(connect_timeout=1, read_timeout=2, retries={"mode": "standard", "total_max_attempts": 2})
# The longest duration of a call with _AWS: botocore waits up to a second before its second attempt.
AWS_CALL_SECONDS = 2 * (1 + 2) + 1
# One attempt only: the function calls DynamoDB twice before the gateway and once after it, all
# within its timeout, and the workflow retries the function.
_AROUND_THE_GATEWAY = Config(
    connect_timeout=0.5, read_timeout=1.2, retries={"mode": "standard", "total_max_attempts": 1}
)
# The number of orders that are announced side by side. Each waits for two answers, and needs little
# CPU time.
ANNOUNCEMENTS_AT_ONCE = 20
_ANNOUNCING = _AWS.merge(Config(max_pool_connections=ANNOUNCEMENTS_AT_ONCE))
# The longest duration of an announcement: first to the subscribers, then to the topic.
ANNOUNCEMENT_SECONDS = _PUBLISH_CONNECT_SECONDS + _PUBLISH_READ_SECONDS + AWS_CALL_SECONDS


@dataclass(frozen=True)
class StartWorkflowAdapters:
    """The adapters of the function start_workflow."""

    workflows: StepFunctionsWorkflows


@dataclass(frozen=True)
class ChargePaymentAdapters:
    """The adapters of the function charge_payment."""

    charge_requests: DynamoDBChargeRequests
    payments: DynamoDBPayments
    gateway: PaymentGateway


@dataclass(frozen=True)
class AnnounceAdapters:
    """The adapters of the function announce."""

    subscribers: Subscribers
    announcements: SnsAnnouncements
    undelivered: S3Undelivered
    delayed: DynamoDBDelayed


@dataclass(frozen=True)
class SweepAdapters:
    """The adapters and the settings of the function sweep."""

    orders: DynamoDBOrders
    hints: SqsHints
    payments: DynamoDBPayments
    gateway: PaymentGateway
    config: SweepConfig


def now_milliseconds() -> int:
    """Return the present moment in epoch milliseconds."""
    return time.time_ns() // 1_000_000


def build_during_init(build: Callable[[], object]) -> None:
    """Build a function's adapters during Lambda's init phase, not on the first order.

    Lambda gives a function more CPU then than later. Outside Lambda this does nothing.
    """
    if runs_in_lambda():
        build()


@cache
def start_workflow() -> StartWorkflowAdapters:
    """Build the adapters of start_workflow; raises InvalidConfiguration."""
    config = StartWorkflowConfig.read()
    client = boto3.client("stepfunctions", config=_AWS)
    return StartWorkflowAdapters(StepFunctionsWorkflows(client, state_machine_arn=config.state_machine_arn))


@cache
def charge_payment() -> ChargePaymentAdapters:
    """Build the adapters of charge_payment; raises InvalidConfiguration."""
    config = ChargePaymentConfig.read()
    client = _dynamodb(_AROUND_THE_GATEWAY)
    return ChargePaymentAdapters(
        charge_requests=DynamoDBChargeRequests(client, table=config.orders_table),
        payments=DynamoDBPayments(client, table=config.payments_table),
        gateway=_gateway(config),
    )


@cache
def announce() -> AnnounceAdapters:
    """Build the adapters of announce; raises InvalidConfiguration."""
    config = AnnounceConfig.read()
    session = boto3.Session()
    return AnnounceAdapters(
        subscribers=_subscribers(session, config),
        announcements=SnsAnnouncements(session.client("sns", config=_ANNOUNCING), topic_arn=config.topic_arn),
        undelivered=S3Undelivered(
            lambda: session.client("s3", config=_ANNOUNCING), bucket=config.undelivered_bucket, prefix="announce"
        ),
        delayed=DynamoDBDelayed(lambda: session.client("dynamodb", config=_ANNOUNCING), table=config.delayed_table),
    )


@cache
def sweep() -> SweepAdapters:
    """Build the adapters of sweep; raises InvalidConfiguration."""
    config = SweepConfig.read()
    client = _dynamodb(_AWS)
    return SweepAdapters(
        orders=DynamoDBOrders(client, table=config.orders_table, index=config.open_orders_index),
        hints=SqsHints(boto3.client("sqs", config=_AWS), queue_url=config.queue_url),
        payments=DynamoDBPayments(client, table=config.payments_table),
        gateway=_gateway(config),
        config=config,
    )


def _subscribers(session: boto3.Session, config: AnnounceConfig) -> Subscribers:
    if not config.live_updates:
        return NoSubscribers()
    return AppSyncSubscribers(
        session,
        graphql_url=config.graphql_url,
        connect_seconds=_PUBLISH_CONNECT_SECONDS,
        read_seconds=_PUBLISH_READ_SECONDS,
        connections=ANNOUNCEMENTS_AT_ONCE,
    )


def _dynamodb(patience: Config) -> DynamoDBClient:
    return boto3.client("dynamodb", config=patience)


def _gateway(config: ChargePaymentConfig | SweepConfig) -> PaymentGateway:
    """Build the adapter that the setting names; mypy refuses a name without an adapter."""
    match config.payment_gateway:
        case PaymentGatewayName.SIMULATED:
            return _simulated_gateway(config.payments_table, timeout_seconds=config.gateway_timeout_seconds)


def _simulated_gateway(payments_table: str, *, timeout_seconds: float) -> SimulatedGateway:
    # One attempt within the timeout, connecting included: those who call the gateway retry.
    patience = Config(
        connect_timeout=timeout_seconds / 2,
        read_timeout=timeout_seconds / 2,
        retries={"mode": "standard", "total_max_attempts": 1},
    )
    return SimulatedGateway(DynamoDBPayments(_dynamodb(patience), table=payments_table))
