"""Bodies under a signature, and trailers after them. Checked in this process; botocore signs."""

from dataclasses import replace

import pytest

from emulator.ministack.http_request import Request
from tests.emulator.support.signed_requests import GET_ITEM, OBJECT, code, message, presigned, signed, with_headers


@pytest.mark.parametrize(
    "claimed",
    [
        "UNSIGNED-PAYLOAD",
        "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
        "",
        "x",
        "0" * 64,
        "A" * 64,
    ],
)
def test_only_s3_takes_a_body_that_is_not_signed(claimed: str) -> None:
    """The signer itself leaves the body unsigned, so that anybody could replace it."""
    request = signed("dynamodb", GET_ITEM, headers={"x-amz-content-sha256": claimed})

    assert code(with_headers(request, body=b'{"TableName": "other"}')) in (
        "SignatureDoesNotMatch",
        "XAmzContentSHA256Mismatch",
    )


def test_s3_says_what_a_body_may_be_signed_as() -> None:
    request = signed("s3", method="PUT", path=OBJECT, headers={"x-amz-content-sha256": "NOT-SIGNED"})

    assert "must be STREAMING-" in message(request)


CHUNKS = b"4\r\nbody\r\n0\r\n"
STREAMED = {"x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER", "content-encoding": "aws-chunked"}
CHUNKED = {"content-encoding": "aws-chunked", "x-amz-decoded-content-length": "4"}


def upload(trailer: bytes, announced: str) -> Request:
    """Make a streaming upload with its checksum in the trailer, as SDKs do."""
    request = signed(
        "s3",
        method="PUT",
        path=OBJECT,
        headers={**STREAMED, "x-amz-trailer": announced},
    )
    return replace(request, body=CHUNKS + trailer + b"\r\n")


def test_a_checksum_may_follow_a_streaming_upload() -> None:
    assert code(upload(b"x-amz-checksum-crc32:AAAAAA==\r\n", "x-amz-checksum-crc32")) is None


@pytest.mark.parametrize(
    "trailer",
    [
        b"x-amz-target:DynamoDB_20120810.DeleteTable",
        b"authorization:AWS4-HMAC-SHA256 Credential=AKIAADMIN/1/1/s3/aws4_request",
        b"x-amz-copy-source:/other/key",
        b"X-Amz-Acl:public-read",
        b"host:sqs.localhost",
        b"content-type:application/x-www-form-urlencoded",
    ],
)
def test_nothing_else_follows_a_body(trailer: bytes) -> None:
    """MiniStack would read the trailer as headers, and no part of it is signed."""
    announced = trailer.partition(b":")[0].decode()
    url = presigned("s3", OBJECT, method="PUT")
    body = CHUNKS + trailer + b"\r\n\r\n"

    assert code(upload(trailer + b"\r\n", announced)) == "MalformedTrailerError"
    assert code(with_headers(url, headers={"content-encoding": "aws-chunked"}, body=body)) == "MalformedTrailerError"


def test_only_s3_takes_a_body_in_chunks() -> None:
    public = Request(
        "POST", "/", "/", {}, {"x-amz-target": "AWSCognitoIdentityProviderService.InitiateAuth"} | CHUNKED, CHUNKS
    )  # fmt: skip

    assert code(public) == "IncompleteSignature"
    assert code(with_headers(public, headers={"content-encoding": ""})) == "IncompleteSignature"
