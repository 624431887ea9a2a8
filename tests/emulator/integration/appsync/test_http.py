"""The HTTP data source, with the emulator's SQS and with a server of the test's own."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.emulator.support.deployed_api import Api, allow, create_api, create_role
from tests.emulator.support.graphql_calls import data_of, post

SDL = """
type Query { ask(request: AWSJSON!): AWSJSON }
type Mutation { ask(request: AWSJSON!): AWSJSON }
schema { query: Query mutation: Mutation }
"""
ASK = """
export function request(ctx) { return ctx.args.request }
export function response(ctx) { return { result: ctx.result, error: ctx.error } }
"""
SQS = {
    "endpoint": "https://sqs.us-east-1.amazonaws.com",
    "authorizationConfig": {
        "authorizationType": "AWS_IAM",
        "awsIamConfig": {"signingRegion": "us-east-1", "signingServiceName": "sqs"},
    },
}


class SlowServer(ThreadingHTTPServer):
    """Answers slowly, and records its requests and how many ran at once."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.lock = threading.Lock()
        self.at_once = self.most_at_once = 0
        self.seen: list[tuple[str, str, str]] = []


class _Handler(BaseHTTPRequestHandler):
    server: SlowServer
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        with self.server.lock:
            self.server.seen.append((self.path, self.headers.get("x-mark", ""), body))
            self.server.at_once += 1
            self.server.most_at_once = max(self.server.most_at_once, self.server.at_once)
        time.sleep(0.15)
        with self.server.lock:
            self.server.at_once -= 1
        self.send_response(418)
        self.send_header("content-length", "3")
        self.end_headers()
        self.wfile.write(b"tea")

    def log_message(self, *_arguments: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[SlowServer]:
    with SlowServer() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def deploy(emulator: Any, pool: Any, config: dict[str, Any], **settings: Any) -> Api:
    api = create_api(emulator, SDL, **pool.settings())
    api.data_source("endpoint", "HTTP", httpConfig=config, **settings)
    for place in ("Query.ask", "Mutation.ask"):
        api.resolver(place, ASK, source="endpoint")
    return api


def ask(api: Api, token: str, request: dict[str, Any]) -> Any:
    query = "query($r: AWSJSON!) { ask(request: $r) }"
    return json.loads(data_of(post(api.url, query, {"r": json.dumps(request)}, token=token))["ask"])


def send_message(queue_url: str) -> dict[str, Any]:
    return {
        "method": "POST",
        "resourcePath": "/",
        "params": {
            "headers": {"content-type": "application/x-amz-json-1.0", "x-amz-target": "AmazonSQS.SendMessage"},
            "body": {"QueueUrl": queue_url, "MessageBody": "hello"},
        },
    }


def test_sqs_takes_a_message_under_the_roles_rights(emulator: Any, pool: Any, token: str) -> None:
    sqs = emulator.client("sqs")
    mine, other = (sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("appsync-mine", "appsync-other"))
    right = allow(["sqs:SendMessage"], "arn:aws:sqs:us-east-1:000000000000:appsync-mine")
    api = deploy(emulator, pool, SQS, serviceRoleArn=create_role(emulator, "appsync-sender", right))

    sent, refused = (ask(api, token, send_message(url)) for url in (mine, other))

    assert (sent["result"]["statusCode"], sent["error"]) == (200, None)
    assert json.loads(sent["result"]["body"])["MessageId"]
    assert sqs.receive_message(QueueUrl=mine)["Messages"][0]["Body"] == "hello"
    # There is no ctx.error: the resolver must check the status.
    assert (refused["result"]["statusCode"], refused["error"]) == (403, None)
    assert "Messages" not in sqs.receive_message(QueueUrl=other)


def test_a_status_outside_2xx_is_a_result(emulator: Any, pool: Any, token: str, server: SlowServer) -> None:
    api = deploy(emulator, pool, {"endpoint": f"http://127.0.0.1:{server.server_port}/base"})
    params = {"query": {"q": "a b"}, "headers": {"X-Mark": "m"}, "body": "text"}

    answer = ask(api, token, {"method": "POST", "resourcePath": "/path", "params": params})

    assert (answer["result"]["statusCode"], answer["result"]["body"], answer["error"]) == (418, "tea", None)
    assert server.seen == [("/base/path?q=a+b", "m", "text")]


def test_an_endpoint_that_does_not_answer_is_an_error(emulator: Any, pool: Any, token: str) -> None:
    api = deploy(emulator, pool, {"endpoint": "http://127.0.0.1:1"})

    answer = ask(api, token, {"method": "GET", "resourcePath": "/"})

    assert (answer["result"], answer["error"]["type"]) == (None, "InternalFailure")


def test_an_endpoint_outside_is_refused_by_name(emulator: Any, pool: Any, token: str) -> None:
    api = deploy(emulator, pool, {"endpoint": "https://example.com"})
    request = json.dumps({"method": "GET", "resourcePath": "/"})

    (error,) = post(api.url, "query($r: AWSJSON!) { ask(request: $r) }", {"r": request}, token=token).json()["errors"]

    assert error["errorType"] == "NotSupported"
    assert "https://example.com" in error["message"]


@pytest.mark.parametrize(("operation", "at_once"), [("query", 3), ("mutation", 1)])
def test_queries_resolve_side_by_side_and_mutations_in_turn(
    emulator: Any, pool: Any, token: str, server: SlowServer, operation: str, at_once: int
) -> None:
    api = deploy(emulator, pool, {"endpoint": f"http://127.0.0.1:{server.server_port}"})
    requests = {name: json.dumps({"method": "POST", "resourcePath": f"/{name}"}) for name in "abc"}
    query = "($a: AWSJSON!, $b: AWSJSON!, $c: AWSJSON!) { a: ask(request: $a) b: ask(request: $b) c: ask(request: $c) }"

    data_of(post(api.url, operation + query, requests, token=token))

    assert server.most_at_once == at_once
    assert sorted(path for path, _, _ in server.seen) == ["/a", "/b", "/c"]
    if operation == "mutation":
        assert [path for path, _, _ in server.seen] == ["/a", "/b", "/c"]
