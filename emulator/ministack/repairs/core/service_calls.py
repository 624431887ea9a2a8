"""A signed call of a service goes straight to it.

AWS: each service has an endpoint of its own.
MiniStack: asks for each request whether its path or host is one of a hundred that aren't a service's, and reads
the signature again. The guard answers to one host only, and has read and verified the signature already.
Source: `ministack.app.app`, of which this is what concerns a POST to `/` with a signature in its header.
"""

import uuid

from ministack import app
from ministack.core import iam_evaluator
from ministack.core.responses import StreamingResponse

from emulator.asgi import App, Receive, Scope, Send
from emulator.ministack.guard import verified_request
from emulator.ministack.repairs.patching import RepairContext, replace

_STREAMED_BODY = "STREAMING-"  # S3's, which MiniStack has to put together


def apply(_context: RepairContext) -> None:
    """Pass the many steps by that can't apply."""
    replace(app, "app", _straight_to_the_service)


def _straight_to_the_service(whole: App) -> App:
    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        headers = _headers_of_a_call(scope)
        if headers is None:
            await whole(scope, receive, send)
            return
        access_key_id = app.extract_access_key_id(headers, {})
        _remember_the_caller(scope, headers, access_key_id)
        body = (await receive()).get("body", b"")
        answer = await app._dispatch_service_request("POST", "/", headers, body, {}, str(uuid.uuid4()))
        dated = app._with_date_header(send)
        if isinstance(answer[2], StreamingResponse):
            await app._send_streaming_response(dated, receive, *answer)
        else:
            await app._send_response(dated, *answer)

    return served


def _headers_of_a_call(scope: Scope) -> dict[str, str] | None:
    """Return the headers of a call of a service that the guard has verified, None for any other request."""
    if scope["type"] != "http" or scope["method"] != "POST" or scope["path"] != "/" or scope["query_string"]:
        return None
    headers = {name.decode("latin-1").lower(): app.decode_header_value(value) for name, value in scope["headers"]}
    is_verified = headers.get("authorization", "") == verified_request.authorization.get() != ""
    is_plain = len(headers) == len(scope["headers"]) and not headers.get("x-amz-content-sha256", "").startswith(
        _STREAMED_BODY
    )
    return headers if is_verified and is_plain else None


def _remember_the_caller(scope: Scope, headers: dict[str, str], access_key_id: str) -> None:
    """Set what MiniStack remembers of a request, in the context that each request has."""
    client = (scope.get("client") or ("127.0.0.1",))[0]
    app.set_request_client_ip(client)
    app.pin_request_origin(client, False)
    app.set_request_account_id(app._request_account_scope(access_key_id))
    app.set_request_region(app.extract_region(headers, {}))
    iam_evaluator._signed_request.set(None)
    iam_evaluator._anonymous.set(False)
    iam_evaluator._verified_key.set(access_key_id)
