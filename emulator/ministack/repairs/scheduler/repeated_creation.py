"""A repeated creation is answered as the first one was.

AWS: a call of CreateSchedule or CreateScheduleGroup with the client token of the call before it creates nothing, and
succeeds (EventBridge Scheduler API Reference, ClientToken: "to ensure the idempotency of the request"). The SDKs fill
the token in, and repeat a call whose answer got lost with the same one.
MiniStack: 409, so that such a repeat ended a deployment.
"""

import functools
from typing import Any

from ministack.core.responses import AccountRegionScopedDict, json_response
from ministack.services import scheduler

from emulator.ministack.repairs.patching import AnyCallable, RepairContext, replace

_tokens = AccountRegionScopedDict()


def apply(_context: RepairContext) -> None:
    """Remember the token with which each schedule and each group was created."""
    replace(scheduler, "_create_schedule", lambda create: _idempotent(create, scheduler._schedules, "ScheduleArn"))
    replace(
        scheduler,
        "_create_schedule_group",
        lambda create: _idempotent(create, scheduler._schedule_groups, "ScheduleGroupArn"),
    )


def _idempotent(create: AnyCallable, existing: Any, arn_field: str) -> AnyCallable:
    @functools.wraps(create)
    def created(name: str, body: dict[str, Any]) -> Any:
        key = f"{body.get('GroupName', 'default')}/{name}" if arn_field == "ScheduleArn" else name
        token = body.get("ClientToken")
        found = existing.get(key)
        if token and found and _tokens.get(found["Arn"]) == token:
            return json_response({arn_field: found["Arn"]})
        answer = create(name, body)
        if token and answer[0] == 200:
            _tokens[existing[key]["Arn"]] = token
        return answer

    return created
