"""The order workflow on Step Functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orders.domain.hint import hint_text
from orders.domain.order import OrderKey

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient


class StepFunctionsWorkflows:
    """Executions of a state machine, EXPRESS or STANDARD."""

    def __init__(self, client: SFNClient, *, state_machine_arn: str) -> None:
        self._client = client
        self._state_machine_arn = state_machine_arn

    def start(self, key: OrderKey) -> None:
        """Start one without a name: in STANDARD a name would block every later hint of the order for 90 days."""
        self._client.start_execution(stateMachineArn=self._state_machine_arn, input=hint_text(key))
