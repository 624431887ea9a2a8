"""A schedule runs in time, with its role's permissions.

AWS: EventBridge Scheduler takes the target's role (trust: scheduler.amazonaws.com) and calls the target with it, within
the minute for which a schedule is due (EventBridge Scheduler User Guide, "Setting up the execution role").
MiniStack: calls targets without asking, and looks for due schedules every 10 s.
"""

import functools
import logging
from typing import Any

from ministack.services import eventbridge, scheduler

from emulator.ministack.repairs.patching import AnyCallable, RepairContext, replace
from emulator.principals import RoleRefused

TICK_SECONDS = 1
ACTIONS = {
    "events": "events:PutEvents",
    "lambda": "lambda:InvokeFunction",
    "sns": "sns:Publish",
    "sqs": "sqs:SendMessage",
    "states": "states:StartExecution",
}
_log = logging.getLogger(__name__)


def apply(context: RepairContext) -> None:
    """Ask IAM before a schedule's call."""
    scheduler._SCHEDULE_TICK_INTERVAL = TICK_SECONDS

    def permitted(invoke: AnyCallable) -> AnyCallable:
        @functools.wraps(invoke)
        def asked(target: dict[str, Any], event: dict[str, Any], *rest: Any) -> None:
            refusal = _refusal(context, target) if event.get("Source") == "aws.scheduler" else None
            if refusal is None:
                invoke(target, event, *rest)
            else:
                _log.warning("schedule not run: %s", refusal)

        return asked

    replace(eventbridge, "_invoke_target", permitted)


def _refusal(context: RepairContext, target: dict[str, Any]) -> str | None:
    arn, role_arn = target["Arn"], target.get("RoleArn", "")
    action = ACTIONS.get(arn.split(":")[2], "")
    try:
        caller = context.identity.assume_for_service(role_arn, service="scheduler.amazonaws.com")
    except RoleRefused as refusal:
        return str(refusal)
    if context.identity.is_allowed(caller.arn, action=action, resource=arn):
        return None
    return f"User: {caller.arn} is not authorized to perform: {action} on resource: {arn}"
