"""Bodies that a service couldn't read are refused here, in AWS's words: MiniStack would fail over some of them."""

import re
import zlib

from ministack import app

from emulator.ministack.guard.routing import QUERY_SERVICES
from emulator.ministack.guard.service_input import broken_input
from emulator.ministack.http_request import Request
from emulator.untrusted_json import NotJson, parse

_XML_SERVICES = {"s3", "cloudfront"}
_NO_JSON = {"application/x-www-form-urlencoded", "application/cbor"}
# Parsed on the event loop, which they hold up for 80 ms at most; 100 items of a transaction have 5,000.
_VALUES_MAX = 30_000
_INVOCATION = re.compile(
    r"/\d{4}-\d\d-\d\d/functions/[^/]+/(invocations|invoke-async|response-streaming-invocations)/?"
)


class Unreadable(Exception):
    """The body can't be read; `code` is the name of AWS's error."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def require_readable(request: Request, service: str) -> None:
    """Raise Unreadable unless the service could read the body."""
    if service in _XML_SERVICES:
        return
    body = _decompressed(request, service)
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not body or (service in QUERY_SERVICES and media_type in _NO_JSON):
        return
    is_event = service == "lambda" and _INVOCATION.fullmatch(request.path)
    try:
        value = parse(body, values_max=None if is_event else _VALUES_MAX)
    except NotJson as error:
        code = "InvalidRequestContentException" if is_event else "SerializationException"
        raise Unreadable(code, f"Could not parse request body into json: {error}") from error
    if not is_event and not isinstance(value, dict):
        raise Unreadable("SerializationException", f"The body must be an object, got {type(value).__name__}.")
    # Strangers reach this service alone. Looking at the body of every call of the others would cost too much.
    if service == "cognito-idp":
        operation = request.headers.get("x-amz-target", "").rpartition(".")[2]
        if broken := broken_input(service, operation, value):
            raise Unreadable(*broken)


def _decompressed(request: Request, service: str) -> bytes:
    """Return the body; PutMetricData alone may be compressed, the only operation here with `requestCompression`."""
    headers = dict(request.headers)
    if "gzip" not in headers.get("content-encoding", "").lower():
        return request.body
    if service != "monitoring":
        raise Unreadable("SerializationException", f"{service} takes no compressed body.")
    try:
        return bytes(app._decompress_request_body(request.body, headers))
    except zlib.error as error:
        raise Unreadable("SerializationException", f"The body isn't compressed as its header says: {error}") from error
