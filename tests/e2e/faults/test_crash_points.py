"""Tests that break each call of a function in each way: every order must still end as promised.

A run without faults finds out which calls there are. A failure names the function, the call, its
number and the way in which it broke.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from tests.e2e.faults.conftest import NewOrder
from tests.e2e.faults.support.broken_orders import BrokenOrders, make_due
from tests.e2e.faults.support.crash_points import CrashPoint, Way, calls_for, crash_points, ways
from tests.e2e.faults.support.one_order import OneOrder
from tests.e2e.faults.support.sweeper import ALL_HINTS, lose_hints
from tests.e2e.support.administrator_access import AdministratorAccess
from verify.customer import Customer


@dataclass(frozen=True)
class Run:
    """A function's work on one order, and the operations that it is known to call."""

    function: str
    known: frozenset[str]
    placed_with: Mapping[str, str] = field(default_factory=dict)


CHARGE = frozenset(["GetItem", "PutItem"])
# No sweep takes an order with this due time.
FAR = "9999999999999"
RUNS = {
    "consumer": Run("start_workflow", frozenset(["StartExecution"])),
    "charge": Run("charge_payment", CHARGE),
    "decline": Run("charge_payment", CHARGE, {"paymentMethod": "pm_card_chargeDeclined"}),
    "second charge": Run("charge_payment", CHARGE, {"paymentMethod": "pm_sim_error_once"}),
    "settling": Run("charge_payment", CHARGE, {"paymentMethod": "pm_sim_error_always"}),
    "announcement": Run("announce", frozenset(["publishOrder", "Publish"])),
}


@pytest.fixture(scope="module")
def each_way(server: int) -> Mapping[str, Way]:
    """The ways to break a call."""
    return ways(server)


@pytest.mark.parametrize(
    "run",
    [pytest.param(run, id=name, marks=[pytest.mark.every_run] * (name == "charge")) for name, run in RUNS.items()],
)
def test_wherever_a_function_breaks_its_order_ends_as_promised(
    run: Run,
    new_order: NewOrder,
    stranger: Customer,
    account: AdministratorAccess,
    broken_orders: BrokenOrders,
    each_way: Mapping[str, Way],
    subtests: pytest.Subtests,
) -> None:
    whole = OneOrder(stranger, account).place(**run.placed_with)
    unbroken = broken_orders.judge({"unbroken": whole})
    calls = calls_for(broken_orders.proxy, run.function, whole)
    orders = {point: new_order() for point in crash_points(run.function, calls, each_way)}

    # Longer than a batch may take with the SDK's own retries.
    with account.redelivery_after(seconds=3), broken_orders.breaking(orders) as untouched:
        for order in orders.values():
            order.place(**run.placed_with)
        wrong = broken_orders.judge(orders)

    assert set(calls) == run.known
    assert_each_ended_like(whole, orders, unbroken | wrong, subtests)
    assert untouched == []
    assert broken_orders.leaves_nothing()


@pytest.mark.parametrize(
    ("hints", "known"),
    [(0, {"Query", "UpdateItem", "SendMessage"}), (ALL_HINTS, {"Query", "UpdateItem", "GetItem", "PutItem"})],
    ids=["hint", "giving up"],
)
def test_wherever_a_sweep_breaks_the_next_one_does_the_rest(
    hints: int,
    known: set[str],
    new_order: NewOrder,
    stranger: Customer,
    account: AdministratorAccess,
    broken_orders: BrokenOrders,
    each_way: Mapping[str, Way],
    subtests: pytest.Subtests,
) -> None:
    whole = OneOrder(stranger, account)
    lose_hints([whole], account)
    make_due(whole, hints=hints)
    broken_orders.proxy.calls.clear()
    broken_orders.sweeper.sweep()
    unbroken = broken_orders.judge({"unbroken": whole})
    calls = calls_for(broken_orders.proxy, "sweep", whole)
    # Both parametrizations begin with the same reads, so only one of them breaks these.
    points = [point for point in crash_points("sweep", calls, each_way) if not (hints and point.operation == "Query")]
    orders = {point: new_order() for point in points}
    lose_hints(orders.values(), account)
    for order in orders.values():
        order.change("SET due_at = :far", {":far": {"N": FAR}})

    # One after the other, because a sweep works on all due orders.
    untouched: list[str] = []
    for point, order in orders.items():
        make_due(order, hints=hints)
        with broken_orders.breaking({point: order}) as missed:
            broken_orders.sweeper.sweep()
        make_due(order)
        broken_orders.sweeper.sweep()
        untouched += missed

    wrong = broken_orders.judge(orders)

    assert set(calls) == known
    assert_each_ended_like(whole, orders, unbroken | wrong, subtests)
    assert untouched == []
    assert broken_orders.leaves_nothing()


def assert_each_ended_like(
    whole: OneOrder, orders: Mapping[CrashPoint, OneOrder], wrong: dict[str, list[str]], subtests: pytest.Subtests
) -> None:
    """Assert for each point that its order kept the promises and ended as the unbroken one did."""
    for point, order in orders.items():
        with subtests.test(str(point)):
            assert wrong.pop(str(point), []) == []
            assert order.status == whole.status
    assert wrong == {}
