"""Limits of a body's size, which are checked before anything reads it.

They are AWS's limits, unless those are too large for one process that also serves others: a body is
always read completely, on the event loop.
"""

import re

from emulator.ministack.forms import FORM_BYTES_MAX, FORM_PARTS_MAX, is_short, parts
from emulator.ministack.guard.routing import answering_service, has_form
from emulator.ministack.guard.signature_check import is_public
from emulator.ministack.http_request import BadRequest, Request

_MIB = 1024 * 1024
INVOCATION = re.compile(r"/\d{4}-\d\d-\d\d/functions/[^/]+/(invocations|invoke-async|response-streaming-invocations)/?")
SYNCHRONOUS_EVENT_BYTES = 6 * _MIB
ASYNCHRONOUS_EVENT_BYTES = _MIB
# Of a call that anybody can make; parsed on the event loop, it holds others up for 40 ms at most.
_PUBLIC_BYTES = 128 * 1024
_BYTES = {
    "dynamodb": 4 * _MIB,  # a transaction; AWS takes 16 MB of BatchWriteItem
    "lambda": 8 * _MIB,  # a package of 6 MB as base64; AWS takes 50 MB
    "s3": 32 * _MIB,  # AWS takes 5 GB
}
_MESSAGE_BYTES = _MIB + _MIB // 8  # the largest message of SQS or EventBridge, and what goes with it


def body_limit(head: Request) -> int:
    """Return the number of bytes that a request's body may have."""
    return _PUBLIC_BYTES if is_public(head) else _BYTES.get(answering_service(head), _MESSAGE_BYTES)


def require_few_parts(request: Request) -> None:
    """Raise BadRequest for a form that takes long to read; an object's content isn't read."""
    if has_form(request) and not is_short(request.body) and answering_service(request) != "s3":
        raise BadRequest(
            f"the form has {len(request.body)} bytes, with {parts(request.body)} fields and escaped characters;"
            f" at most {FORM_BYTES_MAX} and {FORM_PARTS_MAX} are allowed"
        )
