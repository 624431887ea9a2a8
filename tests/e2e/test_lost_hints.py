"""Orders whose hints got lost wait for the sweep. test_sweep.py checks how they end."""

from tests.e2e.support.lost_hints import WaitingForSweep
from verify.polling import eventually


def test_orders_whose_hints_got_lost_stay_pending(waiting_for_sweep: WaitingForSweep) -> None:
    def statuses() -> dict[str, str]:
        return {how: waiting_for_sweep.status(how) for how in waiting_for_sweep.orders}

    seen = eventually(statuses, lambda found: set(found.values()) != {"PENDING"}, within_seconds=0.5)

    assert seen == {"message lost": "PENDING", "message not sent": "PENDING"}
