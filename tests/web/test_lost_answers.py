"""A change or cancellation reaches the API, and its answer gets lost."""

from playwright.sync_api import Page, Route, expect

from tests.e2e.support.administrator_access import AdministratorAccess
from tests.web.support.app_users import Customer
from tests.web.support.change_window import pretend_it_can_be_changed
from tests.web.test_network_faults import API
from verify.polling import eventually


class Kept:
    """Lets the first call of a mutation through, and holds back its answer."""

    def __init__(self, page: Page, mutation: str) -> None:
        self._page = page
        self._mutation = mutation
        self._routes: list[Route] = []
        page.route(API, self._handle)

    def lose(self) -> None:
        """End the call without its answer, once the API has answered."""
        # Each question to the page lets Playwright handle the call.
        eventually(lambda: self._page.title() and self._routes, bool, within_seconds=10)
        self._routes[0].abort()

    def _handle(self, route: Route) -> None:
        if self._routes or self._mutation not in (route.request.post_data or ""):
            route.fallback()
            return
        route.fetch()
        self._routes.append(route)


def _order_with_time_to_change(customer: Customer, account: AdministratorAccess) -> None:
    order_id = customer.order()
    pretend_it_can_be_changed(account, customer, order_id, seconds=60)
    customer.page.reload()


def test_a_change_whose_answer_was_lost_is_shown(customer: Customer, account: AdministratorAccess, held: None) -> None:
    _order_with_time_to_change(customer, account)
    dialog = customer.page.get_by_role("dialog")
    answer = Kept(customer.page, "updateOrder")
    customer.window.expect_complaint("net::ERR_FAILED")

    customer.page.get_by_role("button", name="Change", exact=True).click()
    dialog.get_by_label("Quantity").fill("3")
    dialog.get_by_role("button", name="Save the change").click()
    expect(dialog.get_by_role("button", name="Leave it as it is")).to_be_disabled()
    answer.lose()

    expect(dialog).to_have_count(0)
    expect(customer.page.get_by_role("heading", name="3 × Margherita")).to_be_visible()
    assert [row["quantity"]["N"] for row in account.rows("orders", customer.user_id)] == ["3"]


def test_a_cancellation_whose_answer_was_lost_is_shown_and_waited_for(
    customer: Customer, account: AdministratorAccess, held: None
) -> None:
    _order_with_time_to_change(customer, account)
    dialog = customer.page.get_by_role("dialog")
    answer = Kept(customer.page, "cancelOrder")
    customer.window.expect_complaint("net::ERR_FAILED")

    customer.page.get_by_role("button", name="Cancel order").click()
    dialog.get_by_role("button", name="Yes, cancel it").click()
    expect(dialog.get_by_role("button", name="Keep it")).to_be_disabled()
    customer.page.keyboard.press("Escape")
    customer.page.keyboard.press("Escape")
    expect(dialog).to_be_visible()
    answer.lose()

    expect(dialog).to_have_count(0)
    customer.sees("CANCELLED")
