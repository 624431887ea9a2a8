"""One customer at two devices: actions at one show at the other."""

from playwright.sync_api import expect

from local.sign_in import sign_in
from tests.e2e.support.administrator_access import AdministratorAccess
from tests.e2e.support.order_requests import PIZZA
from tests.web.support.app_users import Customer
from tests.web.support.browser_windows import PHONE, Windows
from tests.web.support.change_window import pretend_it_can_be_changed


def test_an_order_that_is_changed_and_cancelled_at_one_device_is_so_at_the_other(
    customer: Customer, windows: Windows, account: AdministratorAccess, held: None
) -> None:
    phone = Customer(windows.open(PHONE, "light"), customer.user_id)
    phone.sign_in(customer.user)
    order_id = customer.order()
    pretend_it_can_be_changed(account, customer, order_id, seconds=120)
    for device in (customer, phone):
        device.window.visit(f"/orders/{order_id}")
        device.is_live()
        expect(device.page.get_by_role("button", name="Cancel order")).to_be_visible()
    dialogs = [device.page.get_by_role("dialog") for device in (customer, phone)]

    phone.page.get_by_role("button", name="Change", exact=True).click()
    customer.page.get_by_role("button", name="Change", exact=True).click()
    dialogs[0].get_by_label("Quantity").fill("3")
    dialogs[0].get_by_role("button", name="Save the change").click()

    expect(phone.page.get_by_role("heading", name="3 × Margherita", include_hidden=True)).to_have_count(1)
    expect(dialogs[1]).to_contain_text("This order has changed meanwhile: it is 3 × Margherita now.")
    customer.page.get_by_role("button", name="Cancel order").click()
    dialogs[0].get_by_role("button", name="Yes, cancel it").click()
    expect(dialogs[1]).to_contain_text("This order has been cancelled meanwhile.")
    dialogs[1].get_by_text("Close").click()
    phone.sees("CANCELLED")
    expect(phone.page.get_by_role("button", name="Cancel order")).to_have_count(0)


def test_an_order_that_was_in_the_basket_while_another_was_placed_is_the_newest(
    customer: Customer, account: AdministratorAccess
) -> None:
    customer.choose()
    with sign_in(account.outputs, **customer.user) as elsewhere:
        before = elsewhere.post_order(**PIZZA)["id"]

    after = customer.place()

    assert customer.listed() == [after, before]
