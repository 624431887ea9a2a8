"""An execution outlives its lease, and another one finishes the order meanwhile.

The late execution changes nothing.
"""

import pytest

from tests.e2e.faults.support.call_faults import Held
from tests.e2e.faults.support.fault_proxy import FaultProxy
from tests.e2e.faults.support.one_order import OneOrder
from tests.e2e.faults.support.sweeper import Sweeper
from tests.e2e.support.mailbox import Mailbox
from verify.polling import eventually


@pytest.mark.parametrize(
    ("payment_method", "status", "charges"),
    [("pm_card_visa", "PAID", ["approved"]), ("pm_card_chargeDeclined", "FAILED", ["declined"])],
)
def test_an_execution_that_outlives_its_lease_changes_nothing(
    order: OneOrder,
    proxy: FaultProxy,
    sweeper: Sweeper,
    mailbox: Mailbox,
    payment_method: str,
    status: str,
    charges: list[str],
) -> None:
    held = Held()
    with proxy.breaking(
        held, function="charge_payment", operation="GetItem", numbers=[1], when=order.is_its_payment
    ) as reached:
        order.place(paymentMethod=payment_method)
        eventually(lambda: reached.broken, bool, within_seconds=10)
        order.make_due()
        sweeper.sweep()
        finished_by_another = order.final_status()
        as_it_was = order.row()

        held.let_go()
        order.wait_for_executions(2)

    assert finished_by_another == status
    assert order.row() == as_it_was
    assert order.charges() == charges
    assert [mail.attributes["status"] for mail in mailbox.wait_for(order.user_id, count=1)] == [status]
