"""Logs Insights keeps saved queries.

AWS: keeps them, tells them by their names' beginning, page by page, and changes or removes them by their id
(CloudWatch Logs API Reference, PutQueryDefinition, DescribeQueryDefinitions, DeleteQueryDefinition).
MiniStack: "Unknown action".
"""

import copy
import functools
import json
import time
import uuid
from collections.abc import Callable
from typing import Any

from ministack.core.responses import AccountRegionScopedDict, error_response_json, json_response
from ministack.services import cloudwatch_logs

from emulator.ministack.repairs.patching import AnyCallable, RepairContext, replace

Data = dict[str, Any]
KEPT = ("name", "queryString", "queryLanguage", "logGroupNames", "parameters")
LONGEST = {"name": 255, "queryString": 10_000}
PAGE = 1000
STATE = "query_definitions"

_definitions = AccountRegionScopedDict()


def apply(_context: RepairContext) -> None:
    """Add the three operations, and save the queries with the state."""
    replace(cloudwatch_logs, "handle_request", _serving)
    replace(cloudwatch_logs, "get_state", lambda state: lambda: {**state(), STATE: copy.deepcopy(_definitions)})
    replace(cloudwatch_logs, "load_persisted_state", _restoring)


def put(data: Data) -> Any:
    """Create a saved query, or change the one with that id."""
    for name, longest in LONGEST.items():
        if not 1 <= len(data.get(name) or "") <= longest:
            return _refusal("InvalidParameterException", f"{name} must have 1 to {longest} characters.")
    id_ = data.get("queryDefinitionId") or str(uuid.uuid4())
    if data.get("queryDefinitionId") and id_ not in _definitions:
        return _missing(id_)
    given = {name: data[name] for name in KEPT if data.get(name) is not None}
    _definitions[id_] = {
        "queryLanguage": "CWLI",
        **given,
        "queryDefinitionId": id_,
        "lastModified": int(time.time() * 1000),
    }
    return json_response({"queryDefinitionId": id_})


def describe(data: Data) -> Any:
    """Return a page of the saved queries with a name prefix, sorted by name."""
    try:
        start, most = int(data.get("nextToken") or 0), int(data.get("maxResults") or PAGE)
    except ValueError:
        return _refusal("InvalidParameterException", "The specified nextToken is invalid.")
    prefix, language = data.get("queryDefinitionNamePrefix") or "", data.get("queryLanguage")
    found = sorted(
        (one for one in _definitions.values() if one["name"].startswith(prefix)),
        key=lambda one: (one["name"], one["queryDefinitionId"]),
    )
    found = [one for one in found if language in (None, one["queryLanguage"])]
    more = {"nextToken": str(start + most)} if start + most < len(found) else {}
    return json_response({"queryDefinitions": found[start : start + most], **more})


def delete(data: Data) -> Any:
    """Remove a saved query."""
    id_ = data.get("queryDefinitionId") or ""
    if id_ not in _definitions:
        return _missing(id_)
    del _definitions[id_]
    return json_response({"success": True})


OPERATIONS: dict[str, Callable[[Data], Any]] = {
    "PutQueryDefinition": put,
    "DescribeQueryDefinitions": describe,
    "DeleteQueryDefinition": delete,
}


def _serving(handle: AnyCallable) -> AnyCallable:
    @functools.wraps(handle)
    async def served(method: str, path: str, headers: Any, body: bytes, query: Any) -> Any:
        operation = OPERATIONS.get(headers.get("x-amz-target", "").rpartition(".")[2])
        if operation is None:
            return await handle(method, path, headers, body, query)
        try:
            data = json.loads(body or b"{}")
        except ValueError:
            return _refusal("SerializationException", "Invalid JSON")
        return operation(data)

    return served


def _restoring(restore: AnyCallable) -> AnyCallable:
    @functools.wraps(restore)
    def restored(state: Data) -> Any:
        _definitions.update((state or {}).get(STATE, {}))
        return restore(state)

    return restored


def _missing(id_: str) -> Any:
    return _refusal("ResourceNotFoundException", f"The query definition {id_} does not exist.")


def _refusal(code: str, message: str) -> Any:
    return error_response_json(code, message, 400)
