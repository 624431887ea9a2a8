"""Checks the headers that describe a request's body: its hash, its chunks, its trailing headers."""

import hashlib
import re

from ministack import app
from ministack.core.iam_evaluator import AuthError

from emulator.ministack.http_request import Request

_HASH = re.compile("[0-9a-f]{64}")
# Only S3 accepts a body whose hash isn't signed (S3 API reference, "Authorization header").
_UNHASHED = {
    "UNSIGNED-PAYLOAD",
    "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
}
_DECIDE_OVER_CHUNKS = {"content-encoding", "x-amz-content-sha256", "x-amz-decoded-content-length", "x-amz-trailer"}
_CHUNK_BYTES_MIN = 8192  # but for the last (S3 API: "Transferring payload in multiple chunks")
_CHUNK_HEADER_BYTES_MAX = 200  # a size and a signature
_TRAILERS = re.compile("x-amz-checksum-[a-z0-9]+|x-amz-trailer-signature")


def payload_failure(request: Request, service: str) -> AuthError | None:
    """Return the failure of a body that doesn't match its headers, or has two meanings."""
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
    """Refuse trailing headers after a chunked body, except checksums.

    MiniStack would treat all of them like the headers before the body.
    """
    given = {name: value for name, value in request.headers.items() if name in _DECIDE_OVER_CHUNKS}
    headers = dict(given)
    if _claims_chunks(given) and _has_small_chunks(request.body):
        return AuthError("InvalidChunkSizeError", "Only the last chunk is allowed to have a size less than 8192 bytes")
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


def _claims_chunks(headers: dict[str, str]) -> bool:
    """Return True for headers by which MiniStack assumes a chunked body."""
    return (
        headers.get("x-amz-content-sha256", "").startswith("STREAMING-")
        or "aws-chunked" in headers.get("content-encoding", "")
        or bool(headers.get("x-amz-decoded-content-length"))
    )


def _has_small_chunks(body: bytes) -> bool:
    """Return True for a chunked body with a small chunk that isn't the last.

    A million small chunks take seconds.
    """
    at, was_small = 0, False
    while (end := body.find(b"\r\n", at, at + _CHUNK_HEADER_BYTES_MAX)) >= 0:
        size = re.match(rb"[0-9A-Fa-f]{1,16}", body[at:end])
        if size is None or (length := int(size[0], 16)) == 0:
            return False
        if was_small:
            return True
        at, was_small = end + 2 + length + 2, length < _CHUNK_BYTES_MIN
    return False
