"""The order workflow on Step Functions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from uuid import uuid4

from orders.domain.hint import hint_text
from orders.domain.order import OrderKey

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient

# Step Functions allows a name 80 characters, and not every character (API reference,
# StartExecution). ULIDs consist of these.
_IN_NAMES = re.compile("[0-9A-Za-z_-]{1,71}")


class StepFunctionsWorkflows:
    """Executions of a state machine, EXPRESS or STANDARD."""

    def __init__(self, client: SFNClient, *, state_machine_arn: str) -> None:
        self._client = client
        self._state_machine_arn = state_machine_arn

    def start(self, key: OrderKey) -> None:
        """Start an execution with the order's id in its name, which is in every line of its log.

        Each has its own name: in STANDARD, a repeated name would block later hints of the order for
        90 days.
        """
        named = {"name": f"{uuid4().hex[:8]}-{key.order_id}"} if _IN_NAMES.fullmatch(key.order_id) else {}
        self._client.start_execution(stateMachineArn=self._state_machine_arn, input=hint_text(key), **named)
