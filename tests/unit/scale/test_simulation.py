"""The simulation gives the same results as a calculation by hand."""

import pytest

from scale.parameters import PAID_AFTER_A_WINDOW, PAID_AT_ONCE, News
from scale.scale_page import busy_workers, fewest_workers
from scale.simulation import Announcer, simulate_queue, simulate_stream

BEFORE = Announcer(shards=4, batches_at_once=1, side_by_side=1)
TODAY = Announcer(shards=4, batches_at_once=2, side_by_side=20)


@pytest.mark.parametrize("orders_a_second", [100, 1000])
def test_as_many_workers_are_busy_as_littles_law_says(orders_a_second: int) -> None:
    # Ten calls of 30 ms, and 10 ms around them, are 31 ms for each of the ten.
    ran = simulate_queue(orders_a_second, int(orders_a_second * 0.031), seconds=20, from_nothing=False)

    assert busy_workers(orders_a_second) == pytest.approx(orders_a_second * 0.031)
    assert ran.busy == pytest.approx(orders_a_second * 0.031, rel=0.05)


def test_a_queue_grows_by_what_its_workers_leave() -> None:
    ran = simulate_queue(100, workers=2, seconds=20, from_nothing=False)

    # Two workers start 2 ÷ 0.031 = 64.5 workflows a second.
    assert ran.done == pytest.approx(20 * 64.5, rel=0.05)
    assert ran.waiting == pytest.approx(20 * (100 - 64.5), rel=0.1)
    # The last hint that was taken came after 64.5 ÷ 100 of the time, and so did the next.
    assert ran.longest_seconds == pytest.approx(20 * 0.355, rel=0.1)


@pytest.mark.parametrize(("orders_a_second", "fewest"), [(10, 2), (100, 4), (1000, 31)])
def test_the_fewest_workers_are_littles_law_rounded_up(orders_a_second: int, fewest: int) -> None:
    assert fewest_workers(orders_a_second) == fewest


def test_from_nothing_orders_wait_until_lambda_has_enough_workers() -> None:
    warm = simulate_queue(1000, workers=100, seconds=20, from_nothing=False)

    ran = simulate_queue(1000, workers=100, seconds=20, from_nothing=True)

    # Lambda begins with 5 workers and adds 5 a second: 31 after 5.2 s. By then,
    # 5.2² ÷ 2 × 5 ÷ 0.031 = 2,180 orders too many have come, for which 31 workers take 2.2 s.
    assert ran.longest_seconds == pytest.approx(2.2, rel=0.1)
    assert warm.longest_seconds < 0.1


@pytest.mark.parametrize("news", [PAID_AT_ONCE, PAID_AFTER_A_WINDOW])
@pytest.mark.parametrize("announcer", [BEFORE, TODAY])
def test_a_stream_carries_what_the_hand_says(announcer: Announcer, news: tuple[News, ...]) -> None:
    announcer = Announcer(announcer.shards, announcer.batches_at_once, announcer.side_by_side, news)

    ran = simulate_stream(None, announcer, seconds=30)

    assert ran.done / 30 == pytest.approx(announcer.keeps_up_to(), rel=0.06)


def test_by_hand_a_shard_carried_eleven_orders_and_a_batch_now_takes_what_the_processor_does() -> None:
    # 20 orders with 40 changes took 60 calls in sequence. Now they take 60 ms of a vCPU, of which
    # the function has 512 ÷ 1769.
    assert BEFORE.keeps_up_to() == pytest.approx(4 * 20 / (0.010 + 60 * 0.030))
    assert TODAY.keeps_up_to() == pytest.approx(8 * 20 / (0.010 + 0.060 * 1769 / 512))


def test_one_after_the_other_fell_behind_above_fifty_orders_a_second() -> None:
    calm, busy = (simulate_stream(rate, BEFORE, seconds=60) for rate in (35, 50))

    assert (calm.waiting, calm.longest_seconds) < (20, 3)
    assert busy.waiting / 60 == pytest.approx(50 - BEFORE.keeps_up_to(), rel=0.3)
    assert busy.longest_seconds > 5


def test_side_by_side_keeps_up_with_ten_times_as_many_and_no_more_than_it_can() -> None:
    calm, busy = (simulate_stream(rate, TODAY, seconds=20) for rate in (500, 1000))

    assert (calm.waiting, calm.longest_seconds) < (100, 1)
    assert busy.waiting / 20 == pytest.approx(1000 - TODAY.keeps_up_to(), rel=0.1)
