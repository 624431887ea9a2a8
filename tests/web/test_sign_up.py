"""The first page, a new account, and a forgotten password."""

import uuid

import pytest
from playwright.sync_api import Route, expect

from tests.e2e.support.administrator_access import AdministratorAccess
from tests.e2e.support.users import sign_up, tokens_of
from tests.web.support.app_users import Customer, Mails
from tests.web.support.browser_windows import Window, Windows


def test_the_page_is_never_white_and_starts_once_its_server_is_back(window: Window) -> None:
    held: list[Route] = []
    window.page.route("**/config.json", lambda route: route.abort() if held else held.append(route))
    with window.page.expect_request("**/config.json"):
        window.visit()
    expect(window.page.get_by_text("Loading")).to_be_visible()
    window.expect_complaint("net::ERR_FAILED")

    held[0].abort()

    expect(window.page.get_by_role("alert")).to_contain_text("can’t start")
    expect(window.page.get_by_text("Loading")).to_have_count(0)
    expect(window.page.get_by_role("button", name="Try again")).to_be_visible()
    window.page.unroute("**/config.json")
    Customer(window).is_at("Sign in")


def test_a_firewall_that_keeps_the_page_from_starting_is_named_until_asked_again(window: Window) -> None:
    window.expect_complaint("403")
    window.page.route("**/config.json", lambda route: route.fulfill(status=403, body="<html>403</html>"))

    window.visit()

    expect(window.page.get_by_role("alert")).to_contain_text("A firewall refused this")
    window.page.unroute("**/config.json")
    window.page.get_by_role("button", name="Try again").click()
    Customer(window).is_at("Sign in")


def test_an_address_that_nobody_can_read_is_the_address_of_nothing(window: Window) -> None:
    window.visit("/%E0%A4%A")
    Customer(window).is_at("There is nothing here")
    window.visit("/orders/%E0%A4%A")
    Customer(window).is_at("Sign in")


def test_the_code_of_a_sign_up_is_on_the_page_and_a_reload_or_a_look_elsewhere_loses_nothing(window: Window) -> None:
    stranger, page = Customer(window), window.page
    email = stranger.ask_for_a_code()
    expect(page.locator(".code")).to_be_visible()
    page.get_by_role("link", name="Engineer").click()
    stranger.is_at("Engineer’s view")
    page.go_back()
    page.reload()
    stranger.is_at("Confirm your e-mail address")
    expect(page.get_by_text(email)).to_be_visible()

    page.get_by_label("Code").fill(page.locator(".code").inner_text())
    page.get_by_role("button", name="Confirm and sign in").click()

    stranger.is_at("Sign in")
    expect(page.get_by_label("E-mail address")).to_have_value(email)
    expect(page.get_by_role("status")).to_contain_text("is confirmed")


def test_a_forgotten_password_is_set_anew_with_the_code_that_the_engineers_tab_brings_and_ends_other_sessions(
    window: Window, windows: Windows, account: AdministratorAccess, mails: Mails
) -> None:
    user, password = sign_up(account.outputs), f"Aa1-{uuid.uuid4().hex}"
    elsewhere = tokens_of(account.outputs, user, account)["RefreshToken"]
    customer, page = Customer(window), window.page
    window.visit()
    page.get_by_label("E-mail address").fill(user["username"])
    page.get_by_role("button", name="Forgotten your password?").click()
    page.get_by_role("button", name="Send a code").click()
    expect(page.get_by_role("link", name="the engineer’s view")).to_be_visible()
    windows.another_tab(window).visit(f"/engineer#{mails.token}")

    page.get_by_label("Code").fill(page.locator(".code").inner_text())
    page.get_by_label("New password").fill(password)
    page.get_by_role("button", name="Set password").click()

    expect(page.get_by_role("status")).to_contain_text("signed out everywhere")
    page.locator("form").get_by_role("button", name="Sign in").click()
    customer.is_at("What would you like?")
    pool = account.client("cognito-idp")
    with pytest.raises(pool.exceptions.NotAuthorizedException):
        pool.get_tokens_from_refresh_token(ClientId=account.outputs["user_pool_client_id"], RefreshToken=elsewhere)


def test_an_account_that_nobody_confirmed_is_confirmed_by_whoever_forgot_its_password(window: Window) -> None:
    stranger, page = Customer(window), window.page
    stranger.ask_for_a_code()
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name="Forgotten your password?").click()
    page.get_by_role("button", name="Send a code").click()
    stranger.is_at("Choose a new password")

    page.get_by_role("button", name="Confirm it first").click()

    stranger.is_at("Confirm your e-mail address")
    page.get_by_label("Code").fill(page.locator(".code").inner_text())
    page.get_by_role("button", name="Confirm and sign in").click()
    expect(page.get_by_role("status")).to_contain_text("is confirmed. Sign in")


def test_an_address_without_an_account_is_promised_no_code(window: Window) -> None:
    stranger, page, address = Customer(window), window.page, f"typo-{uuid.uuid4().hex}@example.com"
    promise = page.get_by_text(f"If there is an account for {address} that isn’t confirmed yet, we sent a code to it.")
    window.visit()
    page.get_by_label("E-mail address").fill(address)
    page.get_by_role("button", name="Forgotten your password?").click()
    page.get_by_role("button", name="Send a code").click()

    page.get_by_role("button", name="Confirm it first").click()

    stranger.is_at("Confirm your e-mail address")
    expect(promise).to_be_visible()
    page.reload()
    expect(promise).to_be_visible()
    page.get_by_role("button", name="Send another code").click()
    expect(page.get_by_role("status")).to_contain_text("If there is an account for this address")
    page.get_by_role("button", name="Another address").click()
    stranger.is_at("Reset your password")


@pytest.mark.parametrize(
    ("then", "place"),
    [
        ("/%09/evil.example", "/"),
        ("//evil.example", "/"),
        ("/%255c/evil.example", "/"),
        ("/orders%3Fa=b", "/orders?a=b"),
    ],
)
def test_signing_in_goes_on_to_a_part_of_this_page_only(
    customer: Customer, windows: Windows, then: str, place: str
) -> None:
    tab = windows.another_tab(customer.window)

    tab.visit(f"/sign-in?then={then}")

    tab.page.wait_for_url(tab.origin + place)
