"""The page at the server's root is the deployed distribution's, and opens nothing else."""

import socket
import time
from email.utils import parsedate_to_datetime

import pytest

from deployment.local_outputs import read_outputs, write_outputs
from tests.integration.web.conftest import BUCKET, CSP, OBJECTS, Browser

# Chromium's headers for an address typed by a person, and for a part of the page.
TYPED = {"Accept": "text/html", "Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
OWN = {"Accept": "*/*", "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"}


def test_without_a_page_an_unsigned_read_is_refused_as_by_aws(browser: Browser) -> None:
    outputs = read_outputs(browser.directory)
    (browser.directory / "outputs.json").unlink()

    status, _, body = browser.ask("/", TYPED)

    write_outputs(browser.directory, outputs)
    assert (status, "Order desk" in body) == (403, False)


def test_the_root_is_the_default_object_with_the_policys_headers(browser: Browser) -> None:
    status, headers, body = browser.ask("/", TYPED)

    assert (status, body) == (200, OBJECTS["index.html"][2])
    assert headers["content-type"] == "text/html"
    assert headers["cache-control"] == "no-cache"
    assert headers["content-security-policy"] == CSP
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("key", ["config.json", "assets/app-1a2b.js"])
def test_an_object_comes_as_it_was_uploaded(browser: Browser, key: str) -> None:
    content_type, cache_control, text = OBJECTS[key]

    status, headers, body = browser.ask(f"/{key}", OWN)

    assert (status, body) == (200, text)
    assert (headers["content-type"], headers["cache-control"]) == (content_type, cache_control)


@pytest.mark.parametrize("again", [False, True])
def test_each_answer_tells_the_time_that_the_page_goes_by(browser: Browser, again: bool) -> None:
    _, first, _ = browser.ask("/config.json", OWN)

    _, headers, _ = browser.ask("/config.json", {**OWN, "If-None-Match": first["etag"]} if again else OWN)

    assert abs(parsedate_to_datetime(headers["date"]).timestamp() - time.time()) < 5


def test_an_address_without_an_object_is_what_the_distribution_makes_of_it(browser: Browser) -> None:
    status, _, body = browser.ask("/orders/01K9?tab=1", TYPED)

    assert (status, body) == (404, OBJECTS["missing.html"][2])


def test_the_distributions_function_runs_on_a_machine_without_node(browser: Browser) -> None:
    status, _, body = browser.ask("/routed/anywhere.js", OWN)

    assert (status, body) == (200, OBJECTS["index.html"][2])


def test_what_the_browser_has_already_is_not_sent_again(browser: Browser) -> None:
    _, first, _ = browser.ask("/assets/app-1a2b.js", OWN)

    status, headers, body = browser.ask("/assets/app-1a2b.js", {**OWN, "If-None-Match": first["etag"]})

    assert (status, body, headers["etag"]) == (304, "", first["etag"])


@pytest.mark.parametrize("path", ["/", "/assets/app-1a2b.js", "/routed/01K9", "/orders/01K9"])
def test_head_tells_what_get_would_without_sending_it(browser: Browser, path: str) -> None:
    wanted = ("content-type", "cache-control", "content-length", "content-security-policy")
    wanted_status, got, _ = browser.ask(path)

    status, headers, body = browser.ask(path, method="HEAD")

    assert (status, body) == (wanted_status, "")
    assert {name: headers[name] for name in wanted} == {name: got[name] for name in wanted}


def test_nothing_comes_after_the_head_of_an_answer_to_head(browser: Browser) -> None:
    host, port = browser.host.split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(f"HEAD / HTTP/1.1\r\nHost: {browser.host}\r\nConnection: close\r\n\r\n".encode())

        answer = b"".join(iter(lambda: connection.recv(65536), b""))

    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.endswith(b"\r\n\r\n")


def test_a_new_upload_is_served_at_once(browser: Browser) -> None:
    s3 = browser.server.client("s3")
    s3.put_object(Bucket=BUCKET, Key="news.txt", Body=b"old")
    before = browser.ask("/news.txt")[2]
    s3.put_object(Bucket=BUCKET, Key="news.txt", Body=b"new")

    after = browser.ask("/news.txt")[2]

    assert (before, after) == ("old", "new")


def test_the_page_has_one_address_because_its_configuration_names_one(browser: Browser) -> None:
    host = browser.host.replace("127.0.0.1", "localhost")

    status, headers, _ = browser.ask("/orders?first=1", {**TYPED, "Host": host})

    assert (status, headers["location"]) == (307, f"http://{browser.host}/orders?first=1")


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Host": "evil.example"},
    ],
)
@pytest.mark.parametrize("path", ["/", "/config.json"])
def test_the_page_is_not_for_other_sites(browser: Browser, path: str, headers: dict[str, str]) -> None:
    status, _, body = browser.ask(path, headers)

    assert status == 403
    assert "Order desk" not in body


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/", {"Authorization": "AWS4-HMAC-SHA256 x"}),
        ("/", {"Authorization": "Bearer x"}),
        ("/", {"X-Amz-Target": "DynamoDB_20120810.ListTables"}),
        ("/?X-Amz-Signature=x", {}),
        (f"/{BUCKET}/index.html?AWSAccessKeyId=x&Signature=x&Expires=9999999999", {}),
    ],
)
def test_a_call_of_aws_is_not_taken_for_the_page(browser: Browser, path: str, headers: dict[str, str]) -> None:
    status, _, body = browser.ask(path, headers)

    assert (status in (400, 403), "Order desk" in body) == (True, False)


@pytest.mark.parametrize(
    "path", [f"/{BUCKET}/config.json", "/?Action=ListQueues&Version=2012-11-05", "/2015-03-31/functions"]
)
def test_an_unsigned_read_reaches_the_page_and_no_service(browser: Browser, path: str) -> None:
    status, headers, body = browser.ask(path)

    assert (status, body) in ((200, OBJECTS["index.html"][2]), (404, OBJECTS["missing.html"][2]))
    assert headers["content-security-policy"] == CSP


@pytest.mark.parametrize("path", ["/_ministack/config", "/_localstack/health", "/_aws/sqs/messages", "/health"])
def test_administration_stays_closed_beside_the_page(browser: Browser, path: str) -> None:
    status, _, body = browser.ask(path, OWN)

    assert status == 403
    assert "administration" in body


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_the_page_can_only_be_read(browser: Browser, method: str) -> None:
    status, headers, body = browser.ask("/", {"Content-Type": "application/json"}, method=method, body="{}")

    assert (status in (400, 403), "Order desk" in body) == (True, False)
    assert "x-amz-cf-id" not in headers  # a service refuses the request, not the distribution
    assert not [name for name in headers if name.startswith("access-control-")]
