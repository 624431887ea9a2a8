"""The AppSync adapter signs its mutation, and accepts only the order as an answer."""

import json
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import boto3
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import BotoCoreError
from graphql import build_schema, parse, validate
from orders.adapters.appsync_subscribers import (
    PUBLISH_ORDER,
    AppSyncSubscribers,
    PublishRefused,
    publish_order_input,
)
from orders.domain.money import Money
from orders.domain.order import Order, OrderKey, OrderStatus
from orders.domain.row import order_from_row

from deployment.repository_paths import ROOT
from tests.contracts.sending_ports import SubscribersContract
from tests.support.order_rows import order_row

ORDER = order_from_row(order_row(status="PAYING", version=2))
ANSWER = {"data": {"publishOrder": {"id": ORDER.key.order_id}}}


class Api(HTTPServer):
    """Stands for AppSync: records requests and gives prepared answers."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Receiver)
        self.requests: list[tuple[str, Mapping[str, str], bytes]] = []
        self.status = 200
        self.answer = json.dumps(ANSWER).encode()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/appsync/abc/graphql"


class _Receiver(BaseHTTPRequestHandler):
    server: Api

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.requests.append((self.path, dict(self.headers), body))
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(self.server.answer)

    def log_message(self, *_: Any) -> None:
        """Keep the test's output clean."""


@pytest.fixture
def api() -> Iterator[Api]:
    api = Api()
    thread = Thread(target=api.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield api
    api.shutdown()
    api.server_close()
    thread.join()


def subscribers_at(url: str) -> AppSyncSubscribers:
    session = boto3.Session(
        aws_access_key_id="AKIAEXAMPLE",
        aws_secret_access_key="secret",
        aws_session_token="token",
        region_name="eu-central-1",
    )
    return AppSyncSubscribers(session, graphql_url=url, connect_seconds=2, read_seconds=2, connections=2)


class TestAppSyncSubscribers(SubscribersContract):
    @pytest.fixture
    def subscribers(self, api: Api) -> AppSyncSubscribers:
        return subscribers_at(api.url)

    @pytest.fixture
    def received(self, api: Api) -> Callable[[], list[Order]]:
        return lambda: [order_from_input(json.loads(body)["variables"]["input"]) for _, _, body in api.requests]


def test_the_mutation_and_its_input_fit_the_schema() -> None:
    sdl = (ROOT / "schema.graphql").read_text(encoding="utf-8")
    schema = build_schema(
        "scalar AWSDateTime directive @aws_iam on OBJECT | FIELD_DEFINITION\n"
        "directive @aws_cognito_user_pools on OBJECT | FIELD_DEFINITION\n"
        "directive @aws_subscribe(mutations: [String!]!) on FIELD_DEFINITION\n" + sdl
    )
    fields = schema.get_type("PublishOrderInput").fields  # type: ignore[union-attr]
    selected = set(PUBLISH_ORDER.split("{")[2].split("}")[0].split())

    errors = validate(schema, parse(PUBLISH_ORDER))

    assert errors == []
    assert set(publish_order_input(ORDER)) == set(fields)
    assert selected == set(schema.get_type("Order").fields)  # type: ignore[union-attr]


def test_the_request_is_signed_for_appsync(api: Api) -> None:
    subscribers_at(api.url).notify(ORDER)

    path, headers, body = api.requests[0]
    assert path == "/appsync/abc/graphql"
    assert headers["X-Amz-Security-Token"] == "token"
    assert headers["Authorization"].split(",")[0].endswith("/eu-central-1/appsync/aws4_request")
    assert headers["Authorization"] == signed_again(api.url, headers, body)


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (200, {"data": {"publishOrder": None}, "errors": [{"message": "Not Authorized to access publishOrder"}]}),
        (200, ANSWER | {"errors": [{"message": "partly"}]}),
        (200, {"data": {"publishOrder": None}}),
        (200, {"data": None}),
        (200, []),
        (401, {"errors": [{"errorType": "UnauthorizedException"}]}),
        (500, ANSWER),
    ],
)
def test_any_other_answer_is_an_error_that_quotes_it(api: Api, status: int, answer: Any) -> None:
    api.status, api.answer = status, json.dumps(answer).encode()

    with pytest.raises(PublishRefused, match=f"answered {status}: "):
        subscribers_at(api.url).notify(ORDER)


def test_an_answer_that_is_not_json_is_an_error(api: Api) -> None:
    api.answer = b"<html>"

    with pytest.raises(PublishRefused, match="<html>"):
        subscribers_at(api.url).notify(ORDER)


def test_an_api_that_cannot_be_reached_is_an_error() -> None:
    with pytest.raises(BotoCoreError):
        subscribers_at("http://127.0.0.1:1/graphql").notify(ORDER)


def signed_again(url: str, headers: Mapping[str, str], body: bytes) -> str:
    """Return the Authorization header that the same request must have."""
    request = AWSRequest("POST", url, headers={"content-type": "application/json"}, data=body)
    request.context["timestamp"] = headers["X-Amz-Date"]
    signer = SigV4Auth(Credentials("AKIAEXAMPLE", "secret", "token"), "appsync", "eu-central-1")
    request.headers["X-Amz-Date"] = headers["X-Amz-Date"]
    request.headers["X-Amz-Security-Token"] = "token"
    text = signer.string_to_sign(request, signer.canonical_request(request))
    signed = signer.headers_to_sign(request)
    return (
        f"AWS4-HMAC-SHA256 Credential={signer.scope(request)}, SignedHeaders={signer.signed_headers(signed)},"
        f" Signature={signer.signature(text, request)}"
    )


def order_from_input(given: Mapping[str, Any]) -> Order:
    """Return the order that a published input describes."""
    return Order(
        key=OrderKey(given["userId"], given["id"]),
        name=given["name"],
        quantity=given["quantity"],
        restaurant_id=given["restaurantId"],
        unit_price=Money(given["unitPrice"], given["currency"]),
        total=Money(given["total"], given["currency"]),
        status=OrderStatus(given["status"]),
        failure_reason=given["failureReason"],
        created_at=given["createdAt"],
        updated_at=given["updatedAt"],
        changeable_until=given["changeableUntil"],
        version=given["version"],
    )
