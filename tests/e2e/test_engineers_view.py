"""The engineer's view: counts that follow the orders, the mails, and a session of the demo user."""

import re
import uuid
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from local.engineer.token import FILE_NAME
from tests.conftest import Deployment
from tests.e2e.support.administrator_access import AdministratorAccess
from tests.e2e.support.browser_requests import Page
from tests.e2e.support.mailbox import Mailbox
from tests.e2e.support.order_requests import PIZZA
from tests.e2e.support.users import user_id_of
from verify.customer import Customer
from verify.polling import eventually, wait_for_final_status
from verify.token_claims import claims_of

Flow = dict[str, Any]
Ask = Callable[..., Any]


@pytest.fixture(scope="session")
def ask(outputs: dict[str, Any], deployment: Deployment) -> Ask:
    """Call one of the engineer's endpoints, as the view does."""
    token = (deployment.run.directory / FILE_NAME).read_text(encoding="utf-8")

    def asked(path: str, method: str = "GET") -> Any:
        headers = {**Page(outputs).headers(), "x-local-token": token}
        answer = httpx.request(method, f"{outputs['aws_endpoint_url']}{path}", headers=headers, timeout=30)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return asked


def flow_until(ask: Ask, is_right: Callable[[Flow], bool]) -> Flow:
    return eventually(lambda: ask("/_local/flow"), is_right, within_seconds=10, pause_seconds=0.2)


def mails_about(ask: Ask, user_id: str) -> list[dict[str, Any]]:
    mails = ask("/_local/mailbox")["mails"]
    return [mail for mail in mails if mail["attributes"].get("user_id") == user_id]


def test_the_flow_counts_what_became_of_an_order(ask: Ask, customer: Customer) -> None:
    before = ask("/_local/flow")

    wait_for_final_status(customer, customer.post_order(**PIZZA))

    after = flow_until(ask, lambda flow: flow["announcements"]["sent"] > before["announcements"]["sent"])
    assert after["workflows"]["succeeded"] > before["workflows"]["succeeded"]
    assert after["announcements"]["sent"] > before["announcements"]["sent"]
    paid = flow_until(ask, lambda flow: flow["orders"].get("PAID", 0) > before["orders"].get("PAID", 0))
    assert paid["orders"]["PAID"] > before["orders"].get("PAID", 0)


def test_the_flow_shows_what_waits(ask: Ask, account: AdministratorAccess, customer: Customer) -> None:
    with account.hints_held():
        order = customer.post_order(**PIZZA)

        waiting = flow_until(ask, lambda flow: flow["queue"]["waiting"] and "PENDING" in flow["orders"])

        assert waiting["queue"]["waiting"] >= 1  # the sweep may send another
        assert waiting["orders"]["PENDING"] >= 1
    assert wait_for_final_status(customer, order)["status"] == "PAID"


def test_the_flow_shows_what_is_under_way(ask: Ask, account: AdministratorAccess, customer: Customer) -> None:
    with account.throttled("charge_payment"):
        order = customer.post_order(**PIZZA)

        under_way = flow_until(ask, lambda flow: flow["workflows"]["running"] > 0)

        assert under_way["workflows"]["running"] >= 1
    assert wait_for_final_status(customer, order, within_seconds=30)["status"] == "PAID"


def test_the_flow_shows_what_went_wrong(ask: Ask, account: AdministratorAccess, outputs: dict[str, Any]) -> None:
    before = ask("/_local/flow")
    account.send("dead_letter_queue_url", "poison")
    account.client("stepfunctions").start_execution(stateMachineArn=outputs["state_machine_arn"], input="{}")
    bucket = "orders-local-undelivered-000000000000"
    account.client("s3").put_object(Bucket=bucket, Key="record", Body=b"{}")

    after = flow_until(ask, lambda flow: flow["workflows"]["failed"] > before["workflows"]["failed"])

    account.client("s3").delete_object(Bucket=bucket, Key="record")
    account.messages("dead_letter_queue_url", remove=True)
    assert after["deadLetters"] == before["deadLetters"] + 1
    assert after["workflows"]["failed"] == before["workflows"]["failed"] + 1
    assert after["announcements"]["undelivered"] == before["announcements"]["undelivered"] + 1


def test_the_mail_about_an_order_stays_after_the_subscribers_took_theirs(
    ask: Ask, customer: Customer, mailbox: Mailbox
) -> None:
    user_id = user_id_of(customer)
    order = customer.post_order(**PIZZA)
    (shown,) = eventually(lambda: mails_about(ask, user_id), bool, within_seconds=15)

    (taken,) = mailbox.wait_for(user_id, count=1)

    assert (shown["subject"], shown["text"], shown["attributes"]) == (taken.subject, taken.text, taken.attributes)
    assert shown["attributes"]["order_id"] == order["id"]
    assert mails_about(ask, user_id) == [shown]


def test_the_code_of_a_sign_up_is_in_the_mailbox(ask: Ask, outputs: dict[str, Any]) -> None:
    page, address = Page(outputs), f"{uuid.uuid4().hex}@example.com"
    signed_up = page.cognito("SignUp", Username=address, Password=f"Aa1-{uuid.uuid4().hex}")

    (mail,) = [mail for mail in ask("/_local/mailbox")["mails"] if mail["to"] == address]

    code = re.search(r"\b\d{6}\b", mail["text"])
    assert (signed_up.status_code, bool(mail["subject"]), code is not None) == (200, True, True)
    confirmed = page.cognito("ConfirmSignUp", Username=address, ConfirmationCode=code[0] if code else "")
    assert confirmed.status_code == 200


def test_the_demo_session_is_the_demo_users(ask: Ask, outputs: dict[str, Any]) -> None:
    session = ask("/_local/demo-session", "POST")

    answer = Page(outputs).graphql(session["idToken"], "{ restaurants { id } }")
    assert claims_of(session["idToken"])["email"] == outputs["demo_user"]["username"] == session["username"]
    assert {"id": "trattoria-roma"} in answer.json()["data"]["restaurants"]
    assert session["expiresInSeconds"] > 0
