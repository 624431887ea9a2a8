"""`announce` keeps up with 200 changes a second of one shard, through ports that take 30 ms."""

from typing import Any

import pytest
from orders import bootstrap

from bench.paced_stream import CALL_SECONDS, CHANGES_A_SECOND, SlowPorts, announcing, changes_of, feed


@pytest.mark.parametrize("fails_at", [0, 100])
def test_200_changes_a_second_are_announced_within_5_seconds_each_and_each_orders_in_order(
    context: Any, fails_at: int
) -> None:
    ports, changes = SlowPorts(fails_at=fails_at), changes_of(500)

    with announcing(ports, workers=bootstrap.ANNOUNCEMENTS_AT_ONCE) as handler:
        pace = feed(changes, handler, context, ports)

    assert (pace.missing, pace.out_of_order) == (0, 0)
    assert pace.longest_lag_seconds < 5
    assert pace.most_at_once > bootstrap.ANNOUNCEMENTS_AT_ONCE // 2


def test_one_change_after_the_other_does_not_keep_up(context: Any) -> None:
    ports, changes = SlowPorts(), changes_of(20)

    with announcing(ports, workers=1) as handler:
        pace = feed(changes, handler, context, ports)

    # Three calls for two changes. All but the last come before the last one is announced, and take longer than the
    # changes took to come.
    calls = 3 * len(changes) / 2 - 1
    assert pace.most_at_once == 1
    assert pace.seconds >= calls * CALL_SECONDS > 5 * len(changes) / CHANGES_A_SECOND
