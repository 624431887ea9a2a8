"""The engineer's view: the flow with its live numbers, the mails, and GraphiQL."""

import re
import secrets
from typing import Literal

import pytest
from playwright.sync_api import Locator, expect

from local.sign_in import sign_in
from tests.e2e.support.administrator_access import AdministratorAccess
from tests.e2e.support.order_requests import PIZZA
from tests.e2e.support.users import user_id_of
from tests.web.support.app_users import Customer, Mails
from tests.web.support.browser_windows import Window
from tests.web.support.graphiql import run_the_first_query, subscribe
from tests.web.test_connection import configured
from tests.web.test_network_faults import API


@pytest.fixture
def engineer(window: Window, mails: Mails) -> Window:
    """The engineer's view, opened by the address that `make up` prints."""
    window.visit(f"/engineer#{mails.token}")
    expect(window.page.get_by_role("heading", name="Engineer’s view")).to_be_visible()
    return window


def part(window: Window, name: str) -> Locator:
    """Return one of the boxes in the picture of the flow."""
    return window.page.locator(f'[data-part="{name}"]')


def test_the_picture_counts_what_waits_and_what_is_done(
    engineer: Window, customer: Customer, account: AdministratorAccess
) -> None:
    expect(part(engineer, "queue")).to_contain_text("0 waiting")
    done = int(re.findall(r"(\d+) done", part(engineer, "workflow").text_content() or "")[0])

    with account.hints_held():
        customer.order()
        expect(part(engineer, "queue")).to_contain_text("1 waiting")
        expect(part(engineer, "orders")).to_contain_text("1 pending")

    expect(part(engineer, "workflow")).to_contain_text(f"{done + 1} done")
    expect(part(engineer, "queue")).to_contain_text("0 waiting")


def test_the_mail_about_an_order_can_be_read(engineer: Window, customer: Customer) -> None:
    order_id = customer.order()

    mail = engineer.page.locator(".mail", has_text=order_id)

    expect(mail).to_contain_text("9.50")
    expect(mail).to_contain_text("Margherita")
    expect(mail.locator("dd", has_text=re.compile("^PAID$"))).to_be_visible()
    expect(mail).not_to_contain_text("{")
    expect(engineer.page.locator(".mail").first).to_contain_text(order_id)


@pytest.mark.parametrize(("part", "opened_by"), [("engineer", "link"), ("graphiql", "button")])
def test_a_part_that_can_not_be_loaded_asks_for_a_reload(
    window: Window, mails: Mails, part: str, opened_by: Literal["link", "button"]
) -> None:
    page, chunk = window.page, re.compile(rf"/assets/{part}-[^/]*\.js$")
    window.expect_complaint("net::ERR_FAILED")
    window.expect_complaint("dynamically imported module")
    window.visit(f"/engineer#{mails.token}")
    expect(page.get_by_role("heading", name="Engineer’s view")).to_be_visible()
    if part == "engineer":
        window.visit("/sign-in")
    page.route(chunk, lambda route: route.abort())

    page.get_by_role(opened_by, name=re.compile(part, re.IGNORECASE)).click()

    expect(page.get_by_role("alert")).to_contain_text("could not be loaded")
    page.unroute(chunk)
    page.get_by_role("button", name="Reload the page").click()
    expect(page.get_by_role("heading", name="Engineer’s view")).to_be_visible()


def test_graphiql_is_signed_in_as_the_demo_user(engineer: Window) -> None:
    engineer.page.get_by_role("button", name="GraphiQL").click()

    run_the_first_query(engineer.page)

    engineer.page.get_by_role("button", name="Show Documentation Explorer").click()
    expect(engineer.page.locator(".graphiql-doc-explorer-content")).to_contain_text("Mutation")


def test_a_subscription_in_graphiql_hears_of_the_demo_users_order(
    engineer: Window, account: AdministratorAccess
) -> None:
    with sign_in(account.outputs, **account.outputs["demo_user"]) as demo:
        engineer.page.get_by_role("button", name="GraphiQL").click()
        subscribe(engineer.page, user_id_of(demo))

        order_id = demo.post_order(**PIZZA)["id"]

    expect(engineer.page.locator(".result-window")).to_contain_text(order_id)
    expect(engineer.page.locator(".result-window")).to_contain_text('"PAID"')


def test_graphiql_offers_a_reload_once_another_run_is_up(engineer: Window) -> None:
    page = engineer.page
    engineer.expect_complaint("404")
    page.get_by_role("button", name="GraphiQL").click()
    run_the_first_query(page)
    configured(page, graphqlUrl="http://127.0.0.1:9/graphql")
    page.route(API, lambda route: route.fulfill(status=404, json={"message": "GraphQL API not found."}))

    page.locator(".graphiql-execute-button").click()

    expect(page.get_by_role("button", name="Reload")).to_be_visible()


def test_the_token_leaves_the_address_and_a_wrong_one_shows_nothing(engineer: Window, window: Window) -> None:
    expect(engineer.page).to_have_url(re.compile("/engineer$"))

    window.expect_complaint("403")
    window.visit("/sign-in")
    window.visit(f"/engineer#{secrets.token_urlsafe(24)}")

    expect(window.page.get_by_role("alert")).to_contain_text("make status")
    expect(window.page.locator(".flow, .mail")).to_have_count(0)


def test_the_address_of_a_new_start_is_taken_in_the_same_tab(window: Window, mails: Mails) -> None:
    window.visit("/engineer")
    expect(window.page.get_by_role("alert")).to_contain_text("make status")

    window.visit(f"/engineer#{mails.token}")

    expect(window.page.get_by_role("heading", name="Flow")).to_be_visible()
    expect(window.page).to_have_url(re.compile("/engineer$"))


def test_the_skip_link_leaves_the_token_alone(engineer: Window) -> None:
    engineer.page.keyboard.press("Tab")
    expect(engineer.page.get_by_role("link", name="Skip to the page’s content")).to_be_focused()

    engineer.page.keyboard.press("Enter")

    expect(engineer.page.locator("#main")).to_be_focused()
    engineer.page.reload()
    expect(engineer.page.get_by_role("heading", name="Flow")).to_be_visible()
    expect(engineer.page.locator(".flow")).to_be_visible()


def test_the_keyboard_gets_into_graphiqls_editor_and_out_again(engineer: Window) -> None:
    engineer.page.get_by_role("button", name="GraphiQL").click()
    editor = engineer.page.locator(".graphiql-query-editor .CodeMirror textarea")
    editor.focus()
    engineer.page.keyboard.press("Tab")
    expect(editor).to_be_focused()

    engineer.page.keyboard.press("Escape")
    engineer.page.keyboard.press("Tab")

    expect(editor).not_to_be_focused()
    expect(engineer.page.get_by_text("press Escape and then Tab")).to_be_visible()
    editor.focus()
    engineer.page.keyboard.press("Escape")
    engineer.page.keyboard.press("Shift+Tab")
    expect(editor).not_to_be_focused()
