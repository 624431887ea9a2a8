"""The sweep takes up the orders of test_lost_hints.py."""

import time

import pytest

from tests.e2e.support.administrator_access import AdministratorAccess
from tests.e2e.support.lost_hints import GRACE_MILLISECONDS, WaitingForSweep
from tests.e2e.support.users import user_id_of
from verify.polling import eventually

TWO_MINUTES = 120


@pytest.mark.parametrize("how", ["message lost", "message not sent"])
def test_a_lost_hint_is_found_within_two_minutes(
    waiting_for_sweep: WaitingForSweep, account: AdministratorAccess, how: str
) -> None:
    customer, order = waiting_for_sweep.customer, waiting_for_sweep.orders[how]
    deadline = waiting_for_sweep.due_since + TWO_MINUTES - GRACE_MILLISECONDS / 1000

    status = eventually(
        lambda: waiting_for_sweep.status(how), lambda found: found == "PAID", within_seconds=deadline - time.monotonic()
    )

    assert status == "PAID"
    payments = account.rows("payments", user_id_of(customer))
    assert [row["result"]["S"] for row in payments if row["order_id"]["S"] == order["id"]] == ["approved"]
    assert account.log_lines("sweep", "hint sent again", order["id"])
