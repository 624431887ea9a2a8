"""A function that was pending when the state was saved becomes active after the new start.

AWS: a function becomes active by itself.
MiniStack: a thread of the process makes it active after half a second; a saved one stays pending,
and Terraform waits for it in vain.
Here the thread starts again with the saved state.
"""

import contextvars
import functools
from typing import Any

from ministack.services import lambda_svc

from emulator.ministack.repairs.patching import AnyCallable, RepairContext, replace


def apply(_context: RepairContext) -> None:
    """Make pending functions active once their state is back."""

    def activating(load: AnyCallable) -> AnyCallable:
        @functools.wraps(load)
        def loaded(data: dict[str, Any] | None) -> None:
            load(data)
            for (account_id, region, name), function in list(lambda_svc._functions._data.items()):
                if _is_pending(function):
                    contextvars.copy_context().run(_make_active, account_id, region, name)

        return loaded

    replace(lambda_svc, "load_persisted_state", activating)


def _is_pending(function: dict[str, Any]) -> bool:
    config = function["config"]
    return bool(config["State"] == "Pending" or config["LastUpdateStatus"] == "InProgress")


def _make_active(account_id: str, region: str, name: str) -> None:
    lambda_svc._request_account_id.set(account_id)
    lambda_svc._request_region.set(region)
    lambda_svc._schedule_state_transition(name, lambda_svc._LAMBDA_STATE_TRANSITION_DELAY)
