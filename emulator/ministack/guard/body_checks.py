"""Refuses bodies that a service couldn't read, with AWS's errors; MiniStack fails over some."""

import gzip
import io
import re
import zlib
from http import HTTPStatus

from emulator.ministack.forms import is_short
from emulator.ministack.guard.body_limits import (
    ASYNCHRONOUS_EVENT_BYTES,
    INVOCATION,
    SYNCHRONOUS_EVENT_BYTES,
)
from emulator.ministack.guard.routing import QUERY_SERVICES, has_form
from emulator.ministack.guard.service_input import broken_input
from emulator.ministack.http_request import Request
from emulator.untrusted_json import NotJson, parse

XML_SERVICES = {"s3", "cloudfront"}
_NO_JSON = {"application/x-www-form-urlencoded", "application/cbor"}
# Read on the event loop, which they hold up for 80 ms at most: DynamoDB looks at each value five times. 100 items of a
# transaction have 5,000.
_VALUES_MAX = 20_000
_PUBLIC_VALUES_MAX = 2_000  # many strangers may send them at once
_EVENT_VALUES_MAX = 100_000
_TAGS_MAX = 12_000  # of XML; the 1,000 keys that S3 deletes at once have 6,000
_DECOMPRESSED_BYTES_MAX = 1024 * 1024  # of PutMetricData
# What may stand in the query of an upload to S3; anything else asks for a setting, which is XML.
_OF_UPLOADS = re.compile("x-amz-.*|x-id|partnumber|uploadid|awsaccesskeyid|signature|expires", re.IGNORECASE)


class UnreadableBody(Exception):
    """The body can't be read; `code` is the name of AWS's error."""

    def __init__(self, code: str, message: str, status: int = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__(message)
        self.code = code
        self.status = status


def require_readable(request: Request, service: str) -> None:
    """Raise UnreadableBody if the service couldn't read the body."""
    if service in XML_SERVICES:
        _require_few_tags(request)
        return
    body = _decompressed(request, service)
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    # Callers without a signature reach this service only. Checking all bodies of the others would
    # cost too much.
    is_public = service == "cognito-idp"
    # MiniStack reads a body as JSON wherever there is a target, whatever the media type says.
    is_no_json = service in QUERY_SERVICES and media_type in _NO_JSON and "x-amz-target" not in request.headers
    if (not body and not is_public) or is_no_json:
        return
    is_event = service == "lambda" and INVOCATION.fullmatch(request.path)
    if is_event:
        _require_small_event(request)
    try:
        value = parse(
            body or b"{}",
            values_max=_EVENT_VALUES_MAX if is_event else _PUBLIC_VALUES_MAX if is_public else _VALUES_MAX,
        )
    except NotJson as error:
        code = "InvalidRequestContentException" if is_event else "SerializationException"
        raise UnreadableBody(code, f"Could not parse request body into json: {error}") from error
    if not is_event and not isinstance(value, dict):
        raise UnreadableBody("SerializationException", f"The body must be an object, got {type(value).__name__}.")
    if is_public:
        operation = request.headers.get("x-amz-target", "").rpartition(".")[2]
        if broken := broken_input(service, operation, value):
            raise UnreadableBody(*broken)


def _decompressed(request: Request, service: str) -> bytes:
    """Return the body, decompressed for PutMetricData.

    It is the only operation here with the trait `requestCompression`.
    """
    headers = dict(request.headers)
    if "gzip" not in headers.get("content-encoding", "").lower():
        return request.body
    if service != "monitoring":
        raise UnreadableBody("SerializationException", f"{service} takes no compressed body.")
    try:
        body = gzip.GzipFile(fileobj=io.BytesIO(request.body)).read(_DECOMPRESSED_BYTES_MAX + 1)
    except (EOFError, OSError, zlib.error) as error:
        raise UnreadableBody(
            "SerializationException", f"The body isn't compressed as its header says: {error}"
        ) from error
    if len(body) > _DECOMPRESSED_BYTES_MAX or (has_form(request) and not is_short(body)):
        message = f"The body has more than {_DECOMPRESSED_BYTES_MAX} bytes once it is decompressed, or too many fields."
        raise UnreadableBody("RequestEntityTooLarge", message, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return body


def _require_small_event(request: Request) -> None:
    """Raise UnreadableBody for an event larger than Lambda's limit."""
    size = len(request.body)
    is_asynchronous = request.headers.get("x-amz-invocation-type") == "Event" or "/invoke-async" in request.path
    if is_asynchronous and size > ASYNCHRONOUS_EVENT_BYTES:
        limit = f"(limit {ASYNCHRONOUS_EVENT_BYTES} bytes)"
        message = f"{size} byte payload is too large for the Event invocation type {limit}"
    elif size > SYNCHRONOUS_EVENT_BYTES:
        message = f"Request must be smaller than {SYNCHRONOUS_EVENT_BYTES} bytes for the InvokeFunction operation"
    else:
        return
    raise UnreadableBody("RequestEntityTooLargeException", message, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


def _require_few_tags(request: Request) -> None:
    """Raise UnreadableBody for XML that takes long to process; an object's content isn't read."""
    is_object = request.method == "PUT" and all(map(_OF_UPLOADS.fullmatch, request.query))
    if not is_object and (number := request.body.count(b"<")) > _TAGS_MAX:
        message = f"The document has {number} tags, at most {_TAGS_MAX} are allowed."
        raise UnreadableBody("MalformedXML", message)
