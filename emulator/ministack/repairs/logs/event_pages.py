"""FilterLogEvents returns all events of a log group, page by page.

AWS: a page has at most 10,000 events, and a `nextToken` as long as there are more (CloudWatch Logs API Reference,
FilterLogEvents).
MiniStack: answers with the oldest events, 10,000 at most, and without a token: what was logged last is never seen.
The token contains the end of the page: the time of its last event, and the number of returned
events with that time. More than 10,000 events of one millisecond are cut there.
"""

import functools
import json
from typing import Any

from ministack.core.responses import error_response_json, json_response
from ministack.services import cloudwatch_logs

from emulator.ministack.repairs.patching import AnyCallable, RepairContext, replace

PAGE = 10_000


def apply(_context: RepairContext) -> None:
    """Answer in pages."""

    def paged(filter_events: AnyCallable) -> AnyCallable:
        @functools.wraps(filter_events)
        def filtered(data: dict[str, Any]) -> Any:
            try:
                start, told = _position(data.get("nextToken"))
            except ValueError:
                return error_response_json("InvalidParameterException", "The specified nextToken is invalid.", 400)
            asked = {**data, "limit": PAGE} | ({} if start is None else {"startTime": start})
            answer = filter_events(asked)
            if answer[0] != 200:
                return answer
            found = json.loads(answer[2])["events"]
            limit = max(1, min(int(data.get("limit", PAGE)), PAGE - told))
            events = found[told : told + limit]
            body: dict[str, Any] = {"events": events, "searchedLogStreams": []}
            if events and (len(found) > told + limit or len(found) == PAGE):
                last = events[-1]["timestamp"]
                body["nextToken"] = f"{last}/{sum(event['timestamp'] == last for event in found[: told + len(events)])}"
            return json_response(body)

        return filtered

    replace(cloudwatch_logs, "_filter_log_events", paged)


def _position(token: str | None) -> tuple[int | None, int]:
    """Return the start time of a page, and the number of its events to skip; raises ValueError."""
    if not token:
        return None, 0
    start, told = token.split("/")
    return int(start), int(told)
