"""The page shows the state of its connection, and is soon up to date after any fault."""

import json
import re
import time
from datetime import datetime, timedelta
from typing import Any

from playwright.sync_api import Page, Route, WebSocketRoute, expect

from local.sign_in import sign_in
from tests.conftest import Deployment
from tests.e2e.support.administrator_access import AdministratorAccess
from tests.e2e.support.order_requests import PIZZA
from tests.web.conftest import NewCustomer
from tests.web.support.app_users import Customer
from tests.web.support.browser_windows import PHONE, Window
from tests.web.support.change_window import pretend_it_can_be_changed
from tests.web.support.lost_events import first_events_lost
from tests.web.test_network_faults import REALTIME, Line
from verify.polling import eventually

CONFIGURATION = "**/config.json"
SOON_MILLISECONDS = 10_000


def standing(page: Page, name: str) -> None:
    """Wait until the bar shows this state of the connection."""
    expect(page.locator(f'[data-liveness="{name}"]')).to_be_visible()


def configured(page: Page, **settings: Any) -> None:
    """Answer from now on as if the page had been deployed with these settings."""

    def answer(route: Route) -> None:
        configuration: dict[str, Any] = route.fetch().json()
        route.fulfill(body=json.dumps(configuration | settings), content_type="application/json")

    page.route(CONFIGURATION, answer)


class MuteLine:
    """A connection that can stay open and silent."""

    def __init__(self) -> None:
        self.is_mute = False

    def connect(self, socket: WebSocketRoute) -> None:
        """Let a WebSocket through, and drop the server's messages while the line is mute."""
        server = socket.connect_to_server()
        server.on_message(lambda message: None if self.is_mute else socket.send(message))


def pay_unheard(customer: Customer, account: AdministratorAccess, line: MuteLine, *, window_seconds: int) -> None:
    """Have an order paid while the line is mute.

    The page still shows it as placed, and as one that can be changed.
    """
    page = customer.page
    page.clock.install()
    page.route_web_socket(REALTIME, line.connect)
    with account.hints_held():
        pretend_it_can_be_changed(account, customer, customer.order(), seconds=window_seconds)
        page.reload()
        expect(page.get_by_role("timer")).to_be_visible()
        customer.is_live()
        line.is_mute = True
        page.clock.fast_forward(25_000)  # past the polls of the first seconds
    paid = eventually(
        lambda: [row["status"]["S"] for row in account.rows("orders", customer.user_id)],
        lambda found: found == ["PAID"],
        within_seconds=15,
    )
    assert paid == ["PAID"]
    customer.sees("PENDING")
    customer.is_live()


def test_a_silent_line_is_not_live_and_the_order_is_shown_as_it_is(
    customer: Customer, account: AdministratorAccess
) -> None:
    page, line = customer.page, MuteLine()
    pay_unheard(customer, account, line, window_seconds=3600)

    page.clock.fast_forward(60_000)

    expect(page.get_by_text("Checking…")).to_be_visible()
    customer.sees("PAID")
    expect(page.get_by_text("Checking…")).to_be_visible()
    line.is_mute = False
    page.clock.fast_forward(11_000)  # past the timeout of the handshake
    customer.is_live()


def test_when_the_change_window_has_ended_the_page_asks_whatever_the_line_says(
    customer: Customer, account: AdministratorAccess
) -> None:
    pay_unheard(customer, account, MuteLine(), window_seconds=50)

    customer.page.clock.fast_forward(30_000)

    customer.sees("PAID")
    customer.is_live()


def test_what_failed_offline_is_there_once_the_browser_is_online(customer: Customer) -> None:
    page, window = customer.page, customer.window
    window.expect_complaint("net::ERR_INTERNET_DISCONNECTED")
    customer.is_live()
    customer.choose()

    window.context.set_offline(True)
    standing(page, "offline")
    customer.place_button.click()
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    page.get_by_role("link", name="Orders", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("You seem to be offline")
    expect(page.get_by_text("Live", exact=True)).to_have_count(0)
    page.get_by_role("link", name="Menu", exact=True).click()
    menu = page.locator(".desk > :first-child")
    expect(menu.get_by_role("alert")).to_have_text(re.compile("You seem to be offline"))  # once
    page.get_by_role("link", name="Orders", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("You seem to be offline")
    window.context.set_offline(False)

    expect(page.get_by_text("You haven’t ordered anything yet.")).to_be_visible()
    customer.is_live()
    page.get_by_role("link", name="Menu", exact=True).click()
    expect(page.get_by_role("alert")).to_have_count(0)
    page.get_by_role("button", name="Try again").click()
    page.wait_for_url("**/orders/*")
    customer.sees("PAID")


def test_a_page_that_could_not_start_offline_starts_once_the_browser_is_online(window: Window) -> None:
    window.expect_complaint("net::ERR_INTERNET_DISCONNECTED")
    window.page.route(CONFIGURATION, lambda route: route.abort("internetdisconnected"))
    window.visit()
    expect(window.page.get_by_role("button", name="Try again")).to_be_visible()
    window.page.unroute(CONFIGURATION)

    window.page.evaluate("dispatchEvent(new Event('online'))")

    Customer(window).is_at("Sign in")


def test_a_page_whose_servers_are_others_by_now_offers_a_reload_wherever_it_stands(new_customer: NewCustomer) -> None:
    customer = new_customer(PHONE)
    line = Line()
    customer.page.route_web_socket(REALTIME, line.connect)
    customer.page.reload()
    customer.is_live()
    customer.choose()
    configured(customer.page, graphqlUrl="http://127.0.0.1:9/graphql")
    customer.place_button.scroll_into_view_if_needed()
    line.cut()

    reload = customer.page.get_by_role("button", name="Reload")
    expect(reload).to_be_in_viewport()
    line.is_cut = False
    customer.page.unroute(CONFIGURATION)
    reload.click()

    customer.is_live()
    expect(reload).to_have_count(0)
    expect(customer.place_button).to_be_visible()


def come_back(page: Page) -> None:
    """Come back to the window, after longer than a look elsewhere."""
    page.clock.fast_forward(11_000)
    page.evaluate("dispatchEvent(new Event('focus'))")


def test_another_change_window_is_promised_once_the_customer_comes_back(customer: Customer) -> None:
    page = customer.page
    configured(page, changeWindowSeconds=60)
    page.clock.install()
    page.reload()
    customer.choose()
    expect(page.get_by_text("You can change or cancel it for 60 seconds.")).to_be_visible()
    page.unroute(CONFIGURATION)

    come_back(page)

    expect(page.get_by_text("You can change or cancel it")).to_have_count(0)
    expect(page.get_by_role("button", name="Reload")).to_have_count(0)


def test_without_live_updates_who_comes_back_sees_what_came_meanwhile(
    customer: Customer, account: AdministratorAccess, held: None
) -> None:
    page = customer.page
    configured(page, liveUpdates=False)
    order_id = customer.order()
    pretend_it_can_be_changed(account, customer, order_id, seconds=900)
    page.clock.install()
    page.reload()
    expect(page.get_by_role("button", name="Cancel order")).to_be_visible()
    expect(page.locator(".account")).to_contain_text(re.compile(r"Checked\s*\d\d:\d\d"))
    with sign_in(account.outputs, **customer.user) as elsewhere:
        elsewhere.cancel_order(order_id)
        another = elsewhere.post_order(**PIZZA)["id"]

    come_back(page)

    customer.sees("CANCELLED")
    expect(page.get_by_role("button", name="Cancel order")).to_have_count(0)
    page.get_by_role("link", name="Orders", exact=True).click()
    expect(page.locator(f'[data-order="{another}"]')).to_be_visible()
    with sign_in(account.outputs, **customer.user) as elsewhere:
        newest = elsewhere.post_order(**PIZZA)["id"]
    page.clock.fast_forward(61_000)
    expect(page.locator(f'[data-order="{newest}"]')).to_be_visible()
    expect(page.get_by_text("by itself")).to_have_count(0)


def test_where_the_browser_stores_nothing_the_page_says_that_it_needs_to(window: Window) -> None:
    refuse = "{ get() { throw new DOMException('denied', 'SecurityError') } }"
    window.context.add_init_script(f"Object.defineProperty(window, 'sessionStorage', {refuse})")

    window.visit()

    expect(window.page.get_by_role("alert")).to_contain_text("Your browser doesn’t let this site store data")
    expect(window.page.get_by_text("Loading")).to_have_count(0)


def test_events_that_are_lost_in_the_first_seconds_are_shown_all_the_same(
    customer: Customer, deployment: Deployment, account: AdministratorAccess
) -> None:
    customer.listed()
    with first_events_lost(deployment.run.directory, seconds=8):
        customer.page.reload()
        customer.is_live()

        with sign_in(account.outputs, **customer.user) as elsewhere:
            order_id = elsewhere.post_order(**PIZZA)["id"]

        row = customer.page.locator(f'[data-order="{order_id}"]')
        expect(row.locator('[data-status="PAID"]')).to_be_visible(timeout=SOON_MILLISECONDS)


def test_orders_are_listed_as_they_were_placed_whatever_the_clock_of_a_device_says(customer: Customer) -> None:
    page = customer.page
    page.clock.install(time=datetime.now() + timedelta(days=2))
    page.reload()
    ahead = customer.order()
    # The page puts a clock right by a date that has no milliseconds: orders of one second may change places.
    time.sleep(2)
    page.clock.set_system_time(datetime.now() - timedelta(days=2))
    page.reload()
    page.get_by_role("link", name="Menu", exact=True).click()
    behind = customer.order()

    assert customer.listed() == [behind, ahead]
