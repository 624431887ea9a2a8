"""Valid, expired and foreign tokens: the API answers valid ones only."""

import json
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from deployment.loopback_without_proxy import proxies_for
from tests.e2e.support.administrator_access import AdministratorAccess
from tests.e2e.support.order_requests import PIZZA
from tests.e2e.support.users import (
    another_client,
    another_pool,
    encoded,
    short_lived_tokens,
    sign_up,
    tokens_of,
    user_id_of,
)
from verify.customer import Customer
from verify.token_claims import claims_of, decode_part

POST = "mutation Post($input: OrderInput!) { postOrder(input: $input) { id } }"
Ask = Callable[[str | None], httpx.Response]


@pytest.fixture
def ask(outputs: dict[str, Any]) -> Ask:
    """Try to place an order with a token."""

    def asked(token: str | None) -> httpx.Response:
        headers = {} if token is None else {"authorization": token}
        body = {"query": POST, "variables": {"input": PIZZA}}
        url = outputs["graphql_url"]
        return httpx.post(url, json=body, headers=headers, timeout=30, trust_env=proxies_for(url) is None)

    return asked


def assert_refused(answer: httpx.Response) -> None:
    assert answer.status_code == 401, answer.text
    assert [error["errorType"] for error in answer.json()["errors"]] == ["UnauthorizedException"]
    assert "data" not in answer.json()


@pytest.mark.parametrize("kind", ["IdToken", "AccessToken"])
def test_id_and_access_tokens_both_work(account: AdministratorAccess, ask: Ask, kind: str) -> None:
    pool = account.outputs
    tokens = tokens_of(pool, sign_up(pool), account)

    answer = ask(tokens[kind])

    assert answer.status_code == 200
    assert answer.json()["data"]["postOrder"]["id"]
    assert len(account.rows("orders", claims_of(tokens[kind])["sub"])) == 1


@pytest.mark.public_api
@pytest.mark.parametrize("token", [None, "", "nonsense", "a.b.c", "Bearer"])
def test_a_call_without_a_token_is_refused(ask: Ask, token: str | None) -> None:
    answer = ask(token)

    assert_refused(answer)


@pytest.mark.public_api
def test_a_token_that_nobody_signed_is_refused(customer: Customer, ask: Ask) -> None:
    header, payload, _ = customer.token.split(".")
    none = json.dumps({"alg": "none", "typ": "JWT"}).encode()
    forged = f"{encoded(none)}.{payload}."

    answers = [ask(forged), ask(f"{header}.{payload}."), ask(f"{header}.{payload}.{'A' * 342}")]

    for answer in answers:
        assert_refused(answer)
    assert customer.orders() == []


@pytest.mark.public_api
def test_a_token_signed_with_another_key_is_refused(customer: Customer, ask: Ask) -> None:
    key_id = json.loads(decode_part(customer.token.split(".")[0]))["kid"]
    key = RSAKey.generate_key(2048, parameters={"kid": key_id})
    forged = jwt.encode({"alg": "RS256", "kid": key_id}, claims_of(customer.token), key)

    answer = ask(forged)

    assert_refused(answer)
    assert customer.orders() == []


@pytest.mark.public_api
def test_a_token_whose_claims_were_changed_is_refused(customer: Customer, stranger: Customer, ask: Ask) -> None:
    header, _, signature = customer.token.split(".")
    payload = json.dumps({**claims_of(customer.token), "sub": user_id_of(stranger)}).encode()

    answer = ask(f"{header}.{encoded(payload)}.{signature}")

    assert_refused(answer)


def test_an_expired_token_is_refused(account: AdministratorAccess, ask: Ask) -> None:
    pool = account.outputs
    with short_lived_tokens(account, seconds=3):
        token = tokens_of(pool, sign_up(pool), account)["IdToken"]
    assert ask(token).status_code == 200

    time.sleep(max(0.0, claims_of(token)["exp"] - time.time()) + 0.01)
    answer = ask(token)

    assert_refused(answer)
    assert len(account.rows("orders", claims_of(token)["sub"])) == 1


def test_a_token_of_another_pool_is_refused(account: AdministratorAccess, ask: Ask) -> None:
    with another_pool(account) as pool:
        token = tokens_of(pool, sign_up(pool), account)["IdToken"]

        answer = ask(token)

    assert_refused(answer)


@pytest.mark.parametrize("kind", ["IdToken", "AccessToken"])
def test_a_token_of_another_client_of_the_pool_is_refused(account: AdministratorAccess, ask: Ask, kind: str) -> None:
    with another_client(account, account.outputs) as pool:
        token = tokens_of(pool, sign_up(pool), account)[kind]

        answer = ask(token)

    assert_refused(answer)
