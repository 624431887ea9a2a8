"""The X-Ray calls that a traced function makes, answered and ignored.

MiniStack answers them with 400, which shows up as an error in a function that works.
"""

import re
from typing import Any

from emulator.asgi import App, Receive, Scope, Send
from emulator.ministack.http_request import head_of
from emulator.ministack.http_response import send_json
from emulator.ministack.iam_identity import EmulatedIdentity

CALLS: dict[str, tuple[str, dict[str, Any]]] = {
    "/GetSamplingRules": ("xray:GetSamplingRules", {"SamplingRuleRecords": []}),
    "/SamplingTargets": ("xray:GetSamplingTargets", {"SamplingTargetDocuments": [], "UnprocessedStatistics": []}),
    "/TelemetryRecords": ("xray:PutTelemetryRecords", {}),
    "/TraceSegments": ("xray:PutTraceSegments", {"UnprocessedTraceSegments": []}),
}
SCOPE = re.compile(r"Credential=([^/]+)/\d+/[^/]+/xray/aws4_request")


def with_xray(emulator: App, identity: EmulatedIdentity) -> App:
    """Return the emulator with X-Ray; the guard has already verified the signature."""

    async def route(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        signed = SCOPE.search(head_of(scope).headers.get("authorization", "")) if path in CALLS else None
        caller = identity.find(signed[1]) if signed else None
        if caller is None:
            await emulator(scope, receive, send)
            return
        action, answer = CALLS[path]
        if identity.is_allowed(caller.arn, action=action, resource="*"):
            await send_json(send, 200, answer)
        else:
            message = f"User: {caller.arn} is not authorized to perform: {action}"
            await send_json(send, 403, {"__type": "AccessDeniedException", "message": message})

    return route
