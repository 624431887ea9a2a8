"""The app with a broken connection, lost answers, or a customer who clicks twice."""

import json
from typing import Any

import pytest
from playwright.sync_api import Route, WebSocketRoute, expect

from tests.e2e.support.administrator_access import AdministratorAccess
from tests.web.support.app_users import Customer
from verify.polling import eventually

REALTIME = "**/graphql/realtime*"
API = "**/graphql"


class Line:
    """The customer's connections to the real-time endpoint, controlled by the test."""

    def __init__(self) -> None:
        self.is_cut = False
        self.attempts = 0
        self.is_subscribed = False
        self._open: list[WebSocketRoute] = []

    def connect(self, socket: WebSocketRoute) -> None:
        """Let a WebSocket through, unless the line is cut."""
        self.attempts += 1
        if self.is_cut:
            socket.close(code=1001)
            return
        server = socket.connect_to_server()

        def pass_on(message: str | bytes) -> None:
            self.is_subscribed = self.is_subscribed or json.loads(message)["type"] == "start_ack"
            socket.send(message)

        server.on_message(pass_on)
        self._open.append(socket)

    def cut(self) -> None:
        """Close the open connections and refuse new ones."""
        self.is_cut = True
        self.is_subscribed = False
        for socket in self._open:
            socket.close(code=1001)


def posted(route: Route) -> dict[str, Any] | None:
    """Return the input of postOrder, or None if the request is another one."""
    body = json.loads(route.request.post_data or "{}")
    return dict(body["variables"]["input"]) if "postOrder" in body.get("query", "") else None


def test_a_dropped_socket_comes_back_and_what_was_missed_is_read(
    customer: Customer, account: AdministratorAccess
) -> None:
    line = Line()
    customer.page.route_web_socket(REALTIME, line.connect)
    customer.page.reload()
    customer.is_live()
    with account.hints_held():
        customer.order()
        customer.sees("PENDING")
        line.cut()
        expect(customer.page.locator('[data-liveness="live"]')).to_have_count(0)
        tries = line.attempts
    customer.page.route(API, lambda route: route.abort())  # so that queries fail too
    paid = eventually(
        lambda: [row["status"]["S"] for row in account.rows("orders", customer.user_id)],
        lambda found: found == ["PAID"],
        within_seconds=15,
    )
    customer.window.expect_complaint("net::ERR_FAILED")

    # A page that is subscribed doesn't poll. Only its query for missed changes can bring the news.
    line.is_cut = False
    eventually(lambda: customer.page.title() and line.is_subscribed, bool, within_seconds=40)
    expect(customer.page.locator('[data-liveness="live"]')).to_have_count(0)
    customer.sees("PENDING")
    customer.page.unroute(API)

    customer.sees("PAID")
    customer.is_live()
    assert paid == ["PAID"]
    assert line.attempts > tries


def test_a_double_click_is_one_order(customer: Customer, account: AdministratorAccess) -> None:
    customer.choose()

    customer.place_button.dblclick()

    customer.page.wait_for_url("**/orders/*")
    customer.sees("PAID")
    assert len(account.rows("orders", customer.user_id)) == 1
    assert len(account.rows("payments", customer.user_id)) == 1


def test_two_clicks_before_the_page_has_drawn_anything_are_one_order(
    customer: Customer, account: AdministratorAccess
) -> None:
    customer.choose()

    customer.place_button.evaluate("(button) => { button.click(); button.click(); }")

    customer.page.wait_for_url("**/orders/*")
    customer.sees("PAID")
    assert len(account.rows("orders", customer.user_id)) == 1
    assert len(account.rows("payments", customer.user_id)) == 1


def test_an_order_whose_answer_was_lost_is_sent_again_as_the_same(
    customer: Customer, account: AdministratorAccess
) -> None:
    inputs: list[dict[str, Any]] = []

    def lose_the_first_answer(route: Route) -> None:
        sent = posted(route)
        if sent is None:
            route.continue_()
            return
        inputs.append(sent)
        if len(inputs) == 1:
            route.fetch()  # the request arrives, and only the answer is lost
            route.abort("connectionreset")
        else:
            route.continue_()

    customer.page.route(API, lose_the_first_answer)
    customer.window.expect_complaint("net::ERR_CONNECTION_RESET")

    order_id = customer.order()

    customer.sees("PAID")
    assert [sent["id"] for sent in inputs] == [order_id, order_id]
    assert [row["id"]["S"] for row in account.rows("orders", customer.user_id)] == [order_id]
    assert len(account.rows("payments", customer.user_id)) == 1


@pytest.mark.parametrize("is_live", [True, False], ids=["with live updates", "where no WebSocket gets through"])
def test_an_order_whose_answer_never_came_leaves_the_basket_after_a_reload(
    customer: Customer, account: AdministratorAccess, is_live: bool
) -> None:
    line = Line()
    line.is_cut = not is_live
    customer.page.route_web_socket(REALTIME, line.connect)
    ids = _place_without_an_answer(customer, arrives=True)

    customer.page.reload()
    basket = customer.page.locator("#basket")
    expect(basket).to_contain_text("An order that we weren’t sure of arrived.")
    basket.get_by_role("link", name="See your order").click()

    customer.page.wait_for_url(f"**/orders/{ids[0]}")
    customer.sees("PAID")
    assert {row["id"]["S"] for row in account.rows("orders", customer.user_id)} == set(ids)
    assert len(account.rows("payments", customer.user_id)) == 1


def test_a_reload_before_an_order_arrived_goes_on_with_the_same_order(
    customer: Customer, account: AdministratorAccess
) -> None:
    ids = _place_without_an_answer(customer, arrives=False)

    with customer.page.expect_response(lambda answer: "Order($id" in (answer.request.post_data or "")):
        customer.page.reload()
    expect(customer.page.locator("#basket")).to_contain_text("We don’t know whether this order arrived")
    customer.page.get_by_role("button", name="Try again").click()

    customer.page.wait_for_url("**/orders/*")
    customer.sees("PAID")
    assert {row["id"]["S"] for row in account.rows("orders", customer.user_id)} == set(ids)
    assert len(account.rows("payments", customer.user_id)) == 1


def _place_without_an_answer(customer: Customer, *, arrives: bool) -> list[str]:
    """Place an order whose answer doesn't come; return the ids that were sent."""
    ids: list[str] = []

    def answer_nothing(route: Route) -> None:
        sent = posted(route)
        if sent is None:
            route.continue_()
            return
        ids.append(sent["id"])
        if arrives:
            route.fetch()
        route.abort("connectionreset")

    customer.page.route(API, answer_nothing)
    customer.window.expect_complaint("net::ERR_CONNECTION_RESET")
    customer.choose()
    with customer.page.expect_event("requestfailed"):
        customer.place_button.click()
    customer.page.unroute(API)
    return ids


def test_while_the_server_hangs_the_page_says_that_it_takes_longer(customer: Customer) -> None:
    page, slow = customer.page, customer.page.get_by_text("This takes longer than usual.")
    held: list[Route] = []
    page.route(API, lambda route: held.append(route) if posted(route) else route.fallback())
    customer.choose()
    customer.place_button.click()
    expect(customer.place_button).to_have_attribute("aria-busy", "true")
    expect(slow).to_have_count(0)

    expect(slow).to_be_visible(timeout=10_000)
    assert slow.get_attribute("aria-live") == "polite"
    held.pop().continue_()

    page.wait_for_url("**/orders/*")
    expect(slow).to_have_count(0)


def test_an_order_that_was_deleted_elsewhere_is_said_to_be_gone(
    customer: Customer, account: AdministratorAccess
) -> None:
    with account.hints_held():
        order_id = customer.order()
        customer.sees("PENDING")
        account.client("dynamodb").delete_item(
            TableName=account.outputs["orders_table"],
            Key={"user_id": {"S": customer.user_id}, "id": {"S": order_id}},
        )
        customer.page.evaluate("dispatchEvent(new Event('online'))")  # the page looks again

        expect(customer.page.get_by_role("alert")).to_contain_text("This order doesn’t exist")
    expect(customer.page.locator(".standing")).to_have_count(0)
