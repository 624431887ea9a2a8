"""The engineer's endpoints need the token of this start, and refuse other sites."""

import stat
from pathlib import Path

import pytest

from deployment.repository_paths import ROOT
from local.engineer.token import FILE_NAME, engineer_url
from local.server_process import free_port, start_server
from tests.integration.web.conftest import Browser

ENDPOINTS = [
    ("GET", "/_local/flow"),
    ("GET", "/_local/bill"),
    ("GET", "/_local/mailbox"),
    ("POST", "/_local/demo-session"),
    ("GET", "/_local/password-code"),
]
FOREIGN = [
    {"Origin": "https://evil.example"},
    {"Origin": "http://127.0.0.1:1"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Host": "evil.example"},
    {"Host": "127.0.0.1:1"},
]


def token_of(browser: Browser) -> str:
    return (browser.directory / FILE_NAME).read_text(encoding="utf-8")


@pytest.mark.parametrize(("method", "path"), ENDPOINTS)
@pytest.mark.parametrize("token", [None, "", "guessed", "é"])
def test_without_the_token_nothing_is_told(browser: Browser, method: str, path: str, token: str | None) -> None:
    headers = {"Content-Type": "application/json"} | ({} if token is None else {"x-local-token": token})

    status, _, body = browser.ask(path, headers, method=method)

    assert status == 403
    assert "needs the token of this start" in body


@pytest.mark.parametrize(("method", "path"), ENDPOINTS)
@pytest.mark.parametrize("headers", FOREIGN)
def test_another_site_is_refused_even_with_the_token(
    browser: Browser, method: str, path: str, headers: dict[str, str]
) -> None:
    status, answered, body = browser.ask(path, {**headers, "x-local-token": token_of(browser)}, method=method)

    assert status == 403
    assert "needs the token" not in body
    assert not [name for name in answered if name.startswith("access-control-")]


@pytest.mark.parametrize("path", [path for _, path in ENDPOINTS])
def test_a_preflight_of_another_site_gets_no_leave(browser: Browser, path: str) -> None:
    asked = {
        "Origin": "https://evil.example",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "x-local-token",
    }

    status, headers, _ = browser.ask(path, asked, method="OPTIONS")

    assert status == 403
    assert not [name for name in headers if name.startswith("access-control-")]


def test_a_form_of_a_foreign_page_starts_no_session(browser: Browser) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}

    status, _, body = browser.ask("/_local/demo-session", form, method="POST", body="x-local-token=guessed")

    assert status == 403
    assert "a form can't send" in body


@pytest.mark.parametrize(("method", "path"), [("POST", "/_local/flow"), ("GET", "/_local/demo-session")])
def test_the_token_opens_an_endpoint_for_its_method_only(browser: Browser, method: str, path: str) -> None:
    status, _, _ = browser.ask(path, {"x-local-token": token_of(browser)}, method=method)

    assert status == 405


@pytest.mark.parametrize("path", ["/_local/", "/_local/keys", "/_local/flow/", "/_ministack/reset", "/_local/../x"])
def test_the_token_opens_nothing_else(browser: Browser, path: str) -> None:
    status, _, body = browser.ask(path, {"x-local-token": token_of(browser)})

    assert status == 403
    assert "administration" in body


def test_the_token_opens_no_call_of_aws(browser: Browser) -> None:
    call = {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "DynamoDB_20120810.ListTables"}

    status, _, body = browser.ask("/", {**call, "x-local-token": token_of(browser)}, method="POST", body="{}")

    assert status == 400
    assert "MissingAuthenticationToken" in body


def test_the_token_is_its_owners_and_new_for_each_start(tmp_path: Path) -> None:
    found = []
    for _ in range(2):
        server = start_server(port=free_port(), directory=tmp_path, root=ROOT, log=tmp_path / "server.log")
        server.stop()
        found.append((tmp_path / FILE_NAME).read_text(encoding="utf-8"))

    assert len(set(found)) == 2
    assert all(len(token) >= 32 for token in found)
    assert stat.S_IMODE((tmp_path / FILE_NAME).stat().st_mode) == 0o600


def test_the_address_of_the_view_carries_the_token_where_no_server_gets_it(browser: Browser) -> None:
    address = engineer_url(browser.directory, f"{browser.server.endpoint_url}/")

    assert address == f"{browser.server.endpoint_url}/engineer#{token_of(browser)}"
