"""The page of the deployed run: its address, its settings, and a browser's calls to the API."""

import asyncio
import base64
import gzip
import json
import re
from typing import Any

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tests.e2e.support.browser_requests import Page
from tests.e2e.support.users import sign_up
from tests.support.golden_counts import require_golden
from verify.customer import Customer

LOADED_FIRST = re.compile(r'<(?:script|link)[^>]* (?:src|href)="(/assets/[^"]+\.js)"')
ELSEWHERE = [("https://evil.example", "cross-site"), ("http://127.0.0.1:1", "same-site"), ("null", "cross-site")]


@pytest.fixture
def page(outputs: dict[str, Any]) -> Page:
    """The run's own page."""
    return Page(outputs)


def test_the_page_is_told_where_its_run_is(outputs: dict[str, Any], page: Page) -> None:
    answer = page.get("/config.json")

    told = answer.json()
    assert {name: told[name] for name in ("graphqlUrl", "realtimeUrl", "userPoolId", "userPoolClientId")} == {
        "graphqlUrl": outputs["graphql_url"],
        "realtimeUrl": outputs["realtime_url"],
        "userPoolId": outputs["user_pool_id"],
        "userPoolClientId": outputs["user_pool_client_id"],
    }
    assert (told["cognitoUrl"], told["region"]) == (outputs["web_url"], outputs["region"])
    assert (told["engineer"], told["changeWindowSeconds"]) == (True, 0)


@pytest.mark.parametrize("path", ["/", "/orders", "/engineer"])
def test_each_address_of_the_page_is_the_page_and_its_parts_are_there(page: Page, path: str) -> None:
    answer = page.get(path)

    parts = re.findall(r'(?:src|href)="(/assets/[^"]+)"', answer.text)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-cache")
    assert parts
    for part in parts:
        found = page.get(part)
        assert (found.status_code, "immutable" in found.headers["cache-control"]) == (200, True)


def test_a_part_that_is_not_there_is_not_taken_for_the_page(page: Page) -> None:
    answer = page.get("/assets/index-00000000.js")

    assert answer.status_code == 404
    assert "<html" not in answer.text


def test_the_page_may_ask_the_api(page: Page, customer: Customer) -> None:
    answer = page.graphql(customer.token, "{ orders { id } }")

    assert (answer.status_code, answer.json()) == (200, {"data": {"orders": []}})


@pytest.mark.parametrize(("origin", "site"), ELSEWHERE)
def test_no_other_page_may_ask_the_api(outputs: dict[str, Any], customer: Customer, origin: str, site: str) -> None:
    answer = Page(outputs, origin=origin, site=site).graphql(customer.token, "{ orders { id } }")

    assert (answer.status_code, "orders" in answer.json()) == (403, False)


def test_the_page_may_call_cognito(outputs: dict[str, Any], page: Page) -> None:
    user = sign_up(outputs)

    answer = page.cognito(
        "InitiateAuth", AuthFlow="USER_SRP_AUTH", AuthParameters={"USERNAME": user["username"], "SRP_A": "a" * 256}
    )

    assert (answer.status_code, answer.json()["ChallengeName"]) == (200, "PASSWORD_VERIFIER")


@pytest.mark.parametrize(("origin", "site"), ELSEWHERE)
def test_no_other_page_may_call_cognito(outputs: dict[str, Any], origin: str, site: str) -> None:
    answer = Page(outputs, origin=origin, site=site).cognito("SignUp", Username="a@example.com", Password="x")

    assert answer.status_code == 403


@pytest.mark.parametrize("operation", ["AdminInitiateAuth", "ListUsers", "AdminGetUser", "DescribeUserPool"])
def test_the_page_may_call_nothing_of_cognito_that_needs_a_signature(
    outputs: dict[str, Any], page: Page, operation: str
) -> None:
    answer = page.cognito(operation, UserPoolId=outputs["user_pool_id"])

    assert answer.status_code == 400
    assert "MissingAuthenticationToken" in answer.text


def test_the_page_may_watch_and_no_other_page_may(outputs: dict[str, Any], customer: Customer) -> None:
    own = asyncio.run(connected(outputs, customer, origin=outputs["web_url"].rstrip("/"), site="same-origin"))
    others = [asyncio.run(connected(outputs, customer, origin=origin, site=site)) for origin, site in ELSEWHERE]

    assert own == "connection_ack"
    assert others == ["refused"] * len(ELSEWHERE)


async def connected(outputs: dict[str, Any], customer: Customer, *, origin: str, site: str) -> str:
    """Return the type of the real-time endpoint's first message to a page of that origin."""
    host = outputs["graphql_url"].split("/")[2]
    credentials = json.dumps({"host": host, "Authorization": customer.token}).encode()
    header = base64.urlsafe_b64encode(credentials).decode().rstrip("=")
    browsers = {"sec-fetch-site": site, "sec-fetch-mode": "websocket", "sec-fetch-dest": "websocket"}
    try:
        async with connect(
            outputs["realtime_url"].replace("http://", "ws://"),
            origin=origin,  # type: ignore[arg-type]  # a NewType of str
            subprotocols=["graphql-ws", f"header-{header}"],  # type: ignore[list-item]
            additional_headers=browsers,
        ) as socket:
            await socket.send(json.dumps({"type": "connection_init"}))
            return str(json.loads(await socket.recv())["type"])
    except InvalidStatus:
        return "refused"


def test_the_page_loads_no_more_at_first_than_it_did(page: Page) -> None:
    modules = [page.get(name) for name in LOADED_FIRST.findall(page.get("/").text)]

    assert {answer.status_code for answer in modules} == {200}
    require_golden({"bytes of the page's JavaScript, gzipped": sum(len(gzip.compress(one.content)) for one in modules)})
