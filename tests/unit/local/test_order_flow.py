"""Orders are counted by their status, whatever rows are in the table."""

from types import SimpleNamespace
from typing import Any

import pytest

from local.engineer import order_flow
from local.engineer.order_flow import NO_STATUS, OrderFlow


def test_rows_that_are_no_orders_are_counted_too(monkeypatch: pytest.MonkeyPatch) -> None:
    rows: list[dict[str, Any]] = [{"status": {"S": "PAID"}}, {}, {"status": {"N": "1"}}, {"status": {"S": "PAID"}}]
    paginator = SimpleNamespace(paginate=lambda **_: [{"Items": rows[:1]}, {"Items": rows[1:]}])
    dynamodb = SimpleNamespace(get_paginator=lambda _: paginator)
    monkeypatch.setattr(order_flow, "client", lambda *_: dynamodb)

    counted = OrderFlow({"orders_table": "orders"})._orders_by_status()

    assert counted == {"PAID": 2, NO_STATUS: 2}
