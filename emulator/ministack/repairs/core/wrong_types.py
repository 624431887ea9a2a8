"""A call with a member of another type than its operation's is refused, where it would be a failure.

AWS: SerializationException for a member of the wrong type, ValidationException for one that is
missing or out of bounds.
MiniStack: stumbles over it anywhere, with an answer of 500 and a traceback. Over the name of a
queue, a key or a rule it does so before any service has the call.
To hold every call against its model would take a millisecond each. So only failed calls are, in a
thread, because a large one takes 200 ms.
Source: botocore's service models.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from functools import cache
from typing import Any

from botocore.session import get_session
from ministack import app
from ministack.core.responses import error_response_json

from emulator.ministack.guard.service_input import WRONG_TYPE, broken_input
from emulator.ministack.repairs.patching import RepairContext, replace
from emulator.untrusted_json import NotJson, parse_object

Answer = tuple[int, dict[str, str], bytes]
Serve = Callable[..., Awaitable[Answer]]
# botocore's names of services that MiniStack calls by their signing names.
MODELS = {"monitoring": "cloudwatch", "states": "stepfunctions", "tagging": "resourcegroupstaggingapi"}
REST = ("appsync", "lambda", "scheduler")  # they name their operation by the path


def apply(_context: RepairContext) -> None:
    """Look at the input of calls that failed, in a service and before it."""
    for service, handler in app.SERVICE_HANDLERS.items():
        app.SERVICE_HANDLERS[service] = _checking(handler, lambda *_request, service=service: service)
    replace(app, "_dispatch_service_request", lambda dispatch: _checking(dispatch, _service_of))


def _checking(serve: Serve, service_of: Callable[..., str]) -> Serve:
    async def served(
        method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, list[str]], *more: Any
    ) -> Answer:
        try:
            return await serve(method, path, headers, body, query, *more)
        except Exception:
            service = service_of(method, path, headers, body, query)
            refused = await asyncio.to_thread(refusal, service, method, path, headers, body)
            if refused is None:
                raise
            return refused

    return served


def _service_of(method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, list[str]]) -> str:
    asked = app._routing_params(method, path, headers, body, query)
    return str(app.detect_service(method, path, headers, asked))


def refusal(service: str, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer | None:
    """Return the answer to a call whose body breaks its operation's model; None for any other."""
    target = headers.get("x-amz-target", "")
    operation = target.rpartition(".")[2] or _operation_at(service, method, path)
    try:
        given = parse_object(body or b"{}")
    except NotJson:  # a form, or a document of XML
        return None
    broken = broken_input(MODELS.get(service, service), operation, given) if operation else None
    # What the path and the query hold isn't in the body, so it would count as missing.
    if broken is None or (not target and broken[0] != WRONG_TYPE):
        return None
    code = broken[0] if broken[0] == WRONG_TYPE else "ValidationException"
    answer: Answer = error_response_json(code, broken[1], 400)
    return answer


def _operation_at(service: str, method: str, path: str) -> str | None:
    found = (name for name, verb, at in _paths(service) if verb == method and at.fullmatch(path))
    return next(found, None)


@cache
def _paths(service: str) -> list[tuple[str, str, re.Pattern[str]]]:
    """Return the operations of a service with their methods and paths; none if the path isn't what names them."""
    if service not in REST:
        return []
    model = get_session().get_service_model(service)
    http = {name: model.operation_model(name).http for name in model.operation_names}
    return [(name, one["method"], _pattern(one["requestUri"].partition("?")[0])) for name, one in http.items()]


def _pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"\{\w+(\+?)\}", path.rstrip("/"))
    fixed, greedy = parts[::2], parts[1::2]
    between = [".+" if one else "[^/]+" for one in greedy]
    return re.compile("".join(re.escape(text) + gap for text, gap in zip(fixed, [*between, "/?"], strict=True)))
