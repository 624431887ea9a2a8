"""The page at the server's root: what the deployed CloudFront distribution answers, default object, routes and headers.

Only requests that AWS would refuse get here: unsigned reads, which no service but this one has an answer for.
"""

from email.utils import formatdate
from http import HTTPStatus

from emulator.asgi import Scope, Send
from emulator.ministack.cloudfront_viewer import Header, view
from emulator.ministack.guard.signature_check import is_public, is_signed
from emulator.ministack.http_request import Request
from emulator.ministack.http_response import send_json
from local.run_outputs import RunOutputs


class PageServer:
    """Serves the distribution that the run's outputs name, on the one address that its configuration knows."""

    def __init__(self, outputs: RunOutputs) -> None:
        self._outputs = outputs

    def is_asked_for(self, request: Request) -> bool:
        """Return True if the request is a browser's for the page, once there is one."""
        return (
            request.method in ("GET", "HEAD")
            and "authorization" not in request.headers
            and "x-amz-target" not in request.headers
            and not is_signed(request)
            and not is_public(request)
            and "web_distribution_id" in self._outputs()
        )

    async def serve(self, scope: Scope, request: Request, send: Send) -> None:
        """Answer one request."""
        outputs, query_string = self._outputs(), scope.get("query_string", b"").decode("latin-1")
        address = str(outputs["web_url"]).rstrip("/")
        if address.removeprefix("http://") != request.headers.get("host"):
            # localhost and 127.0.0.1 are two sites: from the other one, the page couldn't call the API.
            target = f"{address}{request.raw_path}{'?' if query_string else ''}{query_string}"
            await _answer(send, request, HTTPStatus.TEMPORARY_REDIRECT, [(b"location", target.encode("latin-1"))], b"")
            return
        found = await view(outputs["web_distribution_id"], request, query_string=query_string)
        if found is None:
            message = f"the distribution {outputs['web_distribution_id']} is there no more: `make up` makes it anew"
            await send_json(send, HTTPStatus.NOT_FOUND, {"message": message})
            return
        await _answer(send, request, *found)


async def _answer(send: Send, request: Request, status: int, headers: list[Header], body: bytes) -> None:
    """Send an answer; uvicorn leaves out the body of one to HEAD, whose length is told all the same."""
    told = [value for name, value in headers if name == b"content-length"]
    length = told[0] if told and request.method == "HEAD" else str(len(body)).encode()
    headers = [pair for pair in headers if pair[0] != b"content-length"]
    # CloudFront tells the time, and the page goes by it; the server leaves it out.
    headers.append((b"date", formatdate(usegmt=True).encode()))
    if status != HTTPStatus.NOT_MODIFIED:
        headers.append((b"content-length", length))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
