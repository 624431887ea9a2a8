"""What a request says of its own body: by a hash, in chunks, with headers that follow it."""

import hashlib
import re

from ministack import app
from ministack.core.iam_evaluator import AuthError

from emulator.ministack.http_request import Request

_HASH = re.compile("[0-9a-f]{64}")
# S3 alone takes a body whose hash isn't signed (S3 API reference, "Authorization header").
_UNHASHED = {
    "UNSIGNED-PAYLOAD",
    "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
}
_DECIDE_OVER_CHUNKS = {"content-encoding", "x-amz-content-sha256", "x-amz-decoded-content-length", "x-amz-trailer"}
_TRAILERS = re.compile("x-amz-checksum-[a-z0-9]+|x-amz-trailer-signature")


def payload_failure(request: Request, service: str) -> AuthError | None:
    """Return why the body isn't what the headers say, or could pass for more than a body."""
    claimed = request.headers.get("x-amz-content-sha256")
    if claimed is None or (service == "s3" and claimed in _UNHASHED):
        return _trailer_failure(request, service)
    if not _HASH.fullmatch(claimed):
        if service == "s3":
            allowed = f"{', '.join(sorted(_UNHASHED))} or a valid sha256 value."
            return AuthError("InvalidArgument", f"x-amz-content-sha256 must be {allowed}")
        return AuthError("SignatureDoesNotMatch", f"X-Amz-Content-SHA256 must be the body's hash, got {claimed}.")
    if claimed != hashlib.sha256(request.body).hexdigest():
        message = "The provided 'x-amz-content-sha256' header does not match what was computed."
        return AuthError("XAmzContentSHA256Mismatch", message)
    return _trailer_failure(request, service)


def _trailer_failure(request: Request, service: str) -> AuthError | None:
    """Refuse headers that follow a body in chunks: MiniStack takes them all as if they had come with the others."""
    given = {name: value for name, value in request.headers.items() if name in _DECIDE_OVER_CHUNKS}
    headers = dict(given)
    try:
        in_chunks = app._decode_aws_chunked_body(request.body, headers) is not request.body
    except app._IncompleteRequestBody:
        in_chunks = True
    if in_chunks and service != "s3":
        return AuthError("IncompleteSignature", "Only S3 takes a body in aws-chunked encoding.")
    if not all(_TRAILERS.fullmatch(name) for name in headers.keys() - given.keys()):
        message = "The request contained trailing data that did not conform to our published schema"
        return AuthError("MalformedTrailerError", message)
    return None
