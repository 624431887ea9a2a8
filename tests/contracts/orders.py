"""The contract of the Orders port."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, Protocol
from uuid import uuid4

import pytest
from orders.domain.order import TRANSITIONS, HintsUsedUp, OrderKey, OrderMoved, OrderStatus
from orders.ports import DueOrder, Orders, Postponed

from tests.support.order_rows import DUE_AT, KEY, order_row


class OrdersTable(Orders, Protocol):
    """Orders whose rows a test can read and write directly."""

    def put(self, row: dict[str, Any]) -> None: ...

    def row(self, key: OrderKey) -> Mapping[str, Any] | None: ...


class OrdersContract:
    """Inherited by the tests of each implementation."""

    @pytest.fixture
    def orders(self) -> OrdersTable:
        raise NotImplementedError

    @pytest.fixture
    def key(self) -> OrderKey:
        return replace(KEY, user_id=uuid4().hex)

    def test_due_names_the_open_orders_of_a_shard_longest_waiting_first(
        self, orders: OrdersTable, key: OrderKey
    ) -> None:
        late, later = replace(key, order_id=KEY.order_id + "A"), replace(key, order_id=KEY.order_id + "B")
        orders.put(order_row(late, due_at=DUE_AT - 1, open_shard=3))
        orders.put(order_row(later, due_at=DUE_AT - 2, open_shard=3))
        orders.put(order_row(replace(key, order_id="not due yet"), due_at=DUE_AT, open_shard=3))
        orders.put(order_row(replace(key, order_id="another shard"), due_at=DUE_AT - 1, open_shard=4))

        due = [due for due in orders.due(3, before_milliseconds=DUE_AT) if due.key.user_id == key.user_id]

        assert due == [DueOrder(later, DUE_AT - 2), DueOrder(late, DUE_AT - 1)]

    def test_an_order_without_index_attributes_is_never_due(self, orders: OrdersTable, key: OrderKey) -> None:
        orders.put(order_row(key, status="PAID", open_shard=None, due_at=None))

        due = [due.key for due in orders.due(1, before_milliseconds=DUE_AT + 1)]

        assert key not in due

    def test_postponing_moves_the_due_time_counts_the_hint_and_frees_the_lease(
        self, orders: OrdersTable, key: OrderKey
    ) -> None:
        orders.put(order_row(key, status="PAYING", lease_owner="a dead execution"))

        postponed = orders.postpone(DueOrder(key, DUE_AT), until_milliseconds=DUE_AT + 60_000, max_hints=5)

        assert postponed == Postponed(hints=1, payable_since="2026-01-01T00:00:00.000Z")
        assert orders.row(key) == order_row(key, status="PAYING", due_at=DUE_AT + 60_000, hints=1)

    def test_each_postponement_returns_how_many_there_were(self, orders: OrdersTable, key: OrderKey) -> None:
        orders.put(order_row(key, hints=3))

        postponed = orders.postpone(DueOrder(key, DUE_AT), until_milliseconds=DUE_AT + 60_000, max_hints=5)

        assert postponed.hints == 4

    @pytest.mark.parametrize("until", ["2026-01-01T00:00:30.000Z", None])
    def test_a_postponement_says_since_when_the_order_may_be_paid(
        self, orders: OrdersTable, key: OrderKey, until: str | None
    ) -> None:
        orders.put(order_row(key, changeable_until=until))

        postponed = orders.postpone(DueOrder(key, DUE_AT), until_milliseconds=DUE_AT + 60_000, max_hints=5)

        assert postponed.payable_since == (until or "")

    def test_of_many_sweeps_one_may_send_the_hint(self, orders: OrdersTable, key: OrderKey) -> None:
        orders.put(order_row(key))

        def take(_: int) -> bool:
            try:
                orders.postpone(DueOrder(key, DUE_AT), until_milliseconds=DUE_AT + 60_000, max_hints=5)
            except OrderMoved:
                return False
            return True

        with ThreadPoolExecutor(8) as pool:
            taken = list(pool.map(take, range(8)))

        assert sum(taken) == 1

    @pytest.mark.parametrize("status", ["PAID", "FAILED", "CANCELLED"])
    def test_a_finished_order_is_not_postponed(self, orders: OrdersTable, key: OrderKey, status: str) -> None:
        orders.put(order_row(key, status=status))

        with pytest.raises(OrderMoved) as moved:
            orders.postpone(DueOrder(key, DUE_AT), until_milliseconds=DUE_AT + 60_000, max_hints=5)

        assert moved.value.status == status

    def test_a_deleted_order_is_not_postponed_and_not_brought_back(self, orders: OrdersTable, key: OrderKey) -> None:
        with pytest.raises(OrderMoved) as moved:
            orders.postpone(DueOrder(key, DUE_AT), until_milliseconds=DUE_AT + 60_000, max_hints=5)

        assert moved.value.status is None
        assert orders.row(key) is None

    def test_an_order_has_only_so_many_hints(self, orders: OrdersTable, key: OrderKey) -> None:
        orders.put(order_row(key, hints=4))
        orders.postpone(DueOrder(key, DUE_AT), until_milliseconds=DUE_AT + 1, max_hints=5)

        with pytest.raises(HintsUsedUp) as used_up:
            orders.postpone(DueOrder(key, DUE_AT + 1), until_milliseconds=DUE_AT + 2, max_hints=5)

        assert used_up.value.order.key == key
        assert used_up.value.order.total.minor_units == 1700
        assert used_up.value.payment_method == "pm_card_visa"
        assert orders.row(key) == order_row(key, due_at=DUE_AT + 1, hints=5)

    @pytest.mark.parametrize("target", [OrderStatus.PAID, OrderStatus.FAILED])
    @pytest.mark.parametrize("source", OrderStatus)
    def test_finishing_agrees_with_the_transition_table(
        self, orders: OrdersTable, key: OrderKey, source: OrderStatus, target: OrderStatus
    ) -> None:
        orders.put(order_row(key, status=str(source)))
        status: OrderStatus | None = target

        try:
            orders.finish(key, status=target, failure_reason=None, at_milliseconds=DUE_AT)
        except OrderMoved as moved:
            status = moved.status

        row = orders.row(key)
        assert row is not None
        assert status == row["status"] == (target if target in TRANSITIONS[source] else source)

    def test_a_finished_order_leaves_the_index_and_is_a_version_further(
        self, orders: OrdersTable, key: OrderKey
    ) -> None:
        orders.put(order_row(key, status="PAYING", lease_owner="an execution", version=2))

        orders.finish(
            key,
            status=OrderStatus.FAILED,
            failure_reason="PAYMENT_UNAVAILABLE",
            at_milliseconds=1_767_225_600_007,
        )

        assert orders.row(key) == order_row(
            key,
            status="FAILED",
            failure_reason="PAYMENT_UNAVAILABLE",
            version=3,
            updated_at="2026-01-01T00:00:00.007Z",
            open_shard=None,
            due_at=None,
        )

    def test_a_deleted_order_is_not_finished_and_not_brought_back(self, orders: OrdersTable, key: OrderKey) -> None:
        with pytest.raises(OrderMoved) as moved:
            orders.finish(key, status=OrderStatus.FAILED, failure_reason=None, at_milliseconds=DUE_AT)

        assert moved.value.status is None
        assert orders.row(key) is None
