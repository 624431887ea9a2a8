"""Orders in the browser that can be changed for a while."""

from tests.e2e.support import change_window
from tests.e2e.support.administrator_access import AdministratorAccess
from tests.web.support.app_users import Customer


def pretend_it_can_be_changed(account: AdministratorAccess, customer: Customer, order_id: str, *, seconds: int) -> None:
    """Give a PENDING order of the customer a change window."""
    change_window.pretend_it_can_be_changed(account, customer.user_id, order_id, seconds=seconds)
