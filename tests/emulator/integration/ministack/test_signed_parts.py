"""Signed requests that somebody else changed. Checked in this process; botocore signs."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

import pytest
from botocore.session import get_session

from emulator.ministack.guard.signature_version_2 import CHOOSE_AMONG_LISTED
from emulator.ministack.http_request import Request
from tests.emulator.support.signed_requests import (
    FORM,
    GET_ITEM,
    OBJECT,
    SESSION,
    USER,
    code,
    message,
    presigned,
    presigned_old,
    signed,
    with_headers,
    with_query,
)  # fmt: skip

DELETE_TABLE = {"x-amz-target": "DynamoDB_20120810.DeleteTable"}
ADMINS = "AKIAADMIN/20260101/us-east-1/s3/aws4_request"
S3 = get_session().get_service_model("s3")
# The parameters that select another operation on the same path and method.
SUB_RESOURCES = sorted(
    {
        parse_qsl(query, keep_blank_values=True)[0][0]
        for name in S3.operation_names
        if (query := S3.operation_model(name).http["requestUri"].partition("?")[2])
    }
    - {"list-type"}
)
HERE = {f"x-amz-{name}": "x" for name in ("target", "acl", "copy-source", "meta-a", "date", "user-agent", "expires")}


SIGNED: dict[str, Callable[[], Request]] = {
    "a presigned URL": lambda: presigned("s3", OBJECT),
    "an old presigned URL": lambda: presigned_old(OBJECT),
    "a presigned URL of STS": lambda: presigned("sts", "/?Action=GetCallerIdentity&Version=2011-06-15"),
    "a signed call": lambda: signed("sqs", path="/", body=b"Action=ListQueues", headers=FORM),
    "a signed upload": lambda: signed("s3", method="PUT", path=OBJECT),
}


@pytest.mark.parametrize("name", SIGNED)
@pytest.mark.parametrize("header", HERE)
def test_no_header_of_amazons_is_added_afterwards(name: str, header: str) -> None:
    request = SIGNED[name]()
    assert code(request) is None

    added = with_headers(request, headers={header: request.headers.get(header, "") + HERE[header]})

    assert code(added) in ("AccessDenied", "SignatureDoesNotMatch", "IncompleteSignature", "RequestTimeTooSkewed")


@pytest.mark.parametrize("name", SIGNED)
def test_a_presigned_url_is_no_call_of_another_service(name: str) -> None:
    assert code(with_headers(SIGNED[name](), headers=DELETE_TABLE, method="POST", body=b'{"TableName": "a"}'))


def test_the_host_must_be_signed() -> None:
    request = signed("dynamodb", GET_ITEM)

    without = with_headers(request, headers={"authorization": request.headers["authorization"].replace("host;", "")})

    assert message(without) == "'Host' must be a 'SignedHeader' in the AWS Authorization."


@pytest.mark.parametrize("dropped", ["x-amz-date", "x-amz-security-token", "x-amz-target"])
def test_what_must_be_signed_may_not_be_left_out_by_the_signer(monkeypatch: Any, dropped: str) -> None:
    monkeypatch.setattr("botocore.auth.SIGNED_HEADERS_BLACKLIST", ["user-agent", "authorization", dropped])

    request = signed("dynamodb", GET_ITEM, key=SESSION)

    assert dropped not in request.headers["authorization"]
    assert (code(request), dropped.title() in message(request)) == ("SignatureDoesNotMatch", True)


def test_s3_names_what_is_not_signed() -> None:
    assert message(with_headers(presigned("s3", OBJECT), headers={"x-amz-acl": "public-read"})) == (
        "There were headers present in the request which were not signed: x-amz-acl"
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("Credential=", f"Credential={ADMINS}, Credential="),
        lambda text: f"{text}, Credential={ADMINS}",
        lambda text: text + ", Region=us-east-1",
        lambda text: text.replace("Credential=", "X=Credential=AKIAADMIN/1/1/s3/aws4_request, Credential="),
        lambda text: text.replace("SignedHeaders=", "SignedHeaders=Credential=AKIAADMIN/1/1/s3/;"),
        lambda text: text.replace("/aws4_request", "/aws4_request/"),
        lambda text: text.replace("/aws4_request", "/other"),
        lambda text: text[:-1] + "é",
        lambda text: text[:-1],
        lambda text: text + "0",
        lambda text: text.replace("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256-PAYLOAD"),
        lambda text: text.replace("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256"),
        lambda _text: "AWS AKIAUSER:x",
    ],
)  # fmt: skip
def test_a_signature_reads_in_one_way_only(change: Any) -> None:
    request = signed("s3", path=OBJECT, method="GET", body=b"", key=USER)

    assert code(with_headers(request, headers={"authorization": change(request.headers["authorization"])}))


@pytest.mark.parametrize(
    "changes",
    [
        {"X-Amz-Signature": ["0" * 64, "x"]},
        {"x-amz-signature": ["x"]},
        {"X-AMZ-SIGNATURE": ["x"]},
        {"x-amz-credential": [ADMINS]},
        {"X-Amz-Credential": [ADMINS] * 2},
        {"X-Amz-Signature": ["é" * 64]},
        {"X-Amz-Signature": [""]},
        {"X-Amz-Algorithm": ["AWS4-ECDSA-P256-SHA256"]},
        {"X-Amz-Algorithm": []},
        {"Action": ["ListQueues"]},
        {"AWSAccessKeyId": ["AKIAADMIN"]},
        {"X-Amz-Security-Token": ["token"]},
        {"prefix": ["a"]},
    ],
    ids=repr,
)
def test_nothing_is_added_to_a_presigned_url(changes: dict[str, list[str]]) -> None:
    assert code(with_query(presigned("s3", OBJECT, key=USER), changes))


def test_a_token_is_in_the_query_or_in_a_header() -> None:
    request = presigned("s3", OBJECT, key=SESSION)

    assert code(with_headers(request, headers={"x-amz-security-token": "token"})) == "IncompleteSignature"


@pytest.mark.parametrize(
    "changes",
    [
        {"Action": ["ListQueues"]},
        {"Action": ["ListQueues"], "Version": ["2012-11-05"]},
        {"X-Amz-Credential": [ADMINS]},
        {"x-amz-credential": [ADMINS]},
        {"x-amz-copy-source": ["/other/key"]},
        {"X-Amz-Acl": ["public-read"]},
        {"x-amz-security-token": ["token"]},
        {"AWSAccessKeyId": ["AKIAUSER", "AKIAADMIN"]},
        {"Expires": ["9" * 5_000]},
        {"Expires": ["²"]},
        {"Expires": ["9999999999"]},
        {"Signature": ["é"]},
        {"Signature": ["a", "b"]},
        {"Signature": []},
        {"versionId": ["other"]},
        *({name: [""]} for name in SUB_RESOURCES),
        {"": [""]},
    ],
    ids=lambda changes: f"{changes}"[:60],
)
def test_an_old_presigned_url_leaves_nothing_open_that_matters(changes: dict[str, list[str]]) -> None:
    assert code(with_query(presigned_old(OBJECT, key=USER), changes))


def test_an_old_presigned_url_of_a_list_leaves_open_where_the_list_begins_and_ends() -> None:
    of_lists = [S3.operation_model(name).input_shape for name in S3.operation_names if name.startswith("List")]
    members = [member.serialization for shape in of_lists for member in (shape.members.values() if shape else ())]
    assert CHOOSE_AMONG_LISTED - {"list-type"} <= {member.get("name") for member in members}

    assert code(with_query(presigned_old("/bucket/"), {name: ["1"] for name in CHOOSE_AMONG_LISTED})) is None


def test_whoever_signs_an_old_url_is_who_calls() -> None:
    """MiniStack prefers the key in X-Amz-Credential to the one that signed the request."""
    request = presigned_old(OBJECT, key=USER, headers={"x-amz-credential": ADMINS})

    assert code(request) == "IncompleteSignature"


@pytest.mark.parametrize("path", ["/bucket/other", "/2015-03-31/functions", "/v1/apis"])
def test_an_old_presigned_url_is_for_its_path(path: str) -> None:
    assert code(replace(presigned_old(OBJECT), path=path, raw_path=path)) == "SignatureDoesNotMatch"
    if path != "/bucket/other":
        assert "correct service" in message(presigned_old(path))


@pytest.mark.parametrize(
    "path",
    [
        "/2015-03-31/functions/other/../a",
        "/2015-03-31/./functions/a",
        "/2015-03-31//functions/a",
        "//2015-03-31/functions/a",
    ],
)
def test_only_s3_takes_a_path_that_is_not_normalized(path: str) -> None:
    request = signed("lambda", method="DELETE", path="/2015-03-31/functions/a", body=b"")
    assert code(request) is None

    assert code(replace(request, path=path, raw_path=path)) == "SignatureDoesNotMatch"


@pytest.mark.parametrize(
    ("seconds", "reason"),
    [
        ("604801", "must be less than a week"),
        ("9" * 400, "should be a number"),
        ("-1", "must be non-negative"),
        ("", "should be a number"),
        ("1e3", "should be a number"),
        ("１０", "should be a number"),
        (" 60", "should be a number"),
        ("NaN", "should be a number"),
    ],
    ids=lambda value: value[:10],
)
def test_a_presigned_url_has_an_end_within_a_week(seconds: str, reason: str) -> None:
    request = with_query(presigned("s3", OBJECT), {"X-Amz-Expires": [seconds]})

    assert (code(request), reason in message(request)) == ("AuthorizationQueryParametersError", True)


@pytest.mark.parametrize(
    "date", ["", "x", "20260101", "20261301T000000Z", "20260101T000000", "２0260101T000000Z", "9" * 99]
)
def test_a_time_that_is_none_is_refused(date: str) -> None:
    call = with_headers(signed("dynamodb", GET_ITEM), headers={"x-amz-date": date})
    url = with_query(presigned("s3", OBJECT), {"X-Amz-Date": [date]})

    assert code(call) == "IncompleteSignature"
    assert code(url) in ("AuthorizationQueryParametersError", "IncompleteSignature")


@pytest.mark.parametrize("date", ["Mon, 01 Jan 0001 00:00:00 +2359", "Fri, 31 Dec 9999 23:59:59 -2359", "x", ""])
def test_a_date_does_for_no_time_of_a_signature(date: str) -> None:
    request = signed("dynamodb", GET_ITEM)
    headers = {name: value for name, value in request.headers.items() if name != "x-amz-date"} | {"date": date}

    assert code(replace(request, headers=headers)) == "IncompleteSignature"


def test_a_presigned_url_does_not_begin_later(monkeypatch: pytest.MonkeyPatch) -> None:
    later = datetime.now(UTC).replace(tzinfo=None, year=datetime.now(UTC).year + 1, day=1)
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda **_: later)

    assert message(presigned("s3", OBJECT)) == "Request is not valid yet"
