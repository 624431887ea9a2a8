"""The code that a customer of the local run waits for.

The page shows the code of a sign-up. The code for a new password needs the engineer's token.
"""

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest

from deployment.local_outputs import read_outputs, write_outputs
from local.engineer.token import FILE_NAME
from tests.integration.web.conftest import Browser

SIGN_UP, PASSWORD = "/_local/sign-up-code", "/_local/password-code"


@dataclass
class Customers:
    """A user pool that the run's outputs name."""

    browser: Browser
    cognito: Any
    client_id: str

    def sign_up(self) -> str:
        email = f"{uuid.uuid4().hex}+a@example.com"
        self.cognito.sign_up(ClientId=self.client_id, Username=email, Password="Aa1-0123456789")
        return email

    def confirm(self, email: str) -> None:
        self.cognito.confirm_sign_up(
            ClientId=self.client_id, Username=email, ConfirmationCode=self.code(SIGN_UP, email) or ""
        )

    def forget_password(self, email: str) -> None:
        self.cognito.forgot_password(ClientId=self.client_id, Username=email)

    def token(self) -> str:
        return (self.browser.directory / FILE_NAME).read_text(encoding="utf-8")

    def code(self, path: str, email: str, *, token: str = "") -> str | None:
        status, headers, body = self.browser.ask(f"{path}?{urlencode({'email': email})}", {"x-local-token": token})
        assert (status, headers["cache-control"]) == (200, "no-store"), body
        code: str | None = json.loads(body)["code"]
        return code


@pytest.fixture
def customers(browser: Browser) -> Iterator[Customers]:
    cognito = browser.server.client("cognito-idp")
    pool_id = cognito.create_user_pool(
        PoolName="pool", UsernameAttributes=["email"], UsernameConfiguration={"CaseSensitive": False}
    )["UserPool"]["Id"]
    client = cognito.create_user_pool_client(UserPoolId=pool_id, ClientName="client")["UserPoolClient"]
    outputs = read_outputs(browser.directory)
    write_outputs(browser.directory, {**outputs, "user_pool_id": pool_id})
    yield Customers(browser, cognito, client["ClientId"])
    write_outputs(browser.directory, outputs)
    cognito.delete_user_pool(UserPoolId=pool_id)


def test_the_code_of_a_sign_up_confirms_it_and_is_gone(customers: Customers) -> None:
    email = customers.sign_up()
    first = customers.code(SIGN_UP, email.upper())
    customers.cognito.resend_confirmation_code(ClientId=customers.client_id, Username=email)

    newest = customers.code(SIGN_UP, email)
    customers.cognito.confirm_sign_up(ClientId=customers.client_id, Username=email, ConfirmationCode=newest or "")

    assert first is not None
    assert newest is not None
    assert customers.code(SIGN_UP, email) is None


def test_the_code_for_a_new_password_takes_the_token(customers: Customers) -> None:
    email = customers.sign_up()
    customers.confirm(email)
    customers.forget_password(email)

    status, _, body = customers.browser.ask(f"{PASSWORD}?{urlencode({'email': email})}")
    code = customers.code(PASSWORD, email, token=customers.token())

    assert (status, "needs the token" in body) == (403, True)
    assert customers.code(SIGN_UP, email) is None
    customers.cognito.confirm_forgot_password(
        ClientId=customers.client_id, Username=email, ConfirmationCode=code or "", Password="Bb2-0123456789"
    )
    assert customers.code(PASSWORD, email, token=customers.token()) is None


@pytest.mark.parametrize("query", ["", "?email=", "?email=nobody@example.com", "?email=%00", "?other=x"])
def test_for_an_address_that_nobody_signed_up_with_there_is_none(customers: Customers, query: str) -> None:
    status, _, body = customers.browser.ask(SIGN_UP + query)

    assert (status, json.loads(body)) == (200, {"code": None})


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Host": "evil.example"}]
)
def test_another_site_is_told_no_code_of_a_sign_up(customers: Customers, headers: dict[str, str]) -> None:
    email = customers.sign_up()

    status, answered, body = customers.browser.ask(f"{SIGN_UP}?{urlencode({'email': email})}", headers)

    assert status == 403
    assert str(customers.code(SIGN_UP, email)) not in body
    assert not [name for name in answered if name.startswith("access-control-")]
