"""The description of an event source mapping includes its MetricsConfig.

AWS: MetricsConfig comes back from each call on a mapping (Lambda API reference, EventSourceMappingConfiguration).
MiniStack: forgets it, and each plan wants to add it.
"""

import functools
import json
from typing import Any

from ministack.core.responses import json_response
from ministack.services import lambda_svc

from emulator.ministack.repairs.patching import AnyCallable, RepairContext, replace


def apply(_context: RepairContext) -> None:
    """Keep MetricsConfig when a mapping is created or changed."""
    replace(lambda_svc, "_create_esm", _keeping_at_creation)
    replace(lambda_svc, "_update_esm", _keeping_at_change)


def _keeping_at_creation(create: AnyCallable) -> AnyCallable:
    @functools.wraps(create)
    def created(data: dict[str, Any]) -> Any:
        answer = create(data)
        return _keep(json.loads(answer[2])["UUID"], data, answer) if answer[0] == 202 else answer

    return created


def _keeping_at_change(update: AnyCallable) -> AnyCallable:
    @functools.wraps(update)
    def updated(mapping_id: str, data: dict[str, Any]) -> Any:
        answer = update(mapping_id, data)
        return _keep(mapping_id, data, answer) if answer[0] in (200, 202) else answer

    return updated


def _keep(mapping_id: str, data: dict[str, Any], answer: Any) -> Any:
    if "MetricsConfig" not in data:
        return answer
    mapping = lambda_svc._esms[mapping_id]
    mapping["MetricsConfig"] = data["MetricsConfig"]
    return json_response(lambda_svc._esm_response(mapping), answer[0])
