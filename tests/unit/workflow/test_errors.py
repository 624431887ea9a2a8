"""Errors that the workflow retries, catches or lets through."""

from typing import Any

import pytest
from orders.domain.payment import ChargeMismatch, OrdersUnavailable, PaymentGatewayUnavailable, PaymentsUnavailable
from orders.domain.payment_request import InvalidPaymentRequest

DYNAMODB = ("BeginPayment", "MarkPaid", "MarkFailed")
PAYMENT = ("ChargePayment", "SettlePayment")
# Lambda refused to run the function, or failed (Step Functions developer guide, "Handle transient Lambda service
# exceptions"; a throttling that Lambda's model doesn't name is an AWSLambdaException).
LAMBDAS_OWN = (
    "Lambda.TooManyRequestsException",
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
    "Lambda.ClientExecutionTimeoutException",
)
CONDITION = "DynamoDB.ConditionalCheckFailedException"


def matches(names: list[str], error: str) -> bool:
    """Return True if a name matches. In States Language, States.TaskFailed matches no timeout."""
    return error in names or "States.ALL" in names or ("States.TaskFailed" in names and error != "States.Timeout")


def retrier(state: dict[str, Any], error: str) -> dict[str, Any]:
    """Return the first retrier that matches, which is the one that decides."""
    none = {"MaxAttempts": 0}
    return next((found for found in state.get("Retry", []) if matches(found["ErrorEquals"], error)), none)


def catcher(state: dict[str, Any], error: str) -> str | None:
    return next((found["Next"] for found in state.get("Catch", []) if matches(found["ErrorEquals"], error)), None)


def test_every_task_and_the_machine_have_a_timeout(machine: dict[str, Any], states: dict[str, Any]) -> None:
    tasks = {name: state.get("TimeoutSeconds") for name, state in states.items() if state["Type"] == "Task"}

    assert tasks == dict.fromkeys((*DYNAMODB, *PAYMENT), 15)
    assert machine["TimeoutSeconds"] == 240


@pytest.mark.parametrize("name", PAYMENT)
@pytest.mark.parametrize(
    "error",
    [
        PaymentGatewayUnavailable.__name__,
        PaymentsUnavailable.__name__,
        OrdersUnavailable.__name__,
        "States.Timeout",
        "Sandbox.Timedout",
        "Runtime.ExitError",
        "Lambda.Unknown",
        *LAMBDAS_OWN,
    ],
)
def test_technical_errors_of_payments_are_retried(states: dict[str, Any], name: str, error: str) -> None:
    assert retrier(states[name], error)["MaxAttempts"] >= 2


@pytest.mark.parametrize("name", DYNAMODB)
@pytest.mark.parametrize(
    "error",
    [
        "States.Timeout",
        "DynamoDB.ProvisionedThroughputExceededException",
        "DynamoDB.RequestLimitExceededException",
        "DynamoDB.InternalServerErrorException",
        "DynamoDB.AmazonDynamoDBException",
        "DynamoDB.SdkClientException",
    ],
)
def test_technical_errors_of_the_table_are_retried(states: dict[str, Any], name: str, error: str) -> None:
    assert retrier(states[name], error)["MaxAttempts"] >= 2


@pytest.mark.parametrize("name", PAYMENT)
@pytest.mark.parametrize("error", [ChargeMismatch.__name__, InvalidPaymentRequest.__name__])
def test_a_refused_payment_is_not_retried(states: dict[str, Any], name: str, error: str) -> None:
    assert retrier(states[name], error)["MaxAttempts"] == 0


@pytest.mark.parametrize("name", DYNAMODB)
def test_a_failed_condition_ends_the_workflow_quietly(states: dict[str, Any], name: str) -> None:
    assert retrier(states[name], CONDITION)["MaxAttempts"] == 0
    assert catcher(states[name], CONDITION) == "SomebodyElseHasIt"
    assert states["SomebodyElseHasIt"]["Type"] == "Succeed"


@pytest.mark.parametrize("error", LAMBDAS_OWN)
def test_a_charge_that_lambda_did_not_run_is_postponed_and_not_settled(states: dict[str, Any], error: str) -> None:
    assert catcher(states["ChargePayment"], error) == "PaymentPostponed"
    assert states["PaymentPostponed"]["Type"] == "Fail"


@pytest.mark.parametrize(
    "error", ["States.Timeout", "Lambda.Unknown", "PaymentGatewayUnavailable", "ChargeMismatch", "TypeError"]
)
def test_whatever_fails_a_charge_is_settled(states: dict[str, Any], error: str) -> None:
    assert catcher(states["ChargePayment"], error) == "SettlePayment"


@pytest.mark.parametrize("name", ["BeginPayment", "SettlePayment", "MarkPaid", "MarkFailed"])
@pytest.mark.parametrize(
    "error",
    ["States.Timeout", "PaymentGatewayUnavailable", "DynamoDB.AmazonDynamoDBException", *LAMBDAS_OWN],
)
def test_what_outlasts_its_retries_elsewhere_fails_the_workflow(states: dict[str, Any], name: str, error: str) -> None:
    assert catcher(states[name], error) is None


def test_every_retry_waits_longer_each_time_with_full_jitter(states: dict[str, Any]) -> None:
    retriers = [found for state in states.values() for found in state.get("Retry", []) if found["MaxAttempts"]]

    assert len(retriers) == 7
    for found in retriers:
        assert found["BackoffRate"] >= 2
        assert found["JitterStrategy"] == "FULL"
        assert found["IntervalSeconds"] <= found["MaxDelaySeconds"] <= 10
