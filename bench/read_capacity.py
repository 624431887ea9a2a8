"""The capacity that a list and a sweep consume, however many orders and customers there are."""

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.result_tables import table
from bench.stored_orders import Row, StoredOrders, like
from environments.order_rules import OPEN_ORDERS_SHARDS
from environments.user_error import UserError
from local.costs.measured_orders import DISH, RESTAURANT
from local.costs.reported_usage import UsageMeter
from local.deploy import client
from verify.customer import Customer

PAGE_SIZE = 100
ORDERS_OF_ONE = (100, 1_000, 10_000)
CUSTOMERS = (1, 10, 100, 1_000, 10_000)
LIST = "query List($first: Int) { orders(first: $first) { id } }"
_TRIES = 8
_QUIET_SECONDS = 0.3
_PAID_SECONDS = 60
_LATER_MILLISECONDS = 3_600_000
Read = dict[str, float]


class Capacity:
    """One customer of a run with many orders, beside others who have one each."""

    def __init__(self, directory: Path, outputs: Mapping[str, Any], customer: Customer) -> None:
        self._meter = UsageMeter(directory, outputs)
        self._stored = StoredOrders(outputs)
        self._functions = client("lambda", outputs)
        self._table, self._sweep_name = outputs["orders_table"], outputs["functions"]["sweep"]
        self._customer = customer
        self._paid = self._stored.row(self._customer.user_id, self._pay())
        self._orders, self._others = 1, 0

    def with_orders(self, orders: int) -> Read:
        """Give the customer so many orders in all; return the read units of each way to read."""
        self._stored.add(like(self._paid, user_id=self._customer.user_id) for _ in range(orders - self._orders))
        self._orders = orders
        return self._read()

    def with_customers(self, customers: int) -> Read:
        """Let so many customers have orders, every second one an open one that isn't due; return the read units."""
        self._stored.add(self._of_others(range(self._others, customers - 1)))
        self._others = customers - 1
        return self._read()

    def remove(self) -> None:
        """Take out of the table what was put into it."""
        self._stored.remove()

    def _pay(self) -> str:
        id_ = str(self._customer.post_order(name=DISH, quantity=2, restaurantId=RESTAURANT)["id"])
        deadline = time.monotonic() + _PAID_SECONDS
        while self._customer.order(id_)["status"] != "PAID":
            if time.monotonic() > deadline:
                raise UserError(f"an order wasn't paid within {_PAID_SECONDS} s")
            time.sleep(_QUIET_SECONDS)
        return id_

    def _of_others(self, numbers: Sequence[int]) -> Iterator[Row]:
        due_at = {"N": str(int(time.time() * 1000) + _LATER_MILLISECONDS)}
        for one in numbers:
            row = like(self._paid, user_id=f"customer-{one}")
            shard = {"N": str(one // 2 % OPEN_ORDERS_SHARDS)}
            yield {**row, "status": {"S": "PENDING"}, "open_shard": shard, "due_at": due_at} if one % 2 else row

    def _read(self) -> Read:
        oldest = self._page()[-1]["id"]
        return {
            f"a page of {PAGE_SIZE} orders": self._units(self._page),
            "one order": self._units(lambda: self._customer.order(oldest)),
            "a sweep": self._units(self._sweep),
        }

    def _page(self) -> list[dict[str, Any]]:
        page: list[dict[str, Any]] = self._customer.execute(LIST, first=PAGE_SIZE)["orders"]
        return page

    def _sweep(self) -> None:
        answer = self._functions.invoke(FunctionName=self._sweep_name, Payload=b"{}")
        if "FunctionError" in answer:
            raise UserError(f"sweep failed: {json.load(answer['Payload'])}")

    def _units(self, read: Callable[[], object]) -> float:
        """Return the read units of the orders table that a call took, believed when two calls took the same."""
        found: list[float] = []
        for _ in range(_TRIES):
            before = self._meter.read()
            read()
            time.sleep(_QUIET_SECONDS)
            used = self._meter.read().since(before)
            units = used.total("dynamodb", "read units", of=self._table)
            if units in found:
                return units
            if not used.total("scheduler", "invocations"):
                found.append(units)
        raise UserError(f"no two of {_TRIES} calls read the same: something else keeps the local run busy")


def report(capacity: Capacity) -> str:
    """Return the tables for all numbers of orders and customers."""
    by_orders = {f"{many:,} orders": capacity.with_orders(many) for many in ORDERS_OF_ONE}
    by_customers = {f"{many:,} customer{'s' if many > 1 else ''}": capacity.with_customers(many) for many in CUSTOMERS}
    return "\n\n".join([_table("read units, one customer", by_orders), _table("read units", by_customers)])


def _table(title: str, measured: Mapping[str, Read]) -> str:
    first, *_, last = measured.values()
    rows = [
        [name, *(f"{read[name]:g}" for read in measured.values()), f"{last[name] / first[name]:.2f}"] for name in first
    ]
    return table([title, *measured, "last / first"], rows)
