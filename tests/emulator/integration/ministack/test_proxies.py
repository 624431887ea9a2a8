"""No request to loopback goes through a proxy, whatever proxies the environment names."""

import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from deployment.repository_paths import ROOT
from deployment.stack import Stack
from environments.names import Names
from local.deployment_check import DESCRIBE_CALLS, missing_resources
from local.health import health
from local.server_process import Server, free_port, start_server
from local.sign_in import sign_in
from operations.environment import local_run_environment
from tests.emulator.support.sample_resources import SampleResources

NAMES = [f"{kind}_PROXY" for kind in ("HTTP", "HTTPS", "ALL", "WS")]
# The listener's own address, and invalid ones, which urllib and httpx refuse in different ways.
PROXIES = ["http://127.0.0.1:{port}", "socks5://127.0.0.1:{port}", "garbage", "garbage://x", "http:/x", "http://[::1"]


class Proxy:
    """Listens as a proxy would, and records who connected."""

    def __init__(self) -> None:
        self.came: list[bytes] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            with connection:
                self.came.append(connection.recv(200))
                connection.sendall(b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n")


class Heard(ThreadingHTTPServer):
    """An HTTP endpoint on loopback that records the requests it got."""

    def __init__(self) -> None:
        self.posts: list[bytes] = []
        self.came = threading.Event()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(handler) -> None:  # noqa: N805
                self.posts.append(handler.rfile.read(int(handler.headers["content-length"])))
                handler.send_response(200)
                handler.end_headers()
                self.came.set()

            def log_message(handler, *_: object) -> None:  # noqa: N805
                """Log nothing."""

        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()


def set_proxies(patch: pytest.MonkeyPatch, url: str) -> None:
    for name in NAMES:
        patch.setenv(name, url)
        patch.setenv(name.lower(), url)
    for name in ("NO_PROXY", "no_proxy"):
        patch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def proxy() -> Proxy:
    return Proxy()


@pytest.fixture(scope="module")
def server(proxy: Proxy, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that was started with all proxy variables set."""
    directory = tmp_path_factory.mktemp("proxied")
    with pytest.MonkeyPatch.context() as patch:
        set_proxies(patch, f"http://127.0.0.1:{proxy.port}")
        started = start_server(port=free_port(), directory=directory, root=ROOT, log=directory / "server.log")
    yield started
    started.stop()


@pytest.fixture(params=PROXIES)
def resources(
    request: pytest.FixtureRequest, server: Server, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> SampleResources:
    """The server, reached by the test's own clients with this proxy set."""
    set_proxies(monkeypatch, request.param.format(port=proxy.port))
    return SampleResources(server)


def test_the_server_is_asked_directly(resources: SampleResources, proxy: Proxy) -> None:
    assert health(resources.server.endpoint_url, timeout_seconds=10) == {"status": "ready"}
    assert proxy.came == []


def test_a_deployment_is_looked_for_directly(resources: SampleResources, proxy: Proxy) -> None:
    url = resources.server.endpoint_url
    names = {output: "none" for output, *_ in DESCRIBE_CALLS}

    graphql_url = f"{url}/appsync/none/graphql"
    outputs = {**resources.server.account, **names, "functions": {}, "graphql_url": graphql_url, "web_url": f"{url}/"}
    problems = missing_resources(outputs)

    assert f"graphql_url {url}/appsync/none/graphql: a request of nobody's is answered with 404, not 401" in problems
    assert len(problems) == len(DESCRIBE_CALLS) + 2
    assert proxy.came == []


def test_a_customer_orders_directly(resources: SampleResources, proxy: Proxy) -> None:
    pool = resources.cognito_idp.create_user_pool(PoolName="pool")["UserPool"]["Id"]
    client = resources.cognito_idp.create_user_pool_client(
        UserPoolId=pool, ClientName="client", ExplicitAuthFlows=["ALLOW_ADMIN_USER_PASSWORD_AUTH"]
    )["UserPoolClient"]["ClientId"]
    resources.sign_up(pool, client)
    api = f"{resources.server.endpoint_url}/appsync/none/graphql"
    outputs = {**resources.server.account, "user_pool_id": pool, "user_pool_client_id": client, "graphql_url": api}

    with sign_in(outputs, username="somebody", password="Aa1-somebody") as customer:
        answer = customer.answer("{ orders { id } }")

    assert answer["errors"][0]["errorType"] == "NotFoundException"
    assert proxy.came == []


def sts_on_call(server: Server, _: Path) -> Any:
    names = Names(environment="local", account_id="000000000000", region=server.region)
    return local_run_environment(server.account, names).client("sts")


def sts_of_a_stack(server: Server, folder: Path) -> Any:
    environment = {
        "AWS_ACCESS_KEY_ID": server.access_key_id,
        "AWS_SECRET_ACCESS_KEY": server.secret_access_key,
        "AWS_ENDPOINT_URL": server.endpoint_url,
    }
    stack = Stack("orders-local", folder, environment)
    stack.file.write_text('{"terraform": {"backend": {"s3": {"region": "us-east-1"}}}}', encoding="utf-8")
    return stack.client("sts")


@pytest.mark.parametrize("make", [sts_on_call, sts_of_a_stack])
def test_commands_call_a_local_run_directly(
    resources: SampleResources, proxy: Proxy, tmp_path: Path, make: Callable[[Server, Path], Any]
) -> None:
    assert make(resources.server, tmp_path).get_caller_identity()["Account"] == "000000000000"
    assert proxy.came == []


def test_a_function_calls_aws_directly(server: Server, proxy: Proxy) -> None:
    resources = SampleResources(server)
    queue = resources.queue("from-a-function")

    resources.relay("proxied", resources.table("proxied"), queue, StartingPosition="TRIM_HORIZON")
    resources.dynamodb.put_item(TableName="proxied", Item={"id": {"S": "one"}})

    received = resources.sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=20)["Messages"]
    assert len(received) == 1
    assert proxy.came == []


def test_a_topic_posts_to_loopback_directly(server: Server, proxy: Proxy) -> None:
    resources = SampleResources(server)
    topic = resources.sns.create_topic(Name="proxied")["TopicArn"]

    with Heard() as endpoint:
        resources.sns.subscribe(
            TopicArn=topic, Protocol="http", Endpoint=f"http://127.0.0.1:{endpoint.server_address[1]}/here"
        )
        resources.sns.publish(TopicArn=topic, Message="news")
        came = endpoint.came.wait(20)
        endpoint.shutdown()

    assert came
    assert proxy.came == []
