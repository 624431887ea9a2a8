"""Large requests of callers with keys: those that take long to read are refused unread."""

import asyncio
import gzip
import json
import socket
import time
from contextlib import ExitStack
from types import SimpleNamespace
from typing import Any, cast

import psutil
import pytest
from botocore.exceptions import ClientError
from ministack import app
from ministack.core import iam_actions

from emulator.ministack import forms
from emulator.ministack.guard import guard
from emulator.ministack.guard.body_limits import body_limit
from emulator.ministack.guard.payload_headers import payload_failure
from emulator.ministack.guard.routing import answering_service, operation_names
from emulator.ministack.http_request import BadRequest, Request, head_of
from emulator.ministack.repairs.core import form_parsing as repaired
from emulator.ministack.repairs.patching import RepairContext
from local.server_process import Server
from tests.emulator.integration.ministack.test_malformed_requests import FORM, JSON, call, error_of, public
from tests.emulator.support.signed_requests import OBJECT, code, signed

IDP = "AWSCognitoIdentityProviderService"
MIB = 1024 * 1024
ASYNCHRONOUS = {"X-Amz-Invocation-Type": "Event"}
METRICS = JSON | {"X-Amz-Target": "GraniteServiceVersion20100801.PutMetricData", "Content-Encoding": "gzip"}
STREAMED = {"x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER", "content-encoding": "aws-chunked"}


def event(size: int) -> bytes:
    return b'"' + b"x" * (size - 2) + b'"'


def chunk(content: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(content), content)


@pytest.mark.parametrize("service", ["sqs", "sns", "iam", "sts", "monitoring", "dynamodb"])
@pytest.mark.parametrize("body", [b"a=1&" * 20_001, b"Action=A&b=" + b"%41" * 20_001], ids=["fields", "escapes"])
def test_a_form_that_takes_long_to_read_is_refused(emulator: Server, service: str, body: bytes) -> None:
    status, answer = call(emulator, service, body, headers=FORM)

    assert status == 400
    assert "fields and escaped characters; at most 1048576 and 20000 are allowed" in answer


def test_what_is_too_long_is_not_read_as_a_form(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "parse_qs", None)

    assert forms.fields(b"a=1&" * 20_001) == {}
    assert forms.fields(b"x" * (MIB + 1)) == {}


def test_no_text_is_made_of_a_body_that_is_too_long_to_be_read_as_a_form(monkeypatch: pytest.MonkeyPatch) -> None:
    class Body(bytes):
        def decode(self, *_: Any, **__: Any) -> str:
            raise AssertionError("an object of 32 MB takes 40 ms each time")

    for module, name in ((app, "_routing_params"), (iam_actions, "_action_from_query")):
        monkeypatch.setattr(module, name, getattr(module, name))
    repaired.apply(cast(RepairContext, None))
    request = signed("s3", path=OBJECT, method="PUT", headers=FORM, body=Body(b"x" * (MIB + 1)))

    assert answering_service(request) == "s3"
    assert len(operation_names(request, "s3")) == 1
    assert iam_actions._action_from_query({}, request.body, FORM["Content-Type"]) is None


def test_others_get_their_turn_between_the_check_of_a_body_and_the_work_on_it(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> list[str]:
        order: list[str] = []

        async def work(*_: Any) -> None:
            order.append("work")

        async def others() -> None:
            order.append("others")

        def check(*_: Any) -> None:
            order.append("check")
            asyncio.ensure_future(others())  # noqa: RUF006

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"{}"}

        monkeypatch.setattr(guard, "require_readable", check)
        given: Any = SimpleNamespace(paths=(), is_asked_for=lambda _: False)
        door = guard.Guard(work, port=1, region="", identity=given, health_path="", page=given, engineer=given)
        headers = JSON | {"host": "localhost:1", "x-amz-target": f"{IDP}.SignUp"}
        raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        await door({"type": "http", "method": "POST", "path": "/", "headers": raw}, receive, print)  # type: ignore[arg-type]
        return order

    assert asyncio.run(story()) == ["check", "others", "work"]


def test_a_form_of_twenty_thousand_fields_is_read(emulator: Server) -> None:
    names = "&".join(f"a{number}=1" for number in range(19_999))

    status, answer = call(emulator, "sns", f"Action=ListTopics&{names}".encode(), headers=FORM)

    assert (status, "ListTopicsResult" in answer) == (200, True)


def test_an_object_that_calls_itself_a_form_is_stored_as_quickly_as_another(emulator: Server) -> None:
    def stored(kind: str) -> float:
        began = time.monotonic()
        s3.put_object(Bucket="forms", Key="a", Body=body, ContentType=kind)
        return time.monotonic() - began

    s3, body = emulator.client("s3"), b"a=1&" * MIB
    s3.create_bucket(Bucket="forms")
    stored("text/plain")

    plain, form = stored("text/plain"), stored("application/x-www-form-urlencoded")

    assert s3.get_object(Bucket="forms", Key="a")["Body"].read() == body
    assert form < plain * 10 + 0.5  # it took 40 times as long


@pytest.mark.parametrize(
    ("service", "most"), [("sqs", MIB * 9 // 8), ("states", MIB * 9 // 8), ("dynamodb", 4 * MIB), ("s3", 32 * MIB)]
)
def test_a_service_takes_bodies_of_a_certain_size(service: str, most: int) -> None:
    target = None if service == "s3" else f"{service}.Any"

    assert body_limit(signed(service, target, path=OBJECT if service == "s3" else "/")) == most


def test_a_body_that_is_larger_is_refused(emulator: Server) -> None:
    answer = call(emulator, "sqs", event(2 * MIB), headers=JSON | {"X-Amz-Target": "AmazonSQS.SendMessage"})

    assert answer == (400, json.dumps({"message": "the body is larger than 1179648 bytes"}))


@pytest.mark.parametrize(
    ("size", "options", "message"),
    [
        (6 * MIB + 1, {}, "Request must be smaller than 6291456 bytes for the InvokeFunction operation"),
        (
            MIB + 1,
            {"headers": ASYNCHRONOUS},
            "1048577 byte payload is too large for the Event invocation type (limit 1048576 bytes)",
        ),
    ],
)
def test_an_event_that_is_larger_than_lambda_takes_is_refused(
    emulator: Server, size: int, options: dict[str, Any], message: str
) -> None:
    options = {"path": "/2015-03-31/functions/any/invocations", "headers": {}, **options}

    refused = call(emulator, "lambda", event(size), **options)
    taken = call(emulator, "lambda", event(size - 1), **options)

    assert (refused[0], json.loads(refused[1])["message"]) == (413, message)
    assert (error_of(refused)[1], taken[0]) == ("RequestEntityTooLargeException", 404)


def test_boto3_hears_that_an_event_is_too_large(emulator: Server) -> None:
    with pytest.raises(ClientError) as refused:
        emulator.client("lambda").invoke(FunctionName="any", Payload=event(6 * MIB + 1))

    assert refused.value.response["Error"]["Code"] == "RequestEntityTooLargeException"
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 413


@pytest.mark.parametrize(
    "body",
    [gzip.compress(b"a" * 50 * MIB), gzip.compress(b"{}") + gzip.compress(b" " * 50 * MIB)],
    ids=["one", "behind another"],
)
def test_what_is_large_once_it_is_decompressed_is_refused(emulator: Server, body: bytes) -> None:
    status, answer = call(emulator, "monitoring", body, headers=METRICS)

    assert (status, json.loads(answer)["__type"]) == (413, "RequestEntityTooLarge")


def test_only_the_last_chunk_of_an_upload_may_be_small() -> None:
    def upload(*chunks: bytes) -> Request:
        body = b"".join(map(chunk, chunks)) + b"0\r\n\r\n"
        return Request("PUT", OBJECT, OBJECT, {}, STREAMED, body)

    whole, tiny = b"x" * 8192, b"x"

    assert payload_failure(upload(whole, whole, tiny), "s3") is None
    assert payload_failure(upload(tiny), "s3") is None
    assert payload_failure(upload(*[tiny] * 100_000), "s3").code == "InvalidChunkSizeError"  # type: ignore[union-attr]


def test_a_body_that_looks_like_chunks_is_whatever_its_headers_say() -> None:
    assert code(signed("s3", path=OBJECT, method="PUT", body=chunk(b"x") * 3)) is None


def test_xml_of_many_tags_is_refused_where_it_is_read(emulator: Server) -> None:
    s3 = emulator.client("s3")
    s3.create_bucket(Bucket="tags")
    html = b"<p>a</p>" * 10_000
    s3.put_object(Bucket="tags", Key="a", Body=html)

    delete, tags = b"<Object><Key>b</Key></Object>" * 4_000, b"<Tag><Key>a</Key><Value>b</Value></Tag>" * 2_000
    deleting = call(emulator, "s3", b"<Delete>%s</Delete>" % delete, path="/tags?delete")
    tagging = call(emulator, "s3", b"<Tagging>%s</Tagging>" % tags, path="/tags/a?tagging", method="PUT")

    for _status, answer in (deleting, tagging):
        assert "<Code>MalformedXML</Code>" in answer
        assert "tags, at most 12000 are allowed" in answer
    assert s3.get_object(Bucket="tags", Key="a")["Body"].read() == html


def test_what_anybody_can_send_has_few_values(emulator: Server) -> None:
    answers = [public(emulator, "SignUp", json.dumps({"x": [1] * number}).encode()) for number in (1_000, 2_001)]

    assert [error_of(answer)[1] for answer in answers] == ["InvalidParameterException", "SerializationException"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"query_string": b"a=1&" * 5_001}, "fields and escaped characters, at most 5000 are allowed"),
        ({"query_string": b"a=" + b"%41" * 5_001}, "fields and escaped characters, at most 5000 are allowed"),
        ({"headers": [(b"a", b"b")] * 201}, "there are 201 headers, at most 200 are allowed"),
    ],
    ids=["fields", "escapes", "headers"],
)
def test_a_head_that_takes_long_to_read_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(BadRequest, match=message):
        head_of({"path": "/", "headers": [], **changes})


@pytest.mark.parametrize(
    ("begun", "answered"),
    [
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "HTTP/1.1 400 "),
        (
            "GET /_local/health HTTP/1.1\r\nHost: {host}\r\n"
            "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n",
            "HTTP/1.1 200 ",
        ),
    ],
    ids=["known before", "upgrade"],
)
def test_nobody_is_answered_in_http_2(emulator: Server, begun: str, answered: str) -> None:
    host = emulator.endpoint_url.removeprefix("http://")
    name, port = host.split(":")

    with socket.create_connection((name, int(port)), timeout=10) as connection:
        connection.sendall(begun.format(host=host).encode())
        answer = connection.recv(1024).decode("latin-1")

    assert answer.startswith(answered)


def test_a_connection_ends_when_its_client_closes_it(emulator: Server) -> None:
    host, port = emulator.endpoint_url.removeprefix("http://").split(":")
    process = psutil.Process(emulator.process.pid)
    before = process.num_fds()
    with ExitStack() as stack:
        for _ in range(50):
            connection = stack.enter_context(socket.create_connection((host, int(port)), timeout=10))
            connection.sendall(f"GET /_local/health HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
            while b"ready" not in connection.recv(1024):
                pass
        meanwhile = process.num_fds()

    deadline = time.monotonic() + 20
    while process.num_fds() > before + 10 and time.monotonic() < deadline:
        time.sleep(0.05)

    assert meanwhile >= before + 40
    assert process.num_fds() <= before + 10
